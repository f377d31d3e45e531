"""What a pair of member and contact person costs, and why, in words.

Source: Regulation of 2019, article 33 (in rural branches a named person keeps in touch); the order
of reasons is that of the Meigu report: a common language, near by, not too many for one person,
the same trade, and no change without need. Costs are metres of way that a reason is worth. They
order proposals for people to decide; they say nothing about anybody.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from guiyan.kernel.assignment import Terms
from guiyan.kernel.findings import Phrase, Refusal
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.languages import LANGUAGE_NAMES, SCRIPT_NAMES

DEFAULT_LIMIT = 10
ROOM_TO_SPARE = 1.3  # where no limit is said: an even share and three tenths more
# With a common language that is not the member's first one the talk is harder; for who reads
# little there is nothing but the talk.
SECOND_LANGUAGE_M = 1_000
SECOND_LANGUAGE_READS_LITTLE_M = 5_000
NO_COMMON_SCRIPT_M = 2_000  # nothing can be left in writing
ANOTHER_TRADE_M = 500
UNKNOWN_WAY_M = 20_000
NO_COMMON_LANGUAGE_M = 100_000
WITHIN_REACH_M = 150_000
CHANGE_M = 1_000_000  # so few as possible change: no way within a country's reach outweighs it
A_QUARTER_FULLER_M = 2  # at the same distance the one who has fewer
CANDIDATES = 12
OWN_BRANCH_M = 0
BODY_ABOVE_M = 5_000  # its people come by; used where the map doesn't say how far


class Person(NamedTuple):  # as many as a province has: a tuple is made in a fifth of the time
    """A member as pairing weighs them. `languages` as spoken, the best first; unknown is empty."""

    key: str
    longitude: float | None = None
    latitude: float | None = None
    languages: tuple[str, ...] = ()
    trade: str = ""
    reads: tuple[str, ...] = ()
    reads_little: bool = False


class Liaison(NamedTuple):
    """A contact person as pairing weighs them. Nobody is over `limit`."""

    key: str
    longitude: float | None = None
    latitude: float | None = None
    languages: tuple[str, ...] = ()
    trade: str = ""
    limit: int | None = None
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """One pair and what it was weighed by; `is_near` names a place where no distance is known."""

    km: float | None
    common: tuple[str, ...]
    same_trade: str = ""
    is_present: bool = False
    is_of_the_branch: bool = False
    load: int | None = None
    limit: int | None = None
    reads_little: bool = False
    common_scripts: tuple[str, ...] | None = None  # None: nobody said what the member reads


def terms() -> Terms:
    """What weighs how much, for the solver."""
    return Terms(
        k=CANDIDATES,
        unknown=UNKNOWN_WAY_M,
        reach=WITHIN_REACH_M,
        broken=NO_COMMON_LANGUAGE_M,
        trade=ANOTHER_TRADE_M,
        moving=CHANGE_M,
        crowding=A_QUARTER_FULLER_M,
    )


def spoken_by_staff(languages: Sequence[str]) -> tuple[str, ...]:
    """Of whom nothing is said, Han is: all of staff manage some."""
    return tuple(languages) or ("han",)


@lru_cache(maxsize=10_000)
def common_languages(person: tuple[str, ...], liaison: tuple[str, ...]) -> tuple[str, ...]:
    """What both speak, in the member's order."""
    spoken = spoken_by_staff(liaison)
    return tuple(code for code in person if code in spoken)


def common_scripts(person: Person, liaison: Liaison) -> tuple[str, ...] | None:
    """What both read, in the member's order; None while nobody said what the member reads. Who
    reads little is not written to."""
    if person.reads_little:
        return ()
    return common_languages(person.reads, liaison.reads) if person.reads else None


def language_cost(person: Person, liaison: Liaison) -> int | None:
    """Metres that the languages are worth, as spoken and as read; None where the two speak none in
    common, which is allowed only while nobody with a common language and room is within reach."""
    if not person.languages:
        spoken = 0
    else:
        common = common_languages(person.languages, liaison.languages)
        if not common:
            return None
        second = SECOND_LANGUAGE_READS_LITTLE_M if person.reads_little else SECOND_LANGUAGE_M
        spoken = 0 if person.languages[0] in common else second
    if not person.reads or person.reads_little or common_scripts(person, liaison):
        return spoken
    return spoken + NO_COMMON_SCRIPT_M


def even_limit(people: int, liaisons: int) -> int:
    """The limit of all where none was said for anybody."""
    return max(1, math.ceil(ROOM_TO_SPARE * people / max(1, liaisons)))


def reasons(pair: Weighed, *, asks_language: bool) -> list[Phrase]:
    """Why these two, as the phrases of one sentence: language, way, trade, present, how many."""
    way = Phrase(_("同一支部")) if pair.is_of_the_branch else way_reason(pair.km)
    return [*tongue_reasons(pair, asks_language=asks_language), way, *other_reasons(pair)]


def tongue_reasons(pair: Weighed, *, asks_language: bool) -> list[Phrase]:
    """What both speak and read: the first part of the sentence."""
    parts = [_language_reason(pair.common)] if asks_language else []
    if pair.common_scripts is not None:
        parts.append(_script_reason(pair.common_scripts, reads_little=pair.reads_little))
    return parts


def way_reason(km: float | None) -> Phrase:
    """How far it is, to a tenth of a kilometre."""
    if km is None:
        return Phrase(_("距离不详"))
    if km < NEXT_DOOR_KM:
        return Phrase(_("就在近旁"))
    return Phrase(_("相距%(km)s公里"), {"km": f"{km:.1f}"})


def other_reasons(pair: Weighed) -> list[Phrase]:
    """Trade, present and how many: the last part of the sentence."""
    parts = []
    if pair.same_trade:
        parts.append(Phrase(_("同为%(trade)s行业"), {"trade": pair.same_trade}))
    if pair.is_present:
        parts.append(Phrase(_("一直由这位联系")))
    if pair.load is not None and pair.limit is not None:
        values = {"load": pair.load, "limit": pair.limit}
        parts.append(Phrase(_("共联系%(load)s人（上限%(limit)s人）"), values))
    return parts


NEXT_DOOR_KM = 0.05


@lru_cache(maxsize=1_000)
def _language_reason(common: tuple[str, ...]) -> Phrase:
    if not common:
        return Phrase(_("附近没有语言相通又有空的人"))
    names = tuple(LANGUAGE_NAMES.get(code, code) for code in common)
    return Phrase(_("都会%(languages)s"), {"languages": names})


def _script_reason(common: tuple[str, ...], *, reads_little: bool) -> Phrase:
    if reads_little:
        return Phrase(_("读写不便，当面或电话说"))
    if not common:
        return Phrase(_("没有都会读的文字，当面或电话说"))
    return Phrase(_("都会读%(scripts)s"), {"scripts": tuple(map(script_name, common))})


def script_name(code: str) -> str:
    return SCRIPT_NAMES.get(code, code)


def why_left_over(people: int, room: int) -> Phrase:
    """Nobody is left over while there is room."""
    if room == 0:
        return Phrase(_("没有一位联系人还能再联系人"))
    values = {"people": people, "room": room}
    return Phrase(
        _("联系人一共能联系%(room)s人，要联系的有%(people)s人；请增加联系人或调高上限"), values
    )


def in_source(phrases: Sequence[Phrase]) -> str:
    """The sentence in the language of the records, without a framework."""
    return "，".join(
        phrase.text % {name: _plain(value) for name, value in phrase.values.items()}
        if phrase.values
        else phrase.text
        for phrase in phrases
    )


def _plain(value: str | int | tuple[str, ...]) -> str | int:
    return "、".join(value) if isinstance(value, tuple) else value


AT_ONCE = 300  # up to so many members somebody waits for the page; more are worked out by a job
COMMITTED_AT_ONCE = 500  # the same for what takes effect
ON_LEAVE = _("休假到%(day)s，由%(name)s代为联系，不换人")
PINNED = _("已固定，不随重新安排变动")
BY_HAND = _("人工指定")
LEFT_BY_HAND = _("这次先不指定")
CHANGED_MEANWHILE = _("预览之后换了联系人或换了支部，这次不改")
CARER_GONE = _("原来提议的联系人已不在岗，请另选一位")
LOOK_ONCE_MORE = _(
    "预览之后，有党员换了联系人或换了支部，或有联系人已不在岗。什么都还没有改。"
    "这些党员排在最前面，这次不改；其余照您看过的不变。请再看一遍，再提交。"
)


def may_propose(*, members: int, carers: int) -> Refusal | None:
    """A proposal needs members who have a branch, and people who can keep in touch."""
    if members == 0:
        return Refusal(
            "nobody-placed", "这里没有要安排联系人的党员。已经编入支部的党员才有联系人。"
        )
    if carers == 0:
        return Refusal(
            "nobody-there",
            "这里没有能联系党员的人。请先开通“联系人”或“支部书记”岗位的账号，或在名单里改为可以联系党员。",
        )
    return None


def may_change_draft(state: str) -> Refusal | None:
    if state == "working":
        return Refusal("working", "这份安排还在算。请过一会儿刷新页面再看。")
    if state == "committing":
        return Refusal("committing", "这份安排正在提交。请过一会儿刷新页面再看。")
    if state != "open":
        return Refusal("decided", "这份安排已经提交或作废，不能再改。请重新生成一份。")
    return None


def may_commit(*, meanwhile: int, gone: int = 0) -> Refusal | None:
    """What was looked at is what takes effect, and nobody is named who has left since; otherwise it
    is looked at again."""
    if meanwhile:
        return Refusal(
            "changed-meanwhile",
            "预览之后，有党员换了联系人或换了支部。什么都没有改动。请重新生成一份安排，再看一遍。",
        )
    if gone:
        return Refusal(
            "carer-gone",
            "预览之后，有联系人已不在岗。什么都没有改动。请给这些党员换一位联系人，或重新生成一份安排。",
        )
    return None


ARE_LOOKED_AT_AGAIN = frozenset({"changed-meanwhile", "carer-gone"})
LONGEST_LEAVE_DAYS = 366


def may_leave(starts_on: date, ends_on: date, *, today: date, overlaps: bool) -> Refusal | None:
    """A leave has its days, begins today or later, and is the only one of those days."""
    if starts_on < today:
        return Refusal("past", "开始的日子请填今天或以后。")
    if not starts_on <= ends_on <= starts_on + timedelta(days=LONGEST_LEAVE_DAYS):
        return Refusal("days", "结束的日子请填在开始之后、一年以内。")
    if overlaps:
        return Refusal("overlaps", "这几天里已经登记过休假。请先取消原来的，再重新登记。")
    return None


def may_stop_standing_in(*, has_other: bool) -> Refusal | None:
    """Nobody's members are left alone because who stands in goes on leave too."""
    if has_other:
        return None
    return Refusal("stands-in", "这几天里这位还代别人联系党员。请在下面另选一位接着代。")


def may_stand_in(*, is_somebody_else: bool, takes_members: bool, is_there: bool) -> Refusal | None:
    """Whoever stands in keeps in touch with members and is there on those days."""
    if not is_somebody_else or not takes_members:
        return Refusal("not-a-candidate", "请从名单里选择代为联系的人。")
    if not is_there:
        return Refusal("stand-in-away", "选的这位这几天也休假。请另选一位代为联系。")
    return None
