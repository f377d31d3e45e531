"""Who may keep in touch with whom, and what counts as a contact.

Source: Regulation of 2019, article 33: in rural branches a named person keeps in touch; the
interval is a local parameter (Meigu: each month, and a visit each quarter).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from guiyan.kernel.calendar import CHINA
from guiyan.kernel.findings import Phrase
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.languages import LANGUAGE_NAMES
from guiyan.platform.errors import Refusal

WAYS = {
    "call": _("打电话"),
    "visit": _("上门"),
    "wechat": _("微信"),
    "sms": _("短信"),
    "letter": _("书信"),
    "told_by_other": _("他人转告"),
}


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """A possible contact person: where they work, what they speak, how many they have already."""

    name: str
    is_of_the_branch: bool
    languages: Sequence[str]
    load: int


def candidate_order(person_languages: Sequence[str], candidate: CandidateFacts) -> tuple[int, ...]:
    """Those of the member's own branch first, then a common language besides Han, then the fewest
    members to care for. The list is a proposal; a person chooses."""
    common = set(person_languages) & set(candidate.languages) - {"han"}
    return (0 if candidate.is_of_the_branch else 1, 0 if common else 1, candidate.load)


def candidate_reason(person_languages: Sequence[str], candidate: CandidateFacts) -> list[Phrase]:
    """Why this person, as the phrases of one sentence."""
    parts = [Phrase("同一支部") if candidate.is_of_the_branch else Phrase("上级组织")]
    common = sorted(set(person_languages) & set(candidate.languages) - {"han"})
    if common:
        names = tuple(LANGUAGE_NAMES.get(code, code) for code in common)
        parts.append(Phrase("会%(languages)s", {"languages": names}))
    parts.append(Phrase("现联系 %(load)s 人", {"load": candidate.load}))
    return parts


def may_assign(*, is_open: bool, is_placed: bool) -> Refusal | None:
    """A contact person belongs to a member who has a branch (党支部+联系人+流动党员)."""
    if not is_open:
        return Refusal("ended", "这条流动记录已经结束，不能再指定联系人。")
    if not is_placed:
        return Refusal("not-placed", "请先把这名党员编入支部，再指定联系人。")
    return None


def may_record(how: str, *, is_open: bool) -> Refusal | None:
    if how not in WAYS:
        return Refusal("unknown-way", "请选择联系方式：打电话、上门、微信等。")
    if not is_open:
        return Refusal("ended", "这条流动记录已经结束。请在新的流动记录里登记联系。")
    return None


WHY_NOT = {
    "no_answer": _("没人接、没有回"),
    "wrong_number": _("号码不对或停机"),
    "no_phone": _("没有电话"),
    "away": _("人不在家"),
    "refused": _("本人不愿联系"),
}
UNDO_WITHIN = timedelta(minutes=10)
# What is said when somebody else may pick up: who calls and that it can wait, never what about.
NEUTRAL_SCRIPT = _("“您好，请问%(name)s在吗？我是%(caller)s，想请他方便时回个电话，不急。谢谢。”")


def noon_of(day: date) -> datetime:
    """A moment for a day of which nobody said the hour."""
    return datetime.combine(day, time(12), CHINA)


def may_say(*, was_reached: bool, why_not: str, at: datetime, now: datetime) -> Refusal | None:
    """Why nobody was reached is said of a try that failed; and a contact lies in the past."""
    if why_not and (was_reached or why_not not in WHY_NOT):
        return Refusal("why-not", "联系上了的，不用填没联系上的原因。")
    if at > now + timedelta(minutes=5):
        return Refusal("future", "联系的时间不能晚于现在。")
    return None


def may_agree(next_on: date | None, *, today: date) -> Refusal | None:
    """The next contact is agreed for tomorrow or later, within a year."""
    if next_on is not None and not today < next_on <= today + timedelta(days=366):
        return Refusal("next-day", "下次联系的日期，请填明天以后、一年以内。")
    return None


def may_undo(*, noted_at: datetime | None, is_withdrawn: bool, now: datetime) -> Refusal | None:
    """A slip of the finger is taken back within ten minutes; afterwards it is history."""
    if is_withdrawn:
        return Refusal("withdrawn", "这次联系已经撤销了。")
    if noted_at is None or now - noted_at > UNDO_WITHIN:
        return Refusal("too-late", "已经过了10分钟，不能撤销。请再记一次联系，并在备注里说明。")
    return None


def may_take_back(*, at: datetime, said_at: datetime) -> Refusal | None:
    """The same without a line: within ten minutes by the phone's own clock, whenever it arrives."""
    if not at <= said_at <= at + UNDO_WITHIN:
        return Refusal("too-late", "已经过了10分钟，不能撤销。请再记一次联系，并在备注里说明。")
    return None


def speaks_to_others(whose: str) -> bool:
    """A number that somebody else may answer: nothing said there may betray membership (R11)."""
    return whose in ("shared", "relative")
