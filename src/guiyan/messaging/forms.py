"""Forms of what is said: what and to whom, an organisation's own texts, a member's choice."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.messaging import rules
from guiyan.messaging.purposes import LONGEST_SLOT, Purpose
from guiyan.messaging.rules import Texts
from guiyan.messaging.words import FACT

MOST_TICKED = 200


class OneForm(forms.Form):
    """The facts of one purpose for one member; what is known stands there already."""

    def __init__(self, *given: Any, purpose: Purpose, **more: Any) -> None:
        super().__init__(*given, **more)
        self.purpose = purpose
        for name in purpose.facts:
            self.fields[f"fact_{name}"] = forms.CharField(
                label=str(FACT[name]),
                max_length=40,
                error_messages={"required": _("请填写，收信人要看到。")},
            )

    @property
    def facts(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"fact_{name}"] for name in self.purpose.facts}


class SayForm(OneForm):
    """The facts of one purpose, which time it is, and who is left out."""

    def __init__(
        self, *given: Any, purpose: Purpose, people: Sequence[tuple[UUID, str]], **more: Any
    ) -> None:
        super().__init__(*given, purpose=purpose, **more)
        if purpose.slot == "free":
            self.fields["slot"] = forms.RegexField(
                label=_("是哪一次"),
                regex=r"^[^:]+$",
                help_text=_("例如活动的日期。同一次，一个人只发一回。"),
                max_length=LONGEST_SLOT,
                error_messages={
                    "required": _("请写明是哪一次，例如活动的日期。"),
                    "invalid": _("这里不能有冒号。"),
                },
            )
        if 0 < len(people) <= MOST_TICKED:
            self.fields["people"] = forms.MultipleChoiceField(
                label=_("发给谁"),
                choices=[(str(member_id), name) for member_id, name in people],
                initial=[str(member_id) for member_id, _name in people],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("请至少选一个人。")},
            )


class GroupTextForm(forms.Form):
    """A text that somebody copies into a group; checked before it is kept."""

    text = forms.CharField(
        label=_("发到群里的文字"),
        help_text=_("不写姓名、电话和证件号码，也不写让旁人看出身份的话。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("请写要发的内容。")},
    )
    names_nobody = forms.BooleanField(label=_("我看过了，这几个字不是姓名"), required=False)


class TextsForm(forms.Form):
    """An organisation's own texts; what somebody else may read is checked by the rule."""

    title = forms.CharField(label=_("标题"), max_length=40)
    short = forms.CharField(
        label=_("短信"),
        help_text=_("谁拿着手机都能看的话，不写姓名和身份。"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    neutral = forms.CharField(
        label=_("发到别人号码上的短信"),
        help_text=_("号码是亲属、邻居的，或几个人合用时用。不写，就不发到这样的号码。"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    long = forms.CharField(
        label=_("本人页面上的话"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    call = forms.CharField(
        label=_("写给打电话的人"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    sms_template = forms.CharField(
        label=_("短信服务商的模板编号"),
        help_text=_("先在服务商后台登记同样的文字，再填编号。不填，就不发短信。"),
        max_length=60,
        required=False,
    )
    neutral_sms_template = forms.CharField(
        label=_("发到别人号码上的模板编号"), max_length=60, required=False
    )
    wechat_template = forms.CharField(label=_("微信模板编号"), max_length=60, required=False)
    reason = forms.CharField(
        label=_("为什么改"),
        max_length=200,
        error_messages={"required": _("请写明事由，会记入操作记录。")},
    )

    @property
    def texts(self) -> Texts:
        given = self.cleaned_data
        return Texts(
            **{name: given[name] for name in ("title", "short", "neutral", "long", "call")}
        )

    @property
    def templates(self) -> dict[str, str]:
        names = ("sms_template", "neutral_sms_template", "wechat_template")
        return {name: self.cleaned_data[name].strip() for name in names}


class WaysForm(forms.Form):
    """By which way a member wants to hear of what."""

    def __init__(self, *given: Any, purposes: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        for code, name in purposes:
            self.fields[code] = forms.ChoiceField(
                label=name,
                choices=[(choice, _(label)) for choice, label in rules.CHOICES.items()],
                required=False,
            )
