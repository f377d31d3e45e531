"""How an operation is read that a phone sent: its envelope, its size, what a clock said.

Each is read alone, so that one which can't be read refuses none of the others.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from guiyan.field.rules import spoken
from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform.errors import Refusal

LARGEST_OPERATION_BYTES = 2048  # trust.md 3.4
MOST_IN_A_BATCH = 200
FLAGGED_SKEW_S = 300  # fieldwork.md §6, two clocks
_MOST_SKEW_S = 4_000_000_000  # what a clock at the ends of the calendar gives

MALFORMED = Refusal(
    "malformed", _("这条记录读不懂，没有收下；它还在手机上。请更新离线工具后再传。")
)
TOO_LARGE = Refusal("too-large", _("这条记录超过2 KB，没有收下；它还在手机上。请写短一些再存。"))
UNKNOWN_KIND = Refusal(
    "unknown-kind", _("这台服务器不认识这种记录，没有收下；它还在手机上。请等服务器更新后再传。")
)
TOO_NEW = Refusal(
    "version-too-new",
    _("手机上的离线工具比服务器新，没有收下；它还在手机上。请等服务器更新后再传。"),
)
INVALID = Refusal("invalid", _("这条记录填得不完整或不对，没有收下；它还在手机上。请改正后再传。"))
DIFFERENT = Refusal(
    "different", _("同一编号先前已收到另一份内容，这份没有写入。请在手机上重新填写这一条。")
)


class Spoken(BaseModel):
    """A note by voice that comes after its operation: its own id, and what its box will be."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=spoken.SMALLEST_BYTES, le=spoken.LARGEST_BYTES)


class Envelope(BaseModel):
    """One operation as a phone sends it (docs/offline.md, "Operations")."""

    model_config = ConfigDict(extra="forbid", strict=False)

    id: UUID
    kind: str = Field(min_length=1, max_length=40, pattern=r"^[a-z_]+\.[a-z_]+$")
    version: int = Field(ge=1, le=1000)
    area_id: UUID | None = None
    subject_id: UUID
    base_version: int | None = Field(None, ge=0, le=2**62)
    after: UUID | None = None
    supersedes: UUID | None = None
    at_device: str = Field("", max_length=40)
    body: dict[str, Any] = Field(default_factory=dict)
    sealed: str = Field("", max_length=2000)
    spoken: Spoken | None = None


def read(given: object) -> Envelope | Refusal:
    """An operation's envelope, or why it can't be read."""
    try:
        if len(canonical(given)) > LARGEST_OPERATION_BYTES:
            return TOO_LARGE
        envelope = Envelope.model_validate(given)
    except (ValidationError, ValueError, TypeError, RecursionError):
        return MALFORMED
    return MALFORMED if "\\u0000" in json.dumps(given) else envelope  # PostgreSQL keeps no NUL


def id_of(given: object) -> UUID | None:
    """The id of what can't be read otherwise, so that the phone knows which one is meant."""
    try:
        return UUID(str(given["id"])) if isinstance(given, dict) else None
    except (KeyError, ValueError):
        return None


def canonical(given: object) -> bytes:
    """One spelling of one content: keys in order, no blanks, UTF-8."""
    return json.dumps(
        given, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def moment(said: str) -> datetime | None:
    """What the phone's clock said; None when it said nothing that is a time (never a refusal)."""
    try:
        at = datetime.fromisoformat(said)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def skew_s(said: str, now: datetime) -> int:
    """How far the phone's clock is ahead of the server's; 0 when it did not say (F14)."""
    at = moment(said)
    if at is None:
        return 0
    return max(-_MOST_SKEW_S, min(_MOST_SKEW_S, int((at - now) / timedelta(seconds=1))))


def is_flagged(skew: int) -> bool:
    """A clock more than five minutes wrong is shown to people; nothing is refused for it."""
    return abs(skew) > FLAGGED_SKEW_S
