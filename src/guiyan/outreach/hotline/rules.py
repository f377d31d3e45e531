"""Who answers when, what a call may become, and what is never said on the telephone.

Sources: GB/T 33358 (a person answers, no voice menu; what was missed is called back); trust F32 (files
opened without a call), F41 (a caller asks for somebody else's particulars).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform.errors import Refusal

# What somebody calls for, in the order of their keys 1 … 7.
KINDS = {
    "member": _("我是党员"),
    "knows": _("我知道一名党员"),
    "help": _("需要帮助"),
    "pack": _("学习包没收到"),
    "desk": _("问最近的服务点"),
    "complaint": _("投诉、建议"),
    "other": _("打听别人的情况"),
}
LEADS = {"member": "self", "knows": "peer"}  # search method of the lead
PASSED = ("help", "pack")
SAYS_SOMETHING = ("help", "complaint")
OUTCOMES = {
    "lead": _("登记为线索"),
    "passed": _("已转办"),
    "answered": _("当场答复"),
    "refused": _("没有透露"),
    "reached": _("已回拨"),
    "set_aside": _("多次回拨没人接"),
    "not_them": _("不是本人打的"),
}
TRIES_BEFORE_SET_ASIDE = 3
CALL_BACK_DAYS = 1
# F32: so many numbers opened within an hour without saying what came of the call.
OPENINGS_WITHOUT_A_CALL = 20
OPENINGS_WITHIN = timedelta(hours=1)
ERASE_AFTER_DAYS = 30  # number and words, after the call is done
KEEP_DAYS = 365  # that there was a call
PACK_KEEP_DAYS = 1095
LOOK_AHEAD_DAYS = 14
DAY, WEEK = 24 * 60, 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of every week, Monday 0; `ends` not after `starts` runs into the next day."""

    weekday: int
    starts: str
    ends: str
    who: str


@dataclass(frozen=True, slots=True)
class OneDay:
    """A stretch of one day that holds against the week; `who` empty: nobody."""

    day: date
    starts: str
    ends: str
    who: str


def clock(text: str) -> int:
    """Minutes since midnight of “08:30”; “24:00” is the end of the day."""
    hours, _colon, rest = text.partition(":")
    return int(hours) * 60 + int(rest)


def written(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def may_stand(starts: str, ends: str) -> Refusal | None:
    """A shift lasts at least a minute and at most a day, and begins on its own day."""
    if starts == "24:00":
        return Refusal("shift", "24:00 已是第二天：请选第二天，从 00:00 开始。")
    if starts == ends:
        return Refusal("shift", "开始和结束是同一时刻。整天值班请写 00:00 到 24:00。")
    return None


def may_differ(standing: Sequence[tuple[str, str]], starts: str, ends: str) -> Refusal | None:
    """Of one day two things are not said at once: who answers, and who does not."""
    low, high = clock(starts), clock(starts) + _length(starts, ends)
    for begins, finishes in standing:
        if clock(begins) < high and low < clock(begins) + _length(begins, finishes):
            return Refusal(
                "overlap", "这一天的这段时间已经另排过了。请先撤下上面那一行，再重新排。"
            )
    return None


def _length(starts: str, ends: str) -> int:
    return (clock(ends) - clock(starts)) % DAY or DAY


def on_duty(shifts: Sequence[Shift], exceptions: Sequence[OneDay], at: datetime) -> str:
    """Who answers at this moment by China's clock (`at` is local): an exception holds against the
    week; of two shifts that overlap the one that began later."""
    for one in exceptions:
        begins = datetime.combine(one.day, datetime.min.time(), at.tzinfo)
        begins += timedelta(minutes=clock(one.starts))
        if begins <= at < begins + timedelta(minutes=_length(one.starts, one.ends)):
            return one.who
    now = at.weekday() * DAY + at.hour * 60 + at.minute
    best, since = "", WEEK
    for shift in shifts:
        gone = (now - shift.weekday * DAY - clock(shift.starts)) % WEEK
        if gone < _length(shift.starts, shift.ends) and gone < since:
            best, since = shift.who, gone
    return best


def gaps(
    declared: Sequence[tuple[int, str, str]], shifts: Sequence[Shift]
) -> list[tuple[int, str, str]]:
    """The stretches of the declared duty hours for which the week's rota names nobody."""
    covered = bytearray(WEEK)
    for shift in shifts:
        start = shift.weekday * DAY + clock(shift.starts)
        for minute in range(start, start + _length(shift.starts, shift.ends)):
            covered[minute % WEEK] = 1
    found = []
    for weekday, starts, ends in declared:
        found += [
            ((weekday + low // DAY) % 7, written(low % DAY), written((high - 1) % DAY + 1))
            for low, high in _bare(
                covered, weekday * DAY, clock(starts), clock(starts) + _length(starts, ends)
            )
        ]
    return found


def _bare(covered: bytearray, base: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    low = -1
    for minute in range(start, end + 1):
        is_bare = minute < end and not covered[(base + minute) % WEEK]
        if is_bare and low < 0:
            low = minute
        elif not is_bare and low >= 0:
            yield low, minute
            low = -1


def is_called_back(kind: str) -> bool:
    """Somebody will dial the number, so that it has to be one."""
    return kind in LEADS or kind in PASSED


def missing(kind: str, *, number: str, name: str, said: str) -> tuple[str, Refusal] | None:
    """The first field that this kind of call still needs, with what to ask."""
    if kind in LEADS and not (number or name):
        return "number", Refusal("nobody", "请问一下姓名或电话，以便核实时能找到人。")
    if kind in PASSED and not number:
        return "number", Refusal("number", "请填来电号码，才能回拨。")
    if kind in SAYS_SOMETHING and not said:
        return "said", Refusal("said", "请用一句话记下对方要说的事；电话断了，就写“没说完”。")
    return None


def may_set_aside(tries: int) -> Refusal | None:
    """Who was called back three times in vain is left in peace."""
    if tries < TRIES_BEFORE_SET_ASIDE:
        return Refusal("tries", "请先回拨三次；还是没人接，再放下。")
    return None


def is_too_many(opened: int) -> bool:
    """Numbers opened within the hour about which nothing was said afterwards (F32)."""
    return opened >= OPENINGS_WITHOUT_A_CALL
