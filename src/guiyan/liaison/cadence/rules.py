"""By when a member is to be contacted, visited, talked with: policies made into windows.

Sources: domain.md R-07, R-16, R-18; A6 (Meigu: each month, a visit each quarter); the rest are
defaults of this system, which any organisation may change for itself and those below it.
Periods are calendar months and what is made of them, never thirty days.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from guiyan.kernel.calendar import WorkingDays, add_months, add_working_days
from guiyan.kernel.findings import gettext_noop as _
from guiyan.liaison.cadence.kinds import KINDS, Cycle
from guiyan.platform.errors import Refusal

MONTHS_OF = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
CYCLES = {
    "month": _("每月"),
    "quarter": _("每季度"),
    "half_year": _("每半年"),
    "year": _("每年"),
    "arrival": _("到来后一周内"),
    "spring": _("每年春节前后"),
}
# Who arrives near the end of a period owes nothing for the rest of it: the first one lasts until
# the end of the next. A third of each.
TOO_SHORT_DAYS = {"month": 10, "quarter": 30, "half_year": 60, "year": 120}
FIRST_WEEK = timedelta(days=6)
# From before the Little New Year (小年) to the Lantern Festival (元宵).
BEFORE_SPRING, AFTER_SPRING = timedelta(days=10), timedelta(days=14)
SHORTEST_SPRING = timedelta(days=6)  # who comes later is met at the next one
LONGEST_PAUSE_MONTHS = 12
_FAR_MONTHS = 36  # longer than any period
_ONE_DAY = timedelta(days=1)

RELIEF_REASONS = {
    "old": _("年老体弱"),
    "ill": _("重病"),
    "disabled": _("失能"),
    "hard_to_move": _("行动不便"),
}

# Why a member has not been reached, as the secretary reads it; each has a way to help.
WHY_UNREACHED = {
    "no_contact_person": _("还没有联系人"),
    "contact_person_away": _("联系人不在岗"),
    "no_phone": _("没有电话"),
    "wrong_number": _("号码不对或停机"),
    "refused": _("本人不愿联系"),
    "away": _("上门时人不在家"),
    "no_answer": _("打了没人接"),
    "not_tried": _("这一期还没有联系"),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What one organisation has declared of one kind, from a day on; the newest one counts."""

    kind: str
    cycle: Cycle
    is_on: bool
    keep_days: int
    valid_from: date
    source: str
    path: str = ""

    @property
    def key(self) -> str:
        """As a due bears it: who set it and since when."""
        return f"{self.path}@{self.valid_from.isoformat()}"


_ALWAYS = date(2019, 5, 6)  # the day of the Regulation

NATIONAL: tuple[Policy, ...] = tuple(
    Policy(kind, cycle, True, keep_days, _ALWAYS, source)  # type: ignore[arg-type]
    for kind, cycle, keep_days, source in (
        ("contact", "month", 31,
         _("《党员教育管理工作条例》第32条：经常联系；每月一次是美姑县的做法，各级可调整")),
        ("visit", "quarter", 45,
         _("美姑县的做法：每季度至少上门1次；各级可调整")),
        ("abroad", "half_year", 60,
         _("《党员教育管理工作条例》第34条：每半年至少1次")),
        ("reminder", "month", 7,
         _("《党员教育管理工作条例》第16条：主题党日每月1次；提前提醒是美姑县的做法")),
        ("first_week", "arrival", 21,
         _("本系统默认值：编入支部后一周内联系")),
        ("spring", "spring", 15,
         _("《党员教育管理工作条例》第33条：利用集中返乡；日期为本系统默认值")),
        ("talk", "year", 60,
         _("《支部工作条例（试行）》：谈心谈话每年一般不少于1次")),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time for which something is owed once, under the policy of its first day."""

    first: date
    last: date
    policy: Policy

    @property
    def key(self) -> str:
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


@dataclass(frozen=True, slots=True)
class Window:
    """When a due opens, by when it is due, and until when it is asked for."""

    opens_on: date
    due_on: date
    expires_on: date
    is_estimated: bool


FestivalOf = Callable[[int], date]


def in_force(policies: Sequence[Policy], day: date) -> Policy | None:
    """The newest of one kind on that day, and of two of one day the nearer organisation's.

    `policies` come sorted by day and depth.
    """
    at = bisect_right([policy.valid_from for policy in policies], day)
    return policies[at - 1] if at else None


def as_inherited(declared: Sequence[Policy], day_of_path: Sequence[str]) -> dict[str, list[Policy]]:
    """The policies that hold along a path, by kind: what a nearer organisation has declared holds
    from its day on, whatever those above declare later.

    `day_of_path`: the paths from the root down to the organisation.
    """
    depth = {"": 0, **{path: n for n, path in enumerate(day_of_path, start=1)}}
    found: dict[str, list[Policy]] = {}
    for kind in KINDS:
        own = sorted(
            (p for p in declared if p.kind == kind and p.path in depth),
            key=lambda p: (p.valid_from, depth[p.path]),
        )
        chain: list[Policy] = []
        for policy in own:
            if not chain or depth[policy.path] >= depth[chain[-1].path]:
                chain.append(policy)
        found[kind] = chain
    return found


def periods(
    policies: Sequence[Policy], start: date, until: date, festival: FestivalOf
) -> Iterator[Period]:
    """The periods that begin between `start` and `until`, one after the other without a gap.

    A period keeps the policy of its first day to its end, so a change in its midst counts from the
    next period on. Where the policy is off, nothing is owed until another is declared.
    """
    at = start
    while at <= until:
        policy = in_force(policies, at)
        if policy is None or not policy.is_on:
            later = [p.valid_from for p in policies if p.valid_from > at]
            if not later:
                return
            at = min(later)
            continue
        period = _period_at(policy, at, festival)
        if period is None or period.first > until:
            return
        yield period
        if policy.cycle == "arrival":
            return
        at = period.last + _ONE_DAY


def owed(
    policies: Sequence[Policy],
    *,
    arrived_on: date,
    through: date | None,
    resumed_on: date | None,
    on: date,
    festival: FestivalOf,
) -> list[Period]:
    """What is to be put on that day of one kind for one member: the periods that have begun since
    `through`, the last day for which something was put.

    Of a member who is new to the program, the time before that day is left alone; so is the time
    of a pause (`resumed_on` is the day after it), and a period of which nobody would ask any more.
    """
    start = _start(policies, arrived_on, through, resumed_on, on)
    if start is None:
        return []
    found = [period for period in periods(policies, start, on, festival) if period.first <= on]
    if through is None:
        return [period for period in found if period.last >= on]
    return [p for p in found if p.last + timedelta(days=p.policy.keep_days) >= on]


def begins_next(
    policies: Sequence[Policy],
    through: date | None,
    arrived_on: date,
    on: date,
    festival: FestivalOf,
) -> date | None:
    """When the next period begins after what has been put; None while nothing is declared."""
    start = _start(policies, arrived_on, through, None, on)
    if start is None:
        return None
    found = periods(policies, start, add_months(on, _FAR_MONTHS), festival)
    return next(
        (period.first for period in found if through is not None or period.first > on), None
    )


def _start(
    policies: Sequence[Policy],
    arrived_on: date,
    through: date | None,
    resumed_on: date | None,
    on: date,
) -> date | None:
    """None where a member arrives once and that has been put."""
    policy = in_force(policies, on)
    if through is not None:
        if policy is not None and policy.cycle == "arrival":
            return None
        return max(through + _ONE_DAY, resumed_on or date.min)
    if policy is not None and policy.cycle == "arrival":
        return arrived_on
    # Periods are the calendar's, so those who came before last year all begin alike.
    return max(arrived_on, date(on.year - 1, 1, 1), resumed_on or date.min)


def _period_at(policy: Policy, at: date, festival: FestivalOf) -> Period | None:
    if policy.cycle == "arrival":
        return Period(at, at + FIRST_WEEK, policy)
    if policy.cycle == "spring":
        return next(
            Period(max(at, day - BEFORE_SPRING), day + AFTER_SPRING, policy)
            for day in (festival(at.year), festival(at.year + 1))
            if at + SHORTEST_SPRING <= day + AFTER_SPRING
        )
    months = MONTHS_OF[policy.cycle]
    begins = date(at.year, (at.month - 1) // months * months + 1, 1)
    ends = add_months(begins, months) - _ONE_DAY
    if (ends - at).days + 1 < min(TOO_SHORT_DAYS[policy.cycle], (ends - begins).days + 1):
        ends = add_months(begins, 2 * months) - _ONE_DAY
    return Period(at, ends, policy)


def window(period: Period, working_days: WorkingDays) -> Window:
    """Open from the first day, due on the last, and where that is a day off on the next working
    day; of a year without a table only the weekends are known, and the window says so."""
    due_on = add_working_days(period.last, 0, working_days)
    return Window(
        opens_on=period.first,
        due_on=due_on,
        expires_on=due_on + timedelta(days=period.policy.keep_days),
        is_estimated=working_days.is_estimate_between(period.last, due_on),
    )


def concerns(kind: str, *, is_abroad: bool) -> bool:
    """Who stays abroad is contacted by R-07 and talked with; the rest is for those in the country."""
    stays = KINDS[kind].stays
    return stays == "both" or (stays == "abroad") == is_abroad


def may_declare(
    kind: str, cycle: str, *, keep_days: int, valid_from: date, today: date, source: str
) -> Refusal | None:
    """From today on at the earliest: what was promised for a period that runs is kept (no rule is
    changed for the past). R-07 is a minimum: abroad, no less than each half-year."""
    if kind not in KINDS:
        return Refusal("unknown-kind", _("请选择一项联系要求。"))
    fixed = {"first_week": "arrival", "spring": "spring"}.get(kind)
    if cycle not in CYCLES or (fixed or "") != (cycle if cycle in ("arrival", "spring") else ""):
        return Refusal("unknown-cycle", _("这一项不能用这个周期，请另选一个。"))
    if kind == "abroad" and cycle == "year":
        return Refusal(
            "below-rule", _("出国（境）的党员每半年至少联系1次（条例第34条），不能放宽。")
        )
    if valid_from < today:
        return Refusal("past", _("只能从今天或以后起改变；已经开始的周期按原来的要求办。"))
    if not 0 <= keep_days <= 366:
        return Refusal("keep-days", _("过期后保留提醒的天数，请填0到366。"))
    if not source.strip():
        return Refusal("no-source", _("请写明依据，比如文件名称和条款。"))
    return None


def may_pause(ends_on: date, reason: str, *, today: date) -> Refusal | None:
    """A pause has a reason and an end, at most a year off; nobody is paused for ever."""
    if not reason.strip():
        return Refusal("no-reason", _("请写明暂停的原因。"))
    if ends_on < today:
        return Refusal("pause-days", _("暂停要有结束日期，不能早于今天。"))
    if ends_on > add_months(today, LONGEST_PAUSE_MONTHS):
        return Refusal("pause-long", _("一次最多暂停12个月，到期再看。"))
    return None
