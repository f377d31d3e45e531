"""Forms of the screening: a whole list on a page, one line of a printed list, the branch itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.outreach.census.keyed import KeyedLine
from guiyan.outreach.screening import rules, words
from guiyan.outreach.screening.commands import day_or_none
from guiyan.outreach.screening.types import Answers, BranchList, PersonOnList
from guiyan.platform.errors import Refused

ALL_HERE = "all_here"


@dataclass(slots=True)
class Line:
    """One person on the page: what is ticked now, and what is wrong with it."""

    person: PersonOnList
    answer: str
    where: str = ""
    left_on: str = ""
    error: str = ""


class ListPage:
    """The list as a person filled it in: read from the page, and put back onto it whole."""

    def __init__(self, found: BranchList, given: Mapping[str, str] | None) -> None:
        self.lines = [_line(one, given) for one in found.people]
        self._all_here = bool(given and given.get(ALL_HERE))

    def answers(self) -> Answers:
        """Everybody of whom something is said; with all-here also who is still without a word."""
        said: Answers = {}
        for line in self.lines:
            if not line.answer and self._all_here:
                line.answer = rules.HERE
            if line.answer:
                try:
                    left_on = day_or_none(line.left_on)
                except Refused as refusal:
                    line.error = refusal.message
                    continue
                said[line.person.member_id] = rules.Said(line.answer, line.where, left_on)
        return said

    def tell(self, refused: Mapping[UUID, tuple[str, str]]) -> None:
        for line in self.lines:
            if line.person.member_id in refused:
                line.error = refused[line.person.member_id][1]

    @property
    def has_errors(self) -> bool:
        return any(line.error for line in self.lines)


def _line(person: PersonOnList, given: Mapping[str, str] | None) -> Line:
    if given is None:
        return Line(person, person.suggested)
    key = str(person.member_id)
    return Line(
        person,
        given.get(f"a-{key}", "") if given.get(f"a-{key}", "") in rules.ANSWERS else "",
        given.get(f"w-{key}", "")[:120],
        given.get(f"d-{key}", "")[:10],
    )


class BranchForm(forms.Form):
    """What is said of the branch itself."""

    state = forms.ChoiceField(
        label=_("支部的情况"),
        choices=[(code, words.STATE[code]) for code in rules.SAID_OF_BRANCH],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("说明"), required=False, max_length=200)


class LineForm(KeyedLine):
    """One line of a printed list, with what an absence asks for besides."""

    RESULTS = rules.KEYS

    key = forms.CharField(label=_("情况"), required=False, max_length=1)
    where = forms.CharField(
        label=_("现在在哪里"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autofocus": True}),  # shown only where it is asked
    )
    left_on = forms.DateField(
        label=_("什么时候离开"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
