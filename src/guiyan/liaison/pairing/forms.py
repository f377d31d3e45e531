"""Forms of pairing: what a contact person brings, a hand-over, corrections of a proposal."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.kernel.languages import LANGUAGE_NAMES, SCRIPT_NAMES
from guiyan.liaison.pairing.types import Carer, LeaveFacts, PairLine

NOBODY = "nobody"


class AvailabilityForm(forms.Form):
    """Languages, trade and how many, for one contact person at one organisation."""

    takes_members = forms.BooleanField(label=gettext_lazy("可以联系党员"), required=False)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("会说的语言"),
        choices=[(code, gettext_lazy(name)) for code, name in LANGUAGE_NAMES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("都不选，就按所在组织常用的语言算。"),
    )
    reads = forms.MultipleChoiceField(
        label=gettext_lazy("会读会写的文字"),
        choices=[(code, gettext_lazy(name)) for code, name in SCRIPT_NAMES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("都不选，就按汉文算。"),
    )
    trade = forms.CharField(
        label=gettext_lazy("熟悉的行业"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("写法与党员的“从事行业”一致，例如：餐饮。"),
    )
    limit = forms.IntegerField(
        label=gettext_lazy("最多联系几人"),
        min_value=0,
        max_value=10_000,
        required=False,
        help_text=gettext_lazy("不填，就按本单位统一的上限。"),
    )


class HandOverForm(forms.Form):
    """What whoever leaves has to say to those who come after."""

    hand_over_note = forms.CharField(
        label=gettext_lazy("交接说明"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("接手的人会看到。不写身份证号、电话和住址。"),
    )


class LeaveForm(forms.Form):
    """From when until when somebody is away, and who stands in."""

    starts_on = forms.DateField(
        label=gettext_lazy("从哪天起"), widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=gettext_lazy("到哪天为止"), widget=forms.DateInput(attrs={"type": "date"})
    )
    stand_in_account_id = forms.ChoiceField(
        label=gettext_lazy("这几天由谁代为联系"),
        error_messages={"required": gettext_lazy("请选择代为联系的人。")},
    )
    note = forms.CharField(
        label=gettext_lazy("要交代的事"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("代为联系的人会看到。不写身份证号、电话和住址。"),
    )

    def __init__(
        self, *args: Any, carers: list[Carer], for_others: list[LeaveFacts], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = stand_in_choices(carers)
        self.fields["stand_in_account_id"].choices = choices  # type: ignore[attr-defined]
        if for_others:
            names = "、".join(one.name for one in for_others)
            self.fields["instead_account_id"] = forms.ChoiceField(
                label=_("他还代%(names)s联系，请另选一位接着代") % {"names": names},
                choices=choices,
                required=False,
                help_text=_("这几天不重合的，可以不选。"),
            )


class StandInForm(forms.Form):
    """Who stands in for the rest of a leave."""

    other_account_id = forms.ChoiceField(
        label=gettext_lazy("改由谁代为联系"),
        error_messages={"required": gettext_lazy("请选择代为联系的人。")},
    )

    def __init__(self, *args: Any, carers: list[Carer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other_account_id"].choices = stand_in_choices(carers)  # type: ignore[attr-defined]


def stand_in_choices(carers: list[Carer]) -> list[tuple[str, str]]:
    """Each with the branch, and with the days of a leave where there is one."""
    return [("", "—"), *((str(one.account_id), _as_choice(one)) for one in carers)]


def _as_choice(one: Carer) -> str:
    if one.leave is None:
        return f"{one.name}（{one.organisation_name}）"
    return _("%(name)s（%(organisation)s，%(first)s 至 %(last)s 休假）") % {
        "name": one.name,
        "organisation": one.organisation_name,
        "first": one.leave.starts_on.isoformat(),
        "last": one.leave.ends_on.isoformat(),
    }


class Corrections:
    """The lines of one page as they came back: one choice a line, another name where it is written."""

    def __init__(self, typed: Any, lines: list[PairLine], carers: list[Carer]) -> None:
        by_name: dict[str, list[Carer]] = {}
        for one in carers:
            by_name.setdefault(one.name, []).append(one)
            by_name.setdefault(f"{one.name}（{one.organisation_name}）", []).append(one)
        self.chosen: dict[UUID, UUID | None] = {}
        self.pinned: set[UUID] = set()
        self.errors: dict[UUID, str] = {}
        self.others: dict[UUID, str] = {}
        for line in lines:
            self._read(typed, line, by_name, {str(one.account_id) for one in carers})

    def _read(
        self, typed: Any, line: PairLine, by_name: dict[str, list[Carer]], known: set[str]
    ) -> None:
        choice = typed.get(f"person-{line.id}", "")
        other = typed.get(f"other-{line.id}", "").strip()
        self.others[line.id] = other
        if typed.get(f"pin-{line.id}"):
            self.pinned.add(line.id)
        if choice == NOBODY:
            self.chosen[line.id] = None
        elif choice in known:
            self.chosen[line.id] = UUID(choice)
        else:
            self.chosen[line.id] = line.account_id
        if other:
            found = {one.account_id for one in by_name.get(other, [])}
            if len(found) == 1:
                self.chosen[line.id] = found.pop()
            else:
                self.errors[line.id] = _("没有找到这位联系人，或有几位同名。请从列表里选。")

    @property
    def is_valid(self) -> bool:
        return not self.errors
