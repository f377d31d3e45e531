"""Which notes by voice there are beside what was recorded, and their sound."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from guiyan.field.models import SpokenNote
from guiyan.field.rules.spoken import seal_context
from guiyan.field.types import SpokenFacts
from guiyan.platform.errors import NotFound
from guiyan.platform.keys import key_ring
from guiyan.platform.scope import beyond_scope

_WITH_ITS_RECORD = "whoever may see a record hears what was said beside it, wherever it was said"
_PAGE = 1000


def spoken_of(operation_ids: Iterable[UUID]) -> dict[UUID, SpokenFacts]:
    """By the operation; the caller has shown that the actor may see what it recorded. One query."""
    with beyond_scope(_WITH_ITS_RECORD):
        rows = SpokenNote.objects.filter(operation_id__in=list(operation_ids)).defer("box", "sound")
        return {
            row.operation_id: SpokenFacts(row.id, bool(row.media_type), row.is_broken)
            for row in rows
        }


def sound_of(operation_id: UUID) -> tuple[bytes, str]:
    """The sound and its kind; the caller has shown that the actor may see the record. Raises
    NotFound while it has not come, waits for a person, or was no sound."""
    with beyond_scope(_WITH_ITS_RECORD):
        row = SpokenNote.objects.filter(operation_id=operation_id, sound__isnull=False).first()
    if row is None:
        raise NotFound(operation_id)
    sound = key_ring().open_sealed(bytes(row.sound or b""), context=seal_context(row.id))
    return sound, row.media_type


def spoken_of_all() -> Iterator[Sequence[UUID]]:
    """Operations with a note, page by page, for the room that knows when their records go. With
    system scope."""
    ids = list(SpokenNote.objects.order_by("id").values_list("operation_id", flat=True))
    yield from (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))
