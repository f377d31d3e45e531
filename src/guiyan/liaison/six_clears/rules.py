"""The six facts that a contact person keeps clear (六盘水“一教六清”, G7), each as of a day.

"State of mind" is what the member asked to be passed on, in the member's words: nobody writes
down what they think that somebody thinks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guiyan.kernel.calendar import add_months
from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform.errors import Refusal


@dataclass(frozen=True, slots=True)
class Clear:
    """One of the six: its name, and what is asked."""

    code: str
    name: str
    asks: str


CLEARS: Mapping[str, Clear] = {
    clear.code: clear
    for clear in (
        Clear("residence", _("居住情况"), _("住在哪一片、和谁住、住得怎样；不写门牌号。")),
        Clear("work", _("工作（学习）现状"), _("在做什么、稳不稳定。")),
        Clear("mind", _("托我转达的话"), _("只写本人要求转达的话，照原话写；没有就不写。")),
        Clear("registration", _("报到情况"), _("到流入地党组织报到没有，还缺什么手续。")),
        Clear("organisation_life", _("组织生活情况"), _("最近参加了什么，有什么不方便。")),
        Clear("difficulty", _("困难诉求"), _("有什么难处，想要什么帮助。")),
    )
}
SAYERS = {
    "member": _("本人"),
    "family": _("家属"),
    "organisation": _("党组织"),
    "seen": _("上门看到"),
}
LONGEST = 300
# What somebody asked to be passed on is for the next months; the rest is for the stay.
KEEP_DAYS = {code: 365 if code == "mind" else 3 * 365 for code in CLEARS}


def may_note(code: str, text: str, said_by: str, as_of: date, *, today: date) -> Refusal | None:
    """Each of the six has a day and somebody who said so; the member alone says what is on the
    member's mind."""
    if code not in CLEARS:
        return Refusal("unknown-clear", _("请选择六清中的一项。"))
    if not text.strip():
        return Refusal("empty", _("请写一句话；没有变化的，可以不填。"))
    if len(text) > LONGEST:
        return Refusal("long", _("最多300个字，只写要紧的。"))
    if said_by not in SAYERS:
        return Refusal("unknown-sayer", _("请选择是谁说的。"))
    if code == "mind" and said_by != "member":
        return Refusal("not-the-member", _("“托我转达的话”只记本人要求转达的原话，别人说的不记。"))
    if as_of > today:
        return Refusal("future", _("日期不能晚于今天。"))
    return None


def is_stale(as_of: date, *, on: date, months: int) -> bool:
    """Old after so many calendar months (parameter `clear_stale_months`); it is asked again then."""
    return add_months(as_of, months) < on
