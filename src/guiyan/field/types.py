"""What field tells other rooms and its own pages: senders, answers, what waits, phones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from guiyan.field.rules.dues import DueState as DueState
from guiyan.field.rules.dues import NewDue as NewDue
from guiyan.field.rules.routing import Standing


@dataclass(frozen=True, slots=True)
class Sender:
    """The phone whose work it is, and its holder. `carried` when somebody else brought it."""

    device_id: UUID
    account_id: UUID
    account_name: str
    organisation_id: UUID
    path: str
    description: str
    standing: Standing
    carried: bool = False
    carried_unsigned: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What came in one call: operations as they were sent, and what the phone says of itself."""

    operations: tuple[Any, ...]
    clock: str = ""
    unsent: int | None = None
    packets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one operation of a batch, in the order in which they came."""

    place: int
    id: UUID | None
    status: int
    state: str
    code: str = ""
    message: str = ""
    version: int | None = None
    kept: dict[str, Any] = field(default_factory=dict)
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """How far a note by voice has come."""

    came: int
    size: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class SpokenFacts:
    """A note by voice beside what was recorded. Neither: it has not come, or waits with it."""

    id: UUID
    can_be_heard: bool
    is_broken: bool


@dataclass(frozen=True, slots=True)
class WaitingFacts:
    """An operation that waits, as the person who decides sees it. What was sealed stays sealed."""

    id: UUID
    state: str
    code: str
    kind: str
    kind_title: str
    subject_id: UUID
    area_id: UUID | None
    after: UUID | None
    account_name: str
    body: dict[str, Any]
    has_sealed: bool
    kept: dict[str, Any]
    skew_s: int
    is_flagged: bool
    at_device: datetime | None
    received_at: datetime
    may_decide: bool


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """So many of what waits, and where the next page begins."""

    rows: list[WaitingFacts]
    next_cursor: str = ""


@dataclass(frozen=True, slots=True)
class PhoneFacts:
    """A phone as those see it who answer for the work."""

    id: UUID
    account_id: UUID
    account_name: str
    description: str
    heard_at: datetime
    pulled_at: datetime | None
    pushed_at: datetime | None
    unsent: int | None
    skew_s: int
    is_flagged: bool
    silent_days: int


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How much waits under a scope: for supervision, the start page and metrics."""

    held: int = 0
    quarantined: int = 0
    conflicts: int = 0
    silent_phones: int = 0
