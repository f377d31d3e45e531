"""A member says: no more; or somebody does from a number that several share. One row as long as it
holds.

A word that comes by SMS comes from a number, not from a person: whoever wrote it, nobody is written
to at this number any more, and those whose own number it is get nothing pushed at all.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from guiyan.kernel.crypto import KeyMissing, SealBroken
from guiyan.members import sending
from guiyan.messaging.models import Stop, StoppedNumber
from guiyan.platform.clock import now
from guiyan.platform.keys import key_ring
from guiyan.platform.resealing import sealed_column

# The only message that still goes to a number that said no more: that it was heard.
CONFIRMED = "stop_confirmed"


def stop(member_id: UUID, path: str, how: str) -> bool:
    """False when it held already."""
    _, is_new = Stop.objects.get_or_create(
        member_id=member_id,
        ended_at__isnull=True,
        defaults={"path": path, "how": how, "since": now()},
    )
    return is_new


def resume(member_id: UUID) -> bool:
    """False when nothing was stopped."""
    held = Stop.objects.filter(member_id=member_id, ended_at__isnull=True)
    return bool(held.update(ended_at=now()))


def sealed_number(stop_id: UUID, number: str) -> bytes:
    return key_ring().seal(number.encode(), context=_context(stop_id))


def stop_number(stop_id: UUID, blinds: Sequence[bytes], sealed: bytes, how: str) -> bool:
    """False when this number had said so already."""
    if stopped(blinds).exists():
        return False
    StoppedNumber.objects.create(id=stop_id, blind=blinds[0], sealed=sealed, how=how, since=now())
    return True


def resume_numbers(blinds: Sequence[bytes]) -> int:
    """How many numbers may be written to again."""
    return stopped(blinds).update(ended_at=now())


def stopped(blinds: Sequence[bytes]) -> QuerySet[StoppedNumber]:
    """Those of these numbers that said: no more."""
    return StoppedNumber.objects.filter(blind__in=list(blinds), ended_at__isnull=True)


def stopped_among(blinds: Sequence[bytes]) -> set[bytes]:
    """Which of these numbers said: no more. One query."""
    return {bytes(blind) for blind in stopped(blinds).values_list("blind", flat=True)}


def forget_numbers_of(member_ids: Sequence[UUID]) -> None:
    """The number goes with the last file that has it. Its keyed hash stays, without a person: who
    withdrew is not written to again when the number is put down anew (PIPL arts. 15 and 47)."""
    blinds = sending.numbers_of_these_alone(member_ids)
    StoppedNumber.objects.filter(blind__in=blinds).update(sealed=None)


def number_in(row: StoppedNumber) -> tuple[str, str] | None:
    """The number and what its hash is made for; None when it is erased, or can't be opened."""
    if row.sealed is None:
        return None
    try:
        number = key_ring().open_sealed(bytes(row.sealed), context=_context(row.id)).decode()
    except (SealBroken, KeyMissing):
        return None
    return number, sending.NUMBER


def join_lower_rooms() -> None:
    sealed_column("messaging.StoppedNumber", "sealed", lambda row: _context(row.id))


def _context(stop_id: UUID) -> str:
    return f"messaging_stoppednumber.sealed.{stop_id}"
