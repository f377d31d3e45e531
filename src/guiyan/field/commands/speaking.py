"""Notes by voice: named by an operation, taken in piece by piece, opened when it took effect."""

import hashlib
from collections.abc import Iterable, Sequence
from uuid import UUID

from guiyan.field.commands.unpacking import Sent
from guiyan.field.commands.working import BOOKKEEPING
from guiyan.field.models import Receipt, SpokenNote
from guiyan.field.rules import spoken as rules
from guiyan.field.types import Came, Sender
from guiyan.kernel.boxes import box_of_bytes
from guiyan.kernel.crypto import BoxBroken, KeyMissing
from guiyan.platform import audit, clock, limits
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import ComeLater, NotFound
from guiyan.platform.keys import key_ring
from guiyan.platform.scope import beyond_scope

# Only then is there something beside which it is heard; what waits for a person stays sealed.
TOOK_EFFECT = ("applied", "merged")
_A_DAY_S = 3600


def await_notes(sender: Sender, operations: Iterable[Sent]) -> None:
    """These operations name a note that the phone sends later; the first who names an id has it."""
    rows = [
        SpokenNote(
            id=named.id,
            operation_id=sent.id,
            organisation_id=sender.organisation_id,
            path=sender.path,
            account_id=sender.account_id,
            device_id=sender.device_id,
            digest=bytes.fromhex(named.digest),
            size_bytes=named.size,
            received_at=sent.received_at,
        )
        for sent in operations
        if (named := sent.envelope.spoken) is not None
    ]
    if rows:
        with beyond_scope(BOOKKEEPING):
            SpokenNote.objects.bulk_create(rows, ignore_conflicts=True)


@command(None)
def take_piece(*, by: Actor, sender: Sender, note_id: UUID, at: int, piece: bytes) -> Came:
    """Some bytes of a note from the phone that made it; the same again changes nothing.

    When the whole came it is compared with the operation's word; if it is another it begins anew.
    Raises NotFound until its operation was taken in; ComeLater for a phone that runs wild.
    """
    with beyond_scope(BOOKKEEPING):
        note = (
            SpokenNote.objects.select_for_update()
            .filter(id=note_id, device_id=sender.device_id)
            .first()
        )
        if note is None:
            raise NotFound(note_id)
        if note.ended_at is None:
            _add(note, at, piece)
        if note.ended_at is not None:
            audit.note(subject_kind="spoken", subject_id=note.id, operation=str(note.operation_id))
            open_notes([note.operation_id])
    return Came(note.came_bytes, note.size_bytes, note.ended_at is not None)


def came_of(sender: Sender, note_id: UUID) -> Came:
    """How far a note of this phone has come. Raises NotFound."""
    with beyond_scope(BOOKKEEPING):
        note = SpokenNote.objects.filter(id=note_id, device_id=sender.device_id).first()
    if note is None:
        raise NotFound(note_id)
    return Came(note.came_bytes, note.size_bytes, note.ended_at is not None)


def _add(note: SpokenNote, at: int, piece: bytes) -> None:
    if note.came_bytes == 0:
        times, per = rules.MOST_OF_A_PHONE
        if not limits.take("field-spoken", str(note.device_id), limit=times, per=per):
            raise ComeLater(_A_DAY_S)
    added = rules.taken(piece, at=at, came=note.came_bytes, size=note.size_bytes)
    note.box = bytes(note.box or b"") + added.fresh
    note.came_bytes = added.came
    if note.came_bytes == note.size_bytes:
        if hashlib.sha256(note.box).digest() == bytes(note.digest):
            note.ended_at = clock.now()
            note.key_id = note.box[:8].decode("ascii", "replace").replace("\0", "")
        else:
            note.box, note.came_bytes = None, 0
    note.save(update_fields=["box", "came_bytes", "ended_at", "key_id"])


def open_notes(operation_ids: Sequence[UUID]) -> int:
    """Notes that came whole and whose operation took effect can be heard from now on: opened once,
    and sealed for here. Answers how many."""
    if not operation_ids:
        return 0
    with beyond_scope(BOOKKEEPING):
        waiting = SpokenNote.objects.select_for_update(skip_locked=True).filter(
            operation_id__in=operation_ids, ended_at__isnull=False, box__isnull=False
        )
        done = Receipt.objects.filter(
            id__in=[note.operation_id for note in waiting], state__in=TOOK_EFFECT
        ).values_list("id", flat=True)
        ready = [note for note in waiting if note.operation_id in set(done)]
        for note in ready:
            _open(note)
    return len(ready)


def _open(note: SpokenNote) -> None:
    """What does not open, or is no sound, is not kept; that there was one stays known. One whose
    key is not here waits for the key to be restored."""
    box, context = bytes(note.box or b""), rules.box_context(note.id)
    try:
        plain = key_ring().open_box(box_of_bytes(box), context=context)
    except KeyMissing:
        return
    except (BoxBroken, ValueError):
        plain = b""
    note.media_type = rules.media_type_of(plain)
    note.is_broken = not note.media_type
    note.sound = (
        None if note.is_broken else key_ring().seal(plain, context=rules.seal_context(note.id))
    )
    note.box, note.key_id = None, ""
    note.save(update_fields=["media_type", "is_broken", "sound", "box", "key_id"])


def forget_notes(operation_ids: Sequence[UUID]) -> int:
    """With the records beside which they were heard; called by the room that keeps these, in the
    night, with system scope."""
    return SpokenNote.objects.filter(operation_id__in=operation_ids).delete()[0]
