"""The case: its states, who answers in each and by when, and what may happen next.

Sources: Regulation on the education and management of members (2019) articles 24, 25, 32 (R-01,
R-02, R-09); Opinions of 2024 on mobile members; activity certificate 组通字〔2006〕45号.
At each state exactly one organisation answers (R-09: what the receiver has not taken remains the
sender's). The program reminds; every transition is a person's decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

from guiyan.kernel.findings import Phrase
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.languages import LANGUAGE_NAMES
from guiyan.kernel.state_machine import State, StateMachine, Transition
from guiyan.platform.errors import Refusal


class CaseState(StrEnum):
    DECLARED = "declared"
    NOTIFIED = "notified"
    CLAIMED = "claimed"
    VERIFIED = "verified"
    PLACED = "placed"
    TRANSFERRING = "transferring"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    MOVED_ON = "moved_on"
    WITHDRAWN = "withdrawn"


class CaseAct(StrEnum):
    NOTIFY = "notify"
    TAKE_IN = "take_in"
    NOT_HERE = "not_here"
    CONFIRM = "confirm"
    DENY = "deny"
    PLACE = "place"
    UNDO_PLACE = "undo_place"
    BEGIN_TRANSFER = "begin_transfer"
    CANCEL_TRANSFER = "cancel_transfer"
    COMPLETE_TRANSFER = "complete_transfer"
    COME_HOME = "come_home"
    MOVE_ON = "move_on"
    WITHDRAW = "withdraw"
    SLIP_ACCEPTED = "slip_accepted"


ENDED = frozenset(
    {CaseState.RETURNED, CaseState.TRANSFERRED, CaseState.MOVED_ON, CaseState.WITHDRAWN}
)
OPEN = tuple(state for state in CaseState if state not in ENDED)
# A host has said "the member is with us": from here on the stay counts as claimed.
CLAIMED_STATES = frozenset(
    {CaseState.CLAIMED, CaseState.VERIFIED, CaseState.PLACED, CaseState.TRANSFERRING}
)

_S = CaseState
_A = CaseAct

CASE_MACHINE = StateMachine(
    name="case",
    initial=(_S.DECLARED, _S.NOTIFIED, _S.CLAIMED, _S.VERIFIED),
    states=(
        State(_S.DECLARED, "已申报流出", answers="home"),
        State(_S.NOTIFIED, "已通知流入地", answers="host"),
        State(_S.CLAIMED, "流入地已认领", answers="home"),
        State(_S.VERIFIED, "已核实，待编入", answers="host"),
        State(_S.PLACED, "已编入支部", answers="host"),
        State(_S.TRANSFERRING, "正在转接组织关系", answers="home"),
        State(_S.RETURNED, "已返回", answers="nobody"),
        State(_S.TRANSFERRED, "关系已转入", answers="nobody"),
        State(_S.MOVED_ON, "已转往别处", answers="nobody"),
        State(_S.WITHDRAWN, "已撤销", answers="nobody"),
    ),
    transitions=(
        Transition(_A.NOTIFY, _S.DECLARED, _S.NOTIFIED),
        Transition(_A.SLIP_ACCEPTED, _S.DECLARED, _S.PLACED),
        Transition(_A.TAKE_IN, _S.NOTIFIED, _S.VERIFIED),
        Transition(_A.NOT_HERE, _S.NOTIFIED, _S.DECLARED),
        Transition(_A.CONFIRM, _S.CLAIMED, _S.VERIFIED),
        Transition(_A.DENY, _S.CLAIMED, _S.WITHDRAWN),
        Transition(_A.PLACE, _S.VERIFIED, _S.PLACED),
        Transition(_A.PLACE, _S.PLACED, _S.PLACED),
        Transition(_A.UNDO_PLACE, _S.PLACED, _S.VERIFIED),
        Transition(_A.BEGIN_TRANSFER, _S.PLACED, _S.TRANSFERRING),
        Transition(_A.CANCEL_TRANSFER, _S.TRANSFERRING, _S.PLACED),
        Transition(_A.COMPLETE_TRANSFER, _S.TRANSFERRING, _S.TRANSFERRED),
        *(
            Transition(_A.COME_HOME, state, _S.RETURNED)
            for state in (_S.DECLARED, _S.NOTIFIED, _S.CLAIMED, _S.VERIFIED, _S.PLACED)
        ),
        *(
            Transition(_A.MOVE_ON, state, _S.MOVED_ON)
            for state in (_S.CLAIMED, _S.VERIFIED, _S.PLACED)
        ),
        *(
            Transition(_A.WITHDRAW, state, _S.WITHDRAWN)
            for state in (_S.DECLARED, _S.NOTIFIED, _S.CLAIMED, _S.VERIFIED)
        ),
    ),
)

# Which side may perform which act; "both" where either may say so (R-02: both look after a person).
SIDE_OF_ACT: dict[CaseAct, str] = {
    _A.NOTIFY: "home",
    _A.SLIP_ACCEPTED: "home",
    _A.TAKE_IN: "host",
    _A.NOT_HERE: "host",
    _A.CONFIRM: "home",
    _A.DENY: "home",
    _A.PLACE: "host",
    _A.UNDO_PLACE: "host",
    _A.BEGIN_TRANSFER: "home",
    _A.CANCEL_TRANSFER: "home",
    _A.COMPLETE_TRANSFER: "host",
    _A.COME_HOME: "both",
    _A.MOVE_ON: "both",
    _A.WITHDRAW: "both",
}

# The rule parameter (orgs) that gives the days until the answer, and how its days are counted.
ANSWER_WITHIN: dict[CaseState, str] = {
    _S.DECLARED: "answer_declared_days",
    _S.NOTIFIED: "answer_notified_days",
    _S.CLAIMED: "answer_claimed_days",
    _S.VERIFIED: "place_within_days",
    _S.TRANSFERRING: "letter_validity_days",
}


def drawing() -> str:
    """The case as docs/case.md shows it, made from the machine; its test says how to write it."""
    return (
        "# The case\n\n"
        "One stay away from home, seen by home and host. Drawn from `guiyan.flows.rules`; a test\n"
        "fails when this page is not what the code says.\n\n"
        f"```mermaid\n{CASE_MACHINE.to_mermaid()}```\n\n"
        "Who answers in each state, and where each act leads:\n\n"
        f"{CASE_MACHINE.to_markdown_table()}\n"
        "| act | side |\n|---|---|\n"
        + "".join(f"| {act} | {side} |\n" for act, side in SIDE_OF_ACT.items())
    )


DOORS = {
    "qr": _("扫码报到"),
    "desk": _("窗口登记"),
    "referral": _("党员推荐"),
    "hotline": _("热线电话"),
    "import": _("表格导入"),
    "census": _("上门摸排"),
}
SEARCH_METHODS = {
    "ledger": "动态台账核",
    "door": "上门入户访",
    "telephone": "电话联系找",
    "letter": "组织发函联",
    "self": "党员找组织",
    "peer": "党员找党员",
}
DEAD_REASONS = {
    "not_a_member": _("不是党员"),
    "unreachable": _("多次联系不上"),
    "duplicate": _("重复线索"),
    "machine": _("机器填写"),
    "wish": _("本人不愿登记"),
}


@dataclass(frozen=True, slots=True)
class Sides:
    """Which sides of a case the actor's organisation stands on or above."""

    is_home: bool
    is_host: bool


# What the other side's paper says, the side that holds the paper may record: a slip, a receipt.
BY_SLIP = frozenset({_A.COMPLETE_TRANSFER})


def may_act(
    act: CaseAct,
    state: CaseState,
    sides: Sides,
    *,
    home_is_outside: bool,
    host_is_outside: bool = False,
) -> Refusal | None:
    """An act belongs to one side. Where home is outside this deployment, the host acts for it, with
    the letter's slip or the activity certificate in hand; where the host is, home records its
    receipt (R-09)."""
    if act not in CASE_MACHINE.allowed(state):
        return Refusal(
            "not-now", "这一步现在不能做：流动记录已进入别的阶段，请刷新页面看最新情况。"
        )
    side = SIDE_OF_ACT[act]
    if side == "both" and (sides.is_home or sides.is_host):
        return None
    if side == "home" and (sides.is_home or (home_is_outside and sides.is_host)):
        return None
    if side == "host" and sides.is_host:
        return None
    if act in BY_SLIP and host_is_outside and sides.is_home:
        return None
    if side == "home":
        return Refusal("not-yours", "这一步由流出地党组织办理。可在流动记录里给对方留言。")
    return Refusal("not-yours", "这一步由流入地党组织办理。可在流动记录里给对方留言。")


def next_state(state: CaseState, act: CaseAct) -> CaseState:
    """Raises NotAllowed when the act does not belong to the state."""
    return CaseState(CASE_MACHINE.next_state(state, act))


def who_answers(state: CaseState, *, home_is_here: bool, host_is_here: bool) -> str:
    """The side that owes the next step; the other one when that side does not use this system."""
    side = CASE_MACHINE.answers(state)
    if side == "home" and not home_is_here:
        return "host"
    if side == "host" and not host_is_here:
        return "home"
    return side


def may_open(*, has_open_case: bool) -> Refusal | None:
    """A person is on one stay at a time (one responsible host)."""
    if has_open_case:
        return Refusal("already-away", "这名党员已有一条进行中的流动记录。请打开原记录办理。")
    return None


def may_fold(state: CaseState) -> Refusal | None:
    """A stay that no host has taken in yet gives way to the claim of the host that has the member."""
    if state in (CaseState.DECLARED, CaseState.NOTIFIED):
        return None
    return Refusal(
        "claimed-twice",
        "这名党员已由另一个流入地接收。请先打开原来的流动记录，办理返回或转往别处，再确认这次认领。",
    )


def may_mark_lost(state: CaseState, since: date | None, today: date) -> Refusal | None:
    """Lost is somebody who is away, since a day that has been (R-10); a person says so."""
    if state in ENDED:
        return Refusal("not-now", "这次外出已经结束，不能再登记失联。")
    if since is not None and since > today:
        return Refusal("in-future", "失去联系的日期不能晚于今天。请核对日期。")
    return None


def may_undo_placement(*, is_latest: bool, in_minutes: bool, hangs: str) -> Refusal | None:
    """A slip of the finger is taken back while nothing hangs on it: the placement is the latest
    step, no minutes name it, and no paper, contact person or contact (`hangs`) came after it."""
    if not is_latest:
        return Refusal("not-latest", "编入之后又办了别的手续，不能撤销。要换支部，请重新编入。")
    if in_minutes:
        return Refusal("in-minutes", "这次编入已写进研判会纪要，不能撤销。要换支部，请重新编入。")
    return Refusal("hangs", hangs) if hangs else None


def may_declare(*, is_claimed_elsewhere: bool) -> Refusal | None:
    """A host that has claimed the same person waits for home's word: that record is answered."""
    if is_claimed_elsewhere:
        return Refusal(
            "already-claimed",
            "流入地已经认领了这名党员（身份证号码相同）。请在待办里打开那条流动记录，确认或不予确认。",
        )
    return None


def counts_as_mobile(left_on: date | None, six_months_ago: date) -> bool:
    """Mobile is who has been away longer than six calendar months (R-01); unknown counts as yes."""
    return left_on is None or left_on <= six_months_ago


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """What placing weighs of a branch. `km` from the member's address, None when unknown."""

    name: str
    km: float | None
    same_village: bool
    trades: Sequence[str]
    languages: Sequence[str]
    size: int


@dataclass(frozen=True, slots=True)
class PersonFacts:
    trade: str
    languages: Sequence[str]


_EARTH_RADIUS_KM = 6371.0


def km_between(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Kilometres as the crow flies between two points given as longitude and latitude in degrees."""
    (longitude, latitude), (other_longitude, other_latitude) = here, there
    half_width = sin(radians(other_longitude - longitude) / 2)
    half_height = sin(radians(other_latitude - latitude) / 2)
    chord = half_height**2 + cos(radians(latitude)) * cos(radians(other_latitude)) * half_width**2
    return 2 * _EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def placement_score(person: PersonFacts, branch: BranchFacts, *, size_limit: int) -> float:
    """Lower is better: kilometres, minus what speaks for the branch, plus what speaks against.

    The nearest branch takes the member in (就近入队); a common trade is worth 5 km, a common
    minority language 3 km, the same village 10 km; above the size limit (支部工作条例: 50) 50 km.
    The figures order three suggestions for people to choose from; they decide nothing.
    """
    score = branch.km if branch.km is not None else 30.0
    if branch.same_village:
        score -= 10
    if person.trade and person.trade in branch.trades:
        score -= 5
    if _common_languages(person, branch):
        score -= 3
    if branch.size >= size_limit:
        score += 50
    return score


def placement_reason(person: PersonFacts, branch: BranchFacts, *, size_limit: int) -> list[Phrase]:
    """Why this branch, as the phrases of one sentence for the table of the sitting."""
    parts: list[Phrase] = []
    if branch.same_village:
        parts.append(Phrase("就在本村（社区）"))
    elif branch.km is not None:
        parts.append(Phrase("相距约 %(km)s 公里", {"km": f"{branch.km:.1f}"}))
    if person.trade and person.trade in branch.trades:
        parts.append(Phrase("同行业（%(trade)s）", {"trade": person.trade}))
    if common := _common_languages(person, branch):
        names = tuple(LANGUAGE_NAMES.get(code, code) for code in common)
        parts.append(Phrase("会%(languages)s", {"languages": names}))
    parts.append(Phrase("现有 %(size)s 名流动党员", {"size": branch.size}))
    if branch.size >= size_limit:
        parts.append(Phrase("已达 %(limit)s 人上限", {"limit": size_limit}))
    return parts


def _common_languages(person: PersonFacts, branch: BranchFacts) -> list[str]:
    """Minority languages both speak; everybody is assumed to manage some Han."""
    return [code for code in person.languages if code in branch.languages and code != "han"]


@dataclass(frozen=True, slots=True)
class Typing:
    """How a public form was filled in: seconds from first page to last, and the trap field."""

    seconds: float
    trap_is_filled: bool
    fills_from_address: int


def suspicion(typing: Typing) -> str:
    """A lead that looks like a machine's is marked, never refused: the answer is the same for all."""
    if typing.trap_is_filled:
        return "trap"
    if typing.seconds < 4:
        return "too_fast"
    if typing.fills_from_address > 20:
        return "many"
    return ""
