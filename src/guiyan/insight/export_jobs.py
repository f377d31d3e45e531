"""The worker writes exports: its progress is seen meanwhile, and it may run twice."""

from uuid import UUID

from django.db import transaction

from guiyan.insight import exporting
from guiyan.insight.models import ExportRequest
from guiyan.platform.actor import Actor
from guiyan.platform.beside import beside
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.jobs import long_job
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import scoped

_TABLE = "insight_exportrequest"


@long_job("insight.write_export")
def write_export(*, request_id: str) -> None:
    """One transaction reads everything; a refusal is kept for the page."""
    by = _acting_for(UUID(request_id))
    with beside(by.scope) as write:

        def progress(done: int) -> None:
            write(
                f"update {_TABLE} set state = 'writing', progress = %s"  # noqa: S608
                " where id = %s and state in ('queued', 'writing')",
                [done, request_id],
            )

        try:
            with transaction.atomic(), scoped(by.scope):
                exporting.write_export(by=by, request_id=UUID(request_id), progress=progress)
        except Refused as refused:
            with transaction.atomic(), scoped(by.scope):
                exporting.put_off_export(
                    by=by,
                    request_id=UUID(request_id),
                    code=refused.code,
                    message=refused.message,
                )


def _acting_for(request_id: UUID) -> Actor:
    """The person who asked, standing where they stood when they asked."""
    with transaction.atomic(), scoped(Actor.system("insight").scope):
        request = ExportRequest.objects.filter(id=request_id).first()
    if request is None:
        raise NotFound("export")
    permissions = frozenset(Permission(code) for code in request.acting["permissions"])
    # Requests that were kept before the kind was are of staff.
    return Actor.of_kept({"kind": "staff", **request.acting}, permissions)
