"""What a branch says of each person on its list, and what that makes of the branch.

Sources: the 2024 Opinions on mobile members (six months away make a mobile member; a branch checks
its members against its list); a city's report of 8,544 branches that confirmed their lists person
by person. Who is not found is looked for; only a person says that contact is lost (R-10).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from guiyan.kernel.findings import gettext_noop as _
from guiyan.outreach.census.rules import DOES_NOT_EXIST, NOT_VISITED, PARTLY
from guiyan.platform.errors import Refusal

HERE: Final = "here"
AWAY_SHORT: Final = "away_short"
AWAY_LONG: Final = "away_long"
NOT_KNOWN: Final = "not_known"
# In the order of the keys on the typing page and of the choices on the page.
ANSWERS: Final = {
    HERE: _("在本地"),
    AWAY_SHORT: _("外出不满六个月"),
    AWAY_LONG: _("外出六个月以上"),
    NOT_KNOWN: _("不知道在哪里"),
}
KEYS: Final = {str(number): answer for number, answer in enumerate(ANSWERS, start=1)}

SCREENED: Final = "screened"
NO_MEMBERS: Final = "no_members"
MERGED: Final = "merged"
# One state for each branch, with a reason; DOES_NOT_EXIST is the same word as of a premises.
STATES: Final = {
    NOT_VISITED: _("未核对"),
    PARTLY: _("核对了一部分"),
    SCREENED: _("已核对"),
    NO_MEMBERS: _("没有党员"),
    DOES_NOT_EXIST: _("支部已撤销或不存在"),
    MERGED: _("已并入其他支部"),
}
SAID_OF_BRANCH: Final = (NO_MEMBERS, DOES_NOT_EXIST, MERGED)
FIND_DUE: Final = "find"  # the kind of due under which somebody looks for a member
FIND_WITHIN: Final = timedelta(days=14)
MOST_LINES: Final = 999  # a line is three digits of a person's code
_LINES: Final = MOST_LINES + 1


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one person."""

    answer: str
    where: str = ""
    left_on: date | None = None


def may_say(said: Said, *, has_case: bool, today: date) -> Refusal | None:
    """Whereabouts are asked of who is away for longer, unless a case has them already."""
    if said.answer not in ANSWERS:
        return Refusal("answer", _("请选择这位党员的情况。"))
    if said.answer == AWAY_LONG and not has_case and not said.where.strip():
        return Refusal("where", _("请写现在在哪里；不清楚的，选“不知道在哪里”。"))
    if said.left_on is not None and said.left_on > today:
        return Refusal("left-on", _("外出日期在今天之后，请核对日期。"))
    return None


def state_of(people: int, answered: int) -> str:
    """A branch by how much of its list is said; a list without anybody is a person's word."""
    if answered == 0 or people == 0:
        return NOT_VISITED
    return SCREENED if answered >= people else PARTLY


def may_say_of_branch(state: str, reason: str, people: int) -> Refusal | None:
    if state not in SAID_OF_BRANCH:
        return Refusal("state", _("请选择支部的情况。"))
    if people and state == NO_MEMBERS:
        return Refusal("members", _("名册上还有党员，请逐人核对，或者先把他们转到所在支部。"))
    if state != NO_MEMBERS and not reason.strip():
        return Refusal("reason", _("请写一句原因，例如并入了哪个支部、哪天撤销。"))
    return None


def person_number(branch_number: int, line: int) -> int:
    """The number behind a person's code on the printed list: the branch's number and the line."""
    return branch_number * _LINES + line


def branch_and_line(number: int) -> tuple[int, int]:
    return number // _LINES, number % _LINES
