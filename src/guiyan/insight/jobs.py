"""What the worker does for imports: reading and writing large workbooks, in one transaction each."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from guiyan.insight.export_jobs import write_export
from guiyan.insight.fields import RETENTION
from guiyan.insight.importing import commands, queries
from guiyan.platform.actor import Actor
from guiyan.platform.beside import beside
from guiyan.platform.errors import Refused
from guiyan.platform.jobs import job, long_job
from guiyan.platform.permissions import Permission
from guiyan.platform.retention import obey
from guiyan.platform.scope import scoped

__all__ = ["commit_import", "obey_retention", "preview_import", "write_export"]

_TABLE = "insight_importbatch"


@job("insight.obey_retention", cron="35 18 * * *")
def obey_retention() -> None:
    """What imports showed and what they changed, and who asked for an export, goes in its time."""
    obey(RETENTION)


@long_job("insight.preview_import")
def preview_import(*, batch_id: str) -> None:
    """Read and judge; the page finds the result."""
    _run(UUID(batch_id), lambda by: commands.preview(by=by, batch_id=UUID(batch_id)))


@long_job("insight.commit_import")
def commit_import(*, batch_id: str) -> None:
    """Write in one transaction; how far it is is seen on the page meanwhile."""
    by = acting_for(UUID(batch_id))
    with beside(by.scope) as write:

        def progress(done: int, total: int) -> None:
            write(
                f"update {_TABLE} set progress = %s, total = %s where id = %s",  # noqa: S608
                [done, total, batch_id],
            )

        _run(
            UUID(batch_id),
            lambda by: commands.commit(by=by, batch_id=UUID(batch_id), progress=progress),
        )


def _run(batch_id: UUID, step: Callable[[Actor], object]) -> None:
    """A refusal is kept for the page; anything else is tried again by the queue."""
    by = acting_for(batch_id)
    try:
        with transaction.atomic(), scoped(by.scope):
            step(by)
    except Refused as refused:
        with transaction.atomic(), scoped(by.scope):
            commands.mark_refused(by=by, batch_id=batch_id, message=refused.message)


def acting_for(batch_id: UUID) -> Actor:
    """The person who asked for this step, standing where they stood when they asked."""
    system = Actor.system("insight")
    with transaction.atomic(), scoped(system.scope):
        acting = queries.batch_row(system, batch_id).acting
    return Actor.of_kept(acting, frozenset({Permission.IMPORT_WORKBOOKS}))
