"""Forms of the rota and of calls that were missed."""

import re
from collections.abc import Sequence
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.access.types import StaffFacts
from guiyan.outreach.hotline import words

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):?[0-5][0-9]|24:?00")


def _clock(label: Any, initial: str, hint: Any) -> forms.CharField:
    plain = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=5, initial=initial, help_text=hint, widget=plain)


class StretchForm(forms.Form):
    """From when until when, and who."""

    starts = _clock(_("从几点"), "00:00", _("例如 08:30"))
    ends = _clock(_("到几点"), "24:00", _("比开始早的，就到第二天，例如 20:00 到 08:00。"))
    account_id = forms.ChoiceField(label=_("由谁接听"), required=False)
    shown_as = forms.CharField(
        label=_("来电人看到的名称"),
        max_length=40,
        help_text=_("会公布在热线页面上，例如“镇党建办”“值班员小何”。"),
    )

    def __init__(self, *args: Any, people: Sequence[StaffFacts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("值班组（不指定个人）")),
            *((str(one.account_id), f"{one.name}（{one.organisation_name}）") for one in people),
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in ("starts", "ends"):
            text = normalize("NFKC", str(found.get(name, ""))).strip()
            if text and not _CLOCK.fullmatch(text):
                self.add_error(name, _("请写几点几分，例如 08:30。"))
            digits = text.replace(":", "").zfill(4)
            found[name] = f"{digits[:-2]}:{digits[-2:]}"
        found["account_id"] = UUID(found["account_id"]) if found.get("account_id") else None
        return found


class ShiftForm(StretchForm):
    """A stretch of every week."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("每周哪几天"),
        coerce=int,
        choices=list(enumerate(words.WEEKDAYS)),
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("weekdays", "starts", "ends", "account_id", "shown_as")


class DayForm(StretchForm):
    """A stretch of one day; without a name nobody answers."""

    day = forms.DateField(
        label=_("哪一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ("day", "starts", "ends", "account_id", "shown_as")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shown_as"].required = False
        self.fields["shown_as"].help_text = _("不填就是这段时间没人接听。")

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("account_id") and not found.get("shown_as"):
            self.add_error("shown_as", _("选了人的，要写来电人看到的名称。"))
        return found


class LineForm(forms.Form):
    """Which line is looked for; a line's name and number are public."""

    q = forms.CharField(label=_("热线名称、组织或号码"), max_length=80, required=False)


class MissedForm(forms.Form):
    """The number on the telephone's list of missed calls."""

    number = forms.CharField(
        label=_("未接来电的号码"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class NoteForm(forms.Form):
    """One tap takes the duty over; a note for the next is there to be added, not asked."""

    note = forms.CharField(
        label=_("交班留言"),
        required=False,
        max_length=300,
        help_text=_("写下要接着办的事；不写来电人的姓名和号码。"),
    )


class ReleaseForm(forms.Form):
    reason = forms.CharField(label=_("问过以后的说明"), max_length=300)
