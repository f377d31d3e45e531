"""When a message may go, how often it is tried, and what its states mean (trust.md F03, F37)."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from guiyan.channels.types import Limits
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.state_machine import State, StateMachine, Transition
from guiyan.platform.errors import Refusal

OUTBOX = StateMachine(
    name="outbox",
    initial=("waiting",),
    states=(
        State("waiting", _("待发"), "program"),
        State("claimed", _("正在发送"), "program"),
        State("accepted", _("服务商已接收"), "provider"),
        State("delivered", _("已送达")),
        State("declined", _("未发出")),
        State("unknown", _("结果未知"), "person"),
        State("expired", _("已过期，没有发")),
        State("cancelled", _("已取消，没有发")),
    ),
    transitions=(
        Transition("claim", "waiting", "claimed"),
        Transition("expire", "waiting", "expired"),
        Transition("cancel", "waiting", "cancelled"),
        Transition("put_off", "claimed", "waiting"),
        Transition("accept", "claimed", "accepted"),
        Transition("decline", "claimed", "declined"),
        Transition("lose", "claimed", "unknown"),
        Transition("report_delivered", "claimed", "delivered"),
        Transition("report_delivered", "accepted", "delivered"),
        Transition("report_delivered", "unknown", "delivered"),
        Transition("report_failed", "claimed", "declined"),
        Transition("report_failed", "accepted", "declined"),
        Transition("report_failed", "unknown", "declined"),
        # The worker comes back with its answer after somebody took it for dead.
        Transition("accept", "unknown", "accepted"),
        Transition("decline", "unknown", "declined"),
        Transition("say_sent", "unknown", "accepted"),
        Transition("say_not_sent", "unknown", "declined"),
    ),
)

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
CODE_LIVES = timedelta(minutes=10)
MESSAGE_LIVES = timedelta(days=7)
# Longer than any send lasts: a claim that is older belongs to a worker that is dead.
CLAIM_LIVES = timedelta(minutes=5)
# What no provider has reported is asked for: soon at first, for as long as the address is kept.
ASK_AFTER = (
    timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6),
    timedelta(days=1), timedelta(days=2), timedelta(days=3),
)  # fmt: skip

DEFAULT_LIMITS = Limits(day_fen=50_000, month_messages=300_000)
CODES_PER_MINUTE, CODES_PER_DAY = 1, 5  # F37: for each number

FIRST_SMS, NEXT_SMS = 70, 67  # signs in one message, and in each part of a longer one

_ELEVEN_DIGITS = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[2-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ－　", "0123456789Xx- ")


def pause_after(tries: int) -> timedelta:
    """Twice as long after each try that was known not to be sent, six hours at most."""
    return min(FIRST_PAUSE * (1 << min(max(tries - 1, 0), 20)), LONGEST_PAUSE)


def ask_again_after(asks: int) -> timedelta | None:
    """After so many answers without an end; None when the provider is not asked any more."""
    return ASK_AFTER[asks] if asks < len(ASK_AFTER) else None


def is_dead(claimed_at: datetime, at: datetime, lives: timedelta = CLAIM_LIVES) -> bool:
    """A claim from the future is as dead as an old one: the clock was set back since."""
    return not at - lives < claimed_at <= at + lives


def sms_parts(text: str) -> int:
    """As how many messages the operators count a text."""
    return 1 if len(text) <= FIRST_SMS else -(-len(text) // NEXT_SMS)


def may_go_to_a_group(text: str, names: Sequence[str] = ()) -> Refusal | None:
    """A text for a group names no member, no number of a person, no identity number (mission.md)."""
    plain = text.translate(_FULL_WIDTH)
    if _ID_NUMBER.search(plain):
        return Refusal("id-number", _("群里的文字不能有身份证号码，请删去后再试。"))
    if _ELEVEN_DIGITS.search(plain) or _LANDLINE.search(plain):
        return Refusal("phone", _("群里的文字不能有电话号码，请改写成“详询联系人”这样的话。"))
    if any(name and name in plain for name in names):
        return Refusal("name", _("群里的文字不能有党员姓名，请删去后再试。"))
    return None
