"""What upper rooms hang into work without a line: kinds of packet that a phone takes along, and
kinds of operation that it brings back. docs/offline.md tells the whole protocol.

A room calls `register_packet_kind` and `register_operation_kind` in its `ready()`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from pydantic import BaseModel, ValidationError

from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission

State = Literal["applied", "merged", "conflict", "quarantined", "refused"]
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """One area that a person works in; `version` grows with every change of a record in it."""

    id: UUID
    name: str
    count: int
    version: int


@dataclass(frozen=True, slots=True)
class AreaOwner:
    """Who answers for an area, or a subject, now: work that comes too late goes to their inbox.
    `area_id` names the area in which the subject is now, where that is another one."""

    organisation_id: UUID
    path: str
    area_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PacketContent:
    """An area as it stands. Each record bears "id" and "version" (the area's version at which it
    last changed); `tombstones` says at which version a record left the area."""

    records: Sequence[Record]
    version: int
    tombstones: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PacketKind:
    """What a phone takes along. `areas_for` and `build` share one policy: who lists may build.

    `build` raises NotFound for an area that is not the actor's. `owner_of` says, beyond the
    actor's scope, who has an area now; None when nobody has it. `workers` are the accounts that go
    with such packets for this actor, who ends their phones when these are lost.
    """

    code: str
    title: str
    permission: Permission
    areas_for: Callable[[Actor], Sequence[AreaFacts]]
    build: Callable[[Actor, UUID], PacketContent]
    owner_of: Callable[[UUID], AreaOwner | None] = lambda area_id: None
    workers: Callable[[Actor], frozenset[UUID]] = lambda actor: frozenset()


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that was done in the field, read and checked, its sealed part opened.

    `at_device` is what the phone's clock said and proves nothing; the server's order rules.
    `chosen` is set when a person decided a conflict: the fields whose value from the phone is
    taken, whatever the record's version is.
    """

    id: UUID
    kind: str
    version: int
    area_id: UUID | None
    subject_id: UUID
    base_version: int | None
    after: UUID | None
    supersedes: UUID | None
    body: BaseModel
    opened: dict[str, str] = field(repr=False)
    device_id: UUID
    at_device: datetime | None
    skew_s: int
    chosen: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an operation. A conflict says in `kept`, for each field, {"here": …, "phone": …}.

    `kept` holds nothing that had been sealed.
    """

    state: State
    version: int | None = None
    detail_code: str = ""
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """What waits for a person, as its kind puts it into words. `body` is as the phone sent it, of
    any version; what was sealed is not in it."""

    id: UUID
    subject_id: UUID
    area_id: UUID | None
    body: Mapping[str, Any]


class Touched(NamedTuple):
    """What an operation is about to touch: enough to lock it, before anything is opened or applied."""

    kind: str
    area_id: UUID | None
    subject_id: UUID
    body: BaseModel


def _holds_nothing(touched: Sequence[Touched]) -> None:
    """For kinds that touch one thing each."""


@dataclass(frozen=True, slots=True)
class KindWords:
    """How pages say what waits, where a kind has words of its own.

    `said` puts many into a sentence each, with the name of the thing; the caller has shown that the
    actor may see them. `of_value` is a field's label and its value in words. `why` is for the
    kind's own codes.
    """

    said: Callable[[Actor, Sequence[Written]], Mapping[UUID, str]]
    of_value: Callable[[str, Any], tuple[str, str]]
    why: Mapping[str, str | Promise] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OperationKind:
    """What a phone brings back.

    `apply` takes a whole batch in the order of the server: one command, an audit row for each
    operation, one outcome for each, in the same order. `converters` raise a body from a version to
    the next. `area_kind` names the packet kind to whose areas the operations belong: they are
    applied by who has the area and bears its packet. `decided_with` is the permission of the
    person who decides what waits. `owner_of` says, beyond the actor's scope, who has a subject
    now, where subjects go from one area to another; otherwise the area's owner is asked.
    `takes_spoken`: a note by voice may go with it, and the room lets it be heard beside the record.
    `turned_down` is told which of its conflicts a person has declined here. `conflicts_go_up`: who
    works in an area is a party to what is said there twice, and `decided_with` alone chooses.
    `hold` locks in one order what a whole batch of a room's kinds is about to touch; kinds that share
    a function are held together (docs/offline.md, "One order of locks").
    """

    code: str
    version: int
    body: type[BaseModel]
    permission: Permission
    apply: Callable[[Actor, Sequence[Operation]], Sequence[Outcome]]
    converters: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = field(
        default_factory=dict
    )
    area_kind: str = ""
    title: str = ""
    decided_with: Permission = Permission.MANAGE_CENSUS
    owner_of: Callable[[UUID], AreaOwner | None] = lambda subject_id: None
    words: KindWords | None = None
    takes_spoken: bool = False
    turned_down: Callable[[Actor, Sequence[UUID]], None] = lambda actor, operation_ids: None
    conflicts_go_up: bool = False
    hold: Callable[[Sequence[Touched]], None] = _holds_nothing


packet_kinds: dict[str, PacketKind] = {}
operation_kinds: dict[str, OperationKind] = {}


def register_packet_kind(kind: PacketKind) -> None:
    packet_kinds[kind.code] = kind


def register_operation_kind(kind: OperationKind) -> None:
    """Raises ValueError when an old version could not be read any more."""
    if set(kind.converters) != set(range(1, kind.version)):
        raise ValueError(f"{kind.code}: a converter for each version before {kind.version}")
    operation_kinds[kind.code] = kind


class VersionUnknown(Exception):
    """The phone's program is newer than this server."""


def read_body(kind: OperationKind, version: int, body: dict[str, Any]) -> BaseModel:
    """A body of any version as one of today. Raises VersionUnknown, pydantic.ValidationError."""
    if not 1 <= version <= kind.version:
        raise VersionUnknown(version)
    try:
        for step in range(version, kind.version):
            body = kind.converters[step](body)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise ValidationError.from_exception_data(kind.code, []) from wrong
    return kind.body.model_validate(body)
