"""What is owed in keeping in touch, and which contact does it; each with its source.

Only a confirmed two-way contact does anything: somebody spoke with the member, or the member wrote
back. What another person tells is worth knowing and does nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from guiyan.kernel.findings import gettext_noop as _

Cycle = Literal["month", "quarter", "half_year", "year", "arrival", "spring"]
Side = Literal["home", "host"]


@dataclass(frozen=True, slots=True)
class Kind:
    """Something owed again and again: its name, whose it is, and whom it concerns."""

    code: str
    name: str
    side: Side = "host"
    # Members who stay abroad are under R-07; the others under the local rules.
    stays: Literal["here", "abroad", "both"] = "here"


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("contact", _("每月联系")),
        Kind("visit", _("每季上门")),
        Kind("abroad", _("出国（境）联系"), stays="abroad"),
        Kind("reminder", _("提醒组织生活")),
        Kind("first_week", _("到来第一周联系")),
        Kind("spring", _("春节返乡见面"), side="home"),
        Kind("talk", _("谈心谈话"), stays="both"),
    )
}
# Owed once, because people agreed on it; no policy stands behind them.
AGREED = {"next": _("约好的联系"), "together": _("一起上门")}
NAMES = {**{code: kind.name for code, kind in KINDS.items()}, **AGREED}


def side_of(kind: str, *, is_abroad: bool) -> Side:
    """Who owes it: the home side at Spring Festival and to those abroad, whom no organisation of the
    place keeps in touch with (R-07); otherwise the host."""
    return "home" if is_abroad else KINDS[kind].side


_TOLD = frozenset({"contact", "abroad", "first_week", "reminder", "next"})
_MET = _TOLD | {"visit", "spring", "together"}

# 美姑 (A6): monthly by telephone, SMS or WeChat, a visit each quarter. A visit is a contact too.
# Regulation of 2019, art. 34: "contact", by any way that the member answers.
# Regulation art. 33: the return at Spring Festival is for meeting, so a call does not do it.
# A letter that was answered is a two-way contact, but nobody was reminded in time by it.
DOES: Mapping[str, frozenset[str]] = {
    "call": _TOLD,
    "wechat": _TOLD,
    "sms": _TOLD,
    "visit": _MET,
    "letter": frozenset({"contact", "abroad", "next"}),
    "told_by_other": frozenset(),
}
# 支部工作条例（试行）: 谈心谈话 at least once a year; it may be held at a visit or on the line.
TALKED_IN = frozenset({"call", "wechat", "visit"})


def done_by(how: str, *, was_reached: bool, was_talk: bool) -> frozenset[str]:
    """The kinds that a contact does; nothing when nobody was reached."""
    if not was_reached:
        return frozenset()
    done = DOES.get(how, frozenset())
    return done | {"talk"} if was_talk and how in TALKED_IN else done
