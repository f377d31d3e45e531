"""A call in five fields, a call passed on, the telephone question."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.outreach.hotline import words
from guiyan.outreach.hotline.types import NewCall

_PLAIN = {"autocomplete": "off"}


class CallForm(forms.Form):
    """Number, what for, name, place, a sentence: Tab goes on, 1 to 7 with the access key chooses,
    Enter writes it down."""

    number = forms.CharField(
        label=_("来电号码"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs=_PLAIN | {"inputmode": "tel", "accesskey": "n"}),
    )
    kind = forms.ChoiceField(
        label=_("为什么来电"),
        choices=[(code, name) for code, name in words.KINDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择对方为什么来电。")},
    )
    name = forms.CharField(
        label=_("怎么称呼"), required=False, max_length=60, widget=forms.TextInput(attrs=_PLAIN)
    )
    place = forms.CharField(
        label=_("现在在哪里"), required=False, max_length=120, widget=forms.TextInput(attrs=_PLAIN)
    )
    said = forms.CharField(
        label=_("一句话"), required=False, max_length=300, widget=forms.TextInput(attrs=_PLAIN)
    )

    def call(self, after_id: UUID | None) -> NewCall:
        typed = {name: str(self.cleaned_data[name]).strip() for name in self.cleaned_data}
        return NewCall(
            kind=typed["kind"],
            number=typed.get("number", ""),
            name=typed["name"],
            place=typed["place"],
            said=typed["said"],
            after_id=after_id,
        )


class PassedForm(forms.Form):
    """The button says what came of the call back; the words stand ready to be corrected."""

    result = forms.ChoiceField(
        choices=[("reached", "reached"), ("no", "no"), ("not_them", "not_them")],
        error_messages={"required": _("请按一个按钮：是本人打的、没人接，或者不是本人打的。")},
    )
    text = forms.CharField(
        label=_("难处是什么（照本人的话）"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    asks_help = forms.BooleanField(
        label=_("本人希望帮忙：请支部书记看一看"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        wants = typed.get("result") == "reached" and typed.get("asks_help")
        if wants and not str(typed.get("text", "")).strip():
            self.add_error("text", _("要请人帮忙的，写一句是什么难处。"))
        return typed


class PackForm(forms.Form):
    """Whom, and yes, no, or not reached."""

    case = forms.UUIDField()
    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no"), ("missed", "missed")])
