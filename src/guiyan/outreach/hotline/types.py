"""Values of the hotline that pages and upper rooms get, and hand in."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from guiyan.orgs.types import ServicePointFacts


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call as the operator wrote it down; `after_id` is the missed call that it answers."""

    kind: str
    number: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    place: str = field(default="", repr=False)
    said: str = field(default="", repr=False)
    after_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who calls back, on the number of which file; the operator never learns that there is one."""

    case_id: UUID
    member_id: UUID
    organisation_id: UUID
    path: str
    account_id: UUID | None
    is_host: bool = True


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A call as its list shows it: nothing of it says whether the caller has a file."""

    id: UUID
    point_id: UUID
    path: str
    kind: str
    state: str
    outcome: str
    times: int
    received_at: datetime
    last_at: datetime
    number_mask: str
    owner_account_id: UUID | None
    tries: int
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PassedCall:
    """A call that waits for the person who may speak about the file."""

    id: UUID
    kind: str
    case_id: UUID
    path: str
    received_at: datetime
    name: str = field(repr=False)
    said: str = field(repr=False)
    tries: int


@dataclass(frozen=True, slots=True)
class OpenedNumber:
    """The number of a missed call, for who calls back; or that this person has been stopped."""

    number: str = field(default="", repr=False)
    is_stopped: bool = False


@dataclass(frozen=True, slots=True)
class ShiftFacts:
    """A line of the rota. `day` is set for an exception, `weekday` otherwise."""

    id: UUID
    weekday: int | None
    day: date | None
    starts: str
    ends: str
    account_id: UUID | None
    shown_as: str


@dataclass(frozen=True, slots=True)
class Lines:
    """The hotline that somebody answers, and the near ones that they may answer with how many calls
    wait. `is_more`: there are others, to be searched; `is_another`: not the one that was asked for."""

    chosen: ServicePointFacts | None
    all: tuple[tuple[ServicePointFacts, int], ...]
    is_more: bool = False
    is_another: bool = False

    @property
    def may_switch(self) -> bool:
        return len(self.all) > 1


@dataclass(frozen=True, slots=True)
class Standing:
    """A hotline with who answers now, where its rota has gaps, and what waits there."""

    point: ServicePointFacts
    now: str
    gaps: tuple[tuple[int, str, str], ...]
    off: tuple[ShiftFacts, ...]
    open_calls: int
    overdue: int

    @property
    def needs_help(self) -> bool:
        return bool(self.gaps or self.off or self.overdue)


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    at: datetime
    to_name: str
    note: str
    open_calls: int


@dataclass(frozen=True, slots=True)
class StopFacts:
    id: UUID
    name: str
    at: datetime
    opened: int
