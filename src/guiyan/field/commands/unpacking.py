"""One operation out of what a phone sent: read now, or again after it has waited."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError

from guiyan.field.models import WaitingOperation
from guiyan.field.offline import OperationKind, VersionUnknown, operation_kinds, read_body
from guiyan.field.rules import reading
from guiyan.platform.errors import Refusal


@dataclass(frozen=True, slots=True)
class Sent:
    """One operation that was read: its envelope, what was sent, its kind, its body of today."""

    envelope: reading.Envelope
    given: dict[str, Any]
    kind: OperationKind
    body: BaseModel
    received_at: datetime
    skew_s: int

    @property
    def id(self) -> UUID:
        return self.envelope.id


def read_one(given: object, now: datetime, skew: int) -> Sent | Refusal:
    envelope = reading.read(given)
    if isinstance(envelope, Refusal) or not isinstance(given, dict):
        return envelope if isinstance(envelope, Refusal) else reading.MALFORMED
    kind = operation_kinds.get(envelope.kind)
    if kind is None:
        return reading.UNKNOWN_KIND
    if envelope.spoken is not None and not kind.takes_spoken:
        return reading.INVALID
    try:
        body = read_body(kind, envelope.version, envelope.body)
    except VersionUnknown:
        return reading.TOO_NEW
    except ValidationError:
        return reading.INVALID
    return Sent(envelope, given, kind, body, now, skew)


def read_again(row: WaitingOperation) -> Sent | Refusal:
    """What waits, read as one of today: its form may have changed meanwhile (F17)."""
    sent = read_one(row.sent, row.received_at, row.skew_s)
    return sent if isinstance(sent, Refusal) else replace(sent, received_at=row.received_at)
