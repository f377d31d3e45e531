"""Forms of the cadence: a policy, a relief, a word of help."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.liaison.cadence.kinds import KINDS
from guiyan.liaison.cadence.rules import CYCLES, RELIEF_REASONS


class PolicyForm(forms.Form):
    """One kind, how often, from which day on, by which source."""

    kind = forms.ChoiceField(label=_("哪一项"))
    cycle = forms.ChoiceField(label=_("多久一次"))
    is_on = forms.BooleanField(label=_("要求做这一项"), required=False, initial=True)
    keep_days = forms.IntegerField(
        label=_("过了期限再提醒多少天"), min_value=0, max_value=366, initial=31
    )
    valid_from = forms.DateField(
        label=_("从哪天起"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("已经开始的周期按原来的要求办，下一个周期起按新的。"),
    )
    source = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称和条款。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, _(kind.name)) for kind in KINDS.values()]  # type: ignore[attr-defined]
        self.fields["cycle"].choices = [(code, _(name)) for code, name in CYCLES.items()]  # type: ignore[attr-defined]


class ReliefForm(forms.Form):
    """For good by a reason of the Regulation, or in a pause with a reason and an end."""

    why = forms.ChoiceField(
        label=_("原因"),
        choices=[
            *((code, _(name)) for code, name in RELIEF_REASONS.items()),
            ("pause", _("其他原因，暂停一段时间")),
        ],
        widget=forms.RadioSelect,
    )
    ends_on = forms.DateField(
        label=_("暂停到哪天"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    reason = forms.CharField(label=_("暂停的原因"), required=False, max_length=100)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("why") == "pause":
            if not typed.get("ends_on"):
                self.add_error("ends_on", _("暂停要有结束日期。"))
            if not typed.get("reason"):
                self.add_error("reason", _("请写明暂停的原因。"))
        return typed


class HelpForm(forms.Form):
    """How the secretary helps, with a word for the contact person."""

    note = forms.CharField(
        label=_("给联系人的话"),
        required=False,
        max_length=300,
        help_text=_("不写身份证号、电话和住址。"),
    )


class HelpAnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("怎样帮了，或者谁在办"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写一句：怎样帮了，或者谁在办。")},
    )
