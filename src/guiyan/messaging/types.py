"""What a saying comes to, before it is put and after."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A member whom nothing reaches, each way with why, or who has been told already."""

    member_id: UUID
    whys: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """How many go over which way, what it costs, and who is passed over and why."""

    by_channel: dict[str, int] = field(default_factory=dict)
    passed_over: tuple[PassedOver, ...] = ()
    already: int = 0
    not_own: int = 0
    cost_fen: int = 0
    # Of those whom somebody calls instead: which way is not used and why, and for how many.
    why_called: dict[tuple[str, str], int] = field(default_factory=dict)
    send_after: datetime | None = None
    expires_at: datetime | None = None
    saying_id: UUID | None = None

    @property
    def count(self) -> int:
        return sum(self.by_channel.values())


@dataclass(frozen=True, slots=True)
class ToOne:
    """How one member would be told of one thing: the text as it goes, by which way, at what cost.

    `channel` is empty when nothing reaches them; `passed` tells which ways are not used and why.
    """

    channel: str = ""
    whose: str = "own"
    text: str = ""
    cost_fen: int = 0
    passed: tuple[tuple[str, str], ...] = ()
    send_after: datetime | None = None
    expires_at: datetime | None = None
    is_told: bool = False

    @property
    def is_sent(self) -> bool:
        """Whether anything goes out; otherwise a person calls or visits."""
        return bool(self.channel) and self.channel != "call_list"


@dataclass(frozen=True, slots=True)
class SayingFacts:
    """A saying as lists show it; counts are of the members in the reader's scope."""

    id: UUID
    purpose: str
    slot: str
    said_by_name: str
    at: datetime
    send_after: datetime
    expires_at: datetime
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """How it stands with one member of a saying."""

    member_id: UUID
    state: str
    channel: str
    whose: str
    passed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A call that somebody has to make: to whom, why, by when, and whose number it is."""

    id: UUID
    member_id: UUID | None
    text: str
    call_by: datetime
    whose: str


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """Somebody wrote back; the text is opened by itself."""

    id: UUID
    member_id: UUID
    channel: str
    is_own_number: bool
    at: datetime
    opened_at: datetime | None
