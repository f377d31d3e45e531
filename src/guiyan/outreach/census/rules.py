"""When a premises is explained, what two visits to one door make, when a round may open and close.

Sources: the county's own report ("no one left out": 4,752 premises, 18 townships, three months);
guidance on door visits of the 2024 Opinions on mobile members. A state always has its reason; what
two teams say differently is put to a person, never decided by who came last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final, Literal

from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform.errors import Refusal

NOT_VISITED: Final = "not_visited"
NONE_FOUND: Final = "none_found"
MEMBERS_FOUND: Final = "members_found"
CLOSED: Final = "closed"
REFUSED: Final = "refused"
MOVED: Final = "moved"
DOES_NOT_EXIST: Final = "does_not_exist"
DUPLICATE: Final = "duplicate_of"
# Of a branch that confirms its own list (screening/rules.py), beside the first and DOES_NOT_EXIST.
PARTLY: Final = "partly"

# In the order of the keys on the typing page and of the buttons on a phone.
STATES: Final = {
    NONE_FOUND: _("没有党员"),
    MEMBERS_FOUND: _("有党员"),
    CLOSED: _("关门，再来"),
    REFUSED: _("不愿说"),
    MOVED: _("已搬走"),
    DOES_NOT_EXIST: _("查无此店"),
    DUPLICATE: _("重复登记"),
    NOT_VISITED: _("未走访"),
}
KEYS: Final = {str(number): state for number, state in enumerate(STATES, start=1)}
VISITED: Final = tuple(state for state in STATES if state != NOT_VISITED)
# What still has to be done: nobody was there yet, the door was shut, some of a list is not said.
UNEXPLAINED: Final = frozenset({NOT_VISITED, CLOSED, PARTLY})
NEEDS_REASON: Final = frozenset({REFUSED})
KINDS_OF_PERSON: Final = {
    "official": _("机关干部"),
    "cadre": _("村（社区）干部"),
    "resident": _("驻村工作队"),
    "volunteer": _("志愿者"),
}
DEFAULT_REASONS: Final = {
    NONE_FOUND: _("问过，没有党员"),
    MEMBERS_FOUND: _("找到党员，已登记线索"),
    CLOSED: _("关着门"),
    MOVED: _("已不在这里经营"),
    DOES_NOT_EXIST: _("这个地址没有这家"),
    DUPLICATE: _("与另一条是同一家"),
}

Outcome = Literal["applied", "merged", "conflict"]


def is_explained(state: str) -> bool:
    return state not in UNEXPLAINED


@dataclass(frozen=True, slots=True)
class Report:
    """What a visit says of a door."""

    state: str
    reason: str = ""
    come_back_on: date | None = None
    duplicate_of: object = None


def may_report(report: Report, *, visited_on: date, today: date) -> Refusal | None:
    """Every state but the first is somebody's word, with what it needs; the reasons in this order."""
    if report.state not in VISITED:
        return Refusal("state", _("请选择走访结果。"))
    if visited_on > today + timedelta(days=1):
        return Refusal("future", _("走访日期在今天之后，请核对日期。"))
    if report.state in NEEDS_REASON and not report.reason.strip():
        return Refusal("reason", _("请写一句原因，以便下次换个人、换个时间再去。"))
    if report.state == CLOSED and report.come_back_on is None:
        return Refusal("come-back", _("请写哪一天再来。"))
    if report.state == CLOSED and report.come_back_on and report.come_back_on < visited_on:
        return Refusal("come-back", _("再来的日期在走访之前，请核对日期。"))
    if report.state == DUPLICATE and report.duplicate_of is None:
        return Refusal("duplicate", _("请写与哪一家重复（那一家的编码）。"))
    return None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a door when a visit arrives."""

    state: str
    reason: str
    version: int
    visit_id: object = None
    last_by: object = None  # the account that gave the present state


def outcome_of(
    known: Known, report: Report, *, base_version: int | None, supersedes: object, by: object
) -> Outcome:
    """What a visit makes of what is known (design, 4: applied, merged, or needs a person).

    It is applied when its visitor saw what is known now, corrects it, gave it themselves, or when
    nothing had been explained before. A visit from an older list that says the same is merged, and
    so is one that found the door shut where another team found somebody. Else two people say two
    things: both are kept, and a person chooses.
    """
    is_current = base_version is None or base_version >= known.version
    corrects = supersedes is not None and supersedes == known.visit_id
    is_own = by is not None and by == known.last_by
    if is_current or corrects or is_own or not is_explained(known.state):
        return "applied"
    if report.state == known.state or not is_explained(report.state):
        return "merged"
    return "conflict"


def may_open(state: str, premises: int) -> Refusal | None:
    if state != "planned":
        return Refusal("opened", _("这一轮摸排已经开始过了。"))
    if premises == 0:
        return Refusal("no-premises", _("名下还没有单位。请先导入两新组织和个体工商户台账。"))
    return None


def may_open_branches(state: str, branches: int) -> Refusal | None:
    if state != "planned":
        return Refusal("opened", _("这一轮摸排已经开始过了。"))
    if branches == 0:
        return Refusal("no-branches", _("名下还没有管理党员的支部。请先建好支部。"))
    return None


def may_visit(round_state: str) -> Refusal | None:
    if round_state == "planned":
        return Refusal("not-open", _("这一轮摸排还没有开始。"))
    if round_state == "closed":
        return Refusal("closed", _("这一轮摸排已经结束，不能再登记走访。"))
    return None


def may_close(
    state: str, unexplained: int, conflicts: int, *, checks_left: int | None, reason: str
) -> Refusal | None:
    """A round closes only when nothing is unexplained, nothing is left to decide (N4), and the
    back-check is done or somebody says why not. `checks_left` is None where none was drawn."""
    if state != "open":
        return Refusal("not-open", _("只有正在进行的摸排可以结束。"))
    if unexplained:
        return Refusal("unexplained", _("还有没走访或要再去的单位，全部有结果之后才能结束。"))
    if conflicts:
        return Refusal("conflicts", _("还有两次走访说法不一的单位，请先逐一裁定。"))
    if checks_left is None and not reason.strip():
        return Refusal("back-check", _("还没有抽样复核。请先复核，或者写明不复核的原因。"))
    if checks_left and not reason.strip():
        return Refusal("back-check", _("复核还没有做完。请做完，或者写明不再复核的原因。"))
    return None


@dataclass(frozen=True, slots=True)
class Forecast:
    """How a round goes on; `kind` is counting, done, too-early, standstill or expected."""

    kind: Literal["counting", "done", "too-early", "standstill", "expected"]
    per_day: float = 0.0
    finish_on: date | None = None
    is_late: bool = False


_LEAST_DAYS, _LEAST_DONE, _WINDOW = 3, 20, 14


def forecast(
    *,
    total: int,
    left: int,
    done_on: Mapping[date, int],
    today: date,
    opened_on: date,
    ends_on: date,
) -> Forecast:
    """When everything will have been explained, at the pace of the last fortnight.

    Three days on which somebody went, and twenty premises (half of a street that has fewer than
    forty), are the least from which a pace may be told: before that it says so and nothing else.
    All days count, also those without a visit, because mountains and market days come again. A
    round is over something: nothing at all means that the sums have not been folded yet.
    """
    if total == 0:
        return Forecast("counting")
    if left == 0:
        return Forecast("done")
    first = max(opened_on, today - timedelta(days=_WINDOW - 1))
    days = {day: done for day, done in done_on.items() if first <= day <= today}
    ever = [done for day, done in done_on.items() if done > 0]
    if sum(ever) < min(_LEAST_DONE, ceil(total / 2)) or len(ever) < _LEAST_DAYS:
        return Forecast("too-early")
    span = max((today - first).days + 1, 1)
    per_day = max(sum(days.values()), 0) / span
    if per_day <= 0:
        return Forecast("standstill")
    finish_on = today + timedelta(days=min(ceil(left / per_day), 3650))
    return Forecast("expected", round(per_day, 1), finish_on, finish_on > ends_on)


def help_needed(forecast: Forecast) -> int:
    """The order of who needs help: no pace any more, later than planned, pace not known, in time,
    done. It says nothing of who is faster."""
    if forecast.kind == "expected":
        return 1 if forecast.is_late else 3
    return {"standstill": 0, "too-early": 2, "counting": 2, "done": 4}[forecast.kind]


SAME_DOOR: Final = Refusal("duplicate", _("一家不能与自己重复，请写另一家的编码。"))
NOT_A_DOOR: Final = Refusal("state", _("这是支部的名册，请在名册页面逐人核对。"))
