"""A conflict that was decided in the room where its subject lives is decided here too."""

from collections.abc import Sequence
from uuid import UUID

from guiyan.field import receipts
from guiyan.field.commands.receiving import release_followers
from guiyan.field.commands.speaking import open_notes
from guiyan.field.commands.working import BOOKKEEPING
from guiyan.field.models import WaitingOperation
from guiyan.field.receipts import Result
from guiyan.platform import audit, clock
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.scope import beyond_scope


@command(None)
def settle_conflicts(
    *, by: Actor, operation_ids: Sequence[UUID], taken: UUID | None, version: int
) -> int:
    """Of these the one that is `taken` holds, the others are merged into what stands there; their
    phones are told, and what was held for them goes on. Those that do not wait in conflict are left
    alone, and so is one that its own phone replaces at this moment: it settles it. For rooms whose
    own command has asked for the right to decide; returns how many."""
    with beyond_scope(BOOKKEEPING):
        rows = list(
            WaitingOperation.objects.select_for_update(skip_locked=True)
            .filter(id__in=list(operation_ids), state="conflict")
            .order_by("id")
        )
        for row in rows:
            row.state, row.decision = "decided", "chosen"
            row.decided_at, row.decided_by = clock.now(), by.name
            row.save(update_fields=["state", "decision", "decided_at", "decided_by"])
            audit.note(subject_kind="operation", subject_id=row.id, kind=row.kind)
        receipts.settle(
            {row.id: Result("applied" if row.id == taken else "merged", version) for row in rows}
        )
    if rows:
        open_notes([row.id for row in rows])
        release_followers(by=by, of=[row.id for row in rows])
    return len(rows)
