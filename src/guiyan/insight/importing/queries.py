"""Imports of the actor's part of the tree; row-level security answers."""

from collections.abc import Mapping
from uuid import UUID

from guiyan.insight.importing.judged import unpacked
from guiyan.insight.importing.types import BatchFacts
from guiyan.insight.models import ImportBatch, ImportMapping
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.permissions import Permission


def batch_row(actor: Actor, batch_id: UUID, *, lock: bool = False) -> ImportBatch:
    """For this room's commands. Raises NotFound outside the scope."""
    rows = ImportBatch.objects.select_for_update() if lock else ImportBatch.objects.all()
    row = rows.filter(pk=batch_id).first()
    if row is None:
        raise NotFound("import")
    return row


def get_batch_for(actor: Actor, batch_id: UUID) -> BatchFacts:
    """One query. Raises NotFound outside the scope."""
    _require(actor)
    return batch_facts(batch_row(actor, batch_id))


def batches_for(actor: Actor, *, limit: int = 50) -> list[BatchFacts]:
    """The newest imports, without their problems; at most one page. One query."""
    _require(actor)
    rows = ImportBatch.objects.defer("problems", "sample", "changes").order_by("-created_at")
    return [batch_facts(row, with_problems=False) for row in rows[:limit]]


def remembered_mapping(
    organisation: OrganisationFacts, kind: str, fingerprint: str
) -> Mapping[str, int] | None:
    """How a person mapped this header the last time: for this organisation, else for the nearest
    one in scope. One query."""
    rows = ImportMapping.objects.filter(kind=kind, fingerprint=fingerprint)
    nearest = sorted(rows, key=lambda row: _apart(row.path, organisation.path))
    return dict(nearest[0].mapping) if nearest else None


def batch_facts(row: ImportBatch, *, with_problems: bool = True) -> BatchFacts:
    return BatchFacts(
        id=row.id,
        path=row.path,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation_name,
        kind=row.kind,
        file_name=row.file_name,
        state=row.state,
        refusal=row.refusal,
        sheet=row.sheet,
        labels={int(column): label for column, label in row.labels},
        mapping=dict(row.mapping),
        is_certain=row.is_certain,
        counts=dict(row.counts),
        problems=unpacked(row.problems) if with_problems else [],
        sample=list(row.sample) if with_problems else [],
        progress=row.progress,
        total=row.total,
        undone=dict(row.undone),
        created_by_name=row.created_by_name,
        created_at=row.created_at,
        committed_at=row.committed_at,
        undone_at=row.undone_at,
    )


def _apart(path: str, other: str) -> int:
    common = 0
    while common < min(len(path), len(other)) and path[common] == other[common]:
        common += 1
    return len(path) + len(other) - 2 * common


def _require(actor: Actor) -> None:
    if not actor.may(Permission.IMPORT_WORKBOOKS):
        raise Forbidden("imports")
