"""What a message is on its way out, and how a try to send it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

Priority = Literal["code", "usual"]
Kind = Literal["push", "call", "text"]


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be put into the outbox.

    `key` is "person:purpose:slot": a second message with the same key is never sent.
    `priority` "code" is for sign-in codes: first in the queue, outside the month's quota, inside
    the day's breaker, bounded for each address. Without `expires_at` a code lives ten minutes,
    anything else seven days. `names` must not appear in a text for a group.
    """

    key: str
    channel: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    title: str = field(default="", repr=False)
    template: str = ""
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    send_after: datetime | None = None
    expires_at: datetime | None = None
    recipient_kind: str = ""
    recipient_id: UUID | None = None
    path: str = ""
    priority: Priority = "usual"
    names: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed message with its contents open, as a channel gets it."""

    id: UUID
    channel: str
    address: str = field(repr=False)
    title: str = field(repr=False)
    text: str = field(repr=False)
    template: str
    params: Mapping[str, str] = field(repr=False)
    recipient_kind: str
    recipient_id: UUID | None
    path: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Cost:
    """What a message costs, in fen, and as how many messages the provider counts it."""

    fen: int = 0
    messages: int = 1


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken it; `is_delivered` where taking it is delivering it."""

    provider_id: str = ""
    is_delivered: bool = False


@dataclass(frozen=True, slots=True)
class Declined:
    """Known not sent. Not permanent: tried again, with growing pauses, until it expires."""

    code: str
    is_permanent: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Perhaps sent: no answer came, or one that nobody can read. Never tried again by the program."""

    detail: str


Outcome = Accepted | Declined | Unknown


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider reports later of one message, known by its id or by ours."""

    provider_id: str
    message_id: UUID | None
    is_delivered: bool
    code: str = ""


@dataclass(frozen=True, slots=True)
class Enquiry:
    """A message of which no provider has reported the end yet, as its provider is asked about it."""

    message_id: UUID
    provider_id: str
    address: str = field(repr=False)
    sent_at: datetime


# The end of the message; "taken": it is on its way; "nothing": the provider has no such message, or
# none with an end; "no-answer": it did not answer this time, or nobody can read what it answered.
Word = Receipt | Literal["taken", "nothing", "no-answer"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody has answered to a message: a stop word, usually."""

    address: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """A message as pages show it: never its address, only enough to tell two apart."""

    id: UUID
    key: str
    channel: str
    state: str
    address_mask: str
    recipient_kind: str
    recipient_id: UUID | None
    path: str
    put_at: datetime
    send_after: datetime
    expires_at: datetime
    claimed_at: datetime | None
    ended_at: datetime | None
    tries: int
    detail_code: str
    cost_fen: int
    asked_at: datetime | None = None
    asked_word: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a channel may spend on a day and send in a month."""

    day_fen: int
    month_messages: int


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """How a channel stands today."""

    code: str
    name: str
    is_configured: bool
    is_paid: bool
    day_fen: int
    day_messages: int
    month_messages: int
    limits: Limits
    waiting: int
    unknown: int
    put_off: int

    @property
    def is_day_spent(self) -> bool:
        return self.is_paid and self.day_fen >= self.limits.day_fen

    @property
    def is_month_spent(self) -> bool:
        return self.month_messages >= self.limits.month_messages
