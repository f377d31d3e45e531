"""Registers that leave the house: printed, asked for, approved, written by the worker, taken."""

from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.flows.registers import RegisterSide
from guiyan.flows.types import RegisterFilter
from guiyan.insight import export_jobs
from guiyan.insight import export_rules as rules
from guiyan.insight.export_sources import SOURCES, first_rows
from guiyan.insight.exporting import asked
from guiyan.insight.models import ExportRequest
from guiyan.members.opening_many import left_today
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform import audit, files
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, NotFound, Refused, refuse
from guiyan.platform.jobs import enqueue
from guiyan.platform.models import StoredFile
from guiyan.platform.permissions import Permission


@command(Permission.SEE_REGISTERS)
def note_print(*, by: Actor, side: RegisterSide, organisation_id: UUID, rows: int) -> None:
    """A page of a register is printed, with masks; who took it along is kept."""
    audit.note(
        subject_kind="register", subject_id=organisation_id, register=f"moved-{side}", rows=rows
    )


@command(Permission.EXPORT_REGISTERS)
def request_export(
    *,
    by: Actor,
    register: str,
    organisation_id: UUID,
    wanted: RegisterFilter | None = None,
    file_format: str = "xlsx",
    is_unmasked: bool = False,
    reason: str = "",
) -> UUID:
    """Ask for a register of an organisation in scope, complete at any size; returns the request.

    Masked, or unmasked within the day's 50: queued for the worker. Otherwise it waits for a
    second person. Raises Refused "reason" for full numbers without one, NotFound out of scope.
    """
    source = SOURCES.get(register)
    if source is None or file_format not in rules.FORMATS:
        raise Refused("unknown-register", _("请选择要导出的台账和格式。"))
    if file_format == "pdf" and not register.startswith("moved-"):
        raise Refused("no-print", _("这个名册只能导出为表格。"))
    if not by.may(source.permission):
        raise Forbidden(source.permission)
    refuse(rules.may_ask(is_unmasked=is_unmasked, reason=reason))
    organisation = orgs.get_organisation_for(by, organisation_id)
    wanted = wanted or RegisterFilter()
    is_unmasked = is_unmasked and source.holds_identity
    waits = is_unmasked and _needs_second_person(by, register, organisation, wanted)
    request = ExportRequest.objects.create(
        path=organisation.path,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        register=register,
        wanted={
            "states": list(wanted.states),
            "claimed": wanted.claimed,
            "trade": wanted.trade,
            "overdue": wanted.overdue,
            "alone": wanted.except_for is not None,
            "ended": wanted.ended,
        },
        file_format=file_format,
        is_unmasked=is_unmasked,
        reason=reason.strip()[:200],
        state="waiting" if waits else "queued",
        rows=_counted(by, register, organisation, wanted) if waits else None,
        acting=by.kept() | {"permissions": sorted(by.permissions)},
        requested_by_id=by.account_id,
        requested_by_name=by.name,
        requested_at=now(),
    )
    audit.note(
        subject_kind="export",
        subject_id=request.id,
        register=register,
        is_unmasked=is_unmasked,
        waits=waits,
    )
    if not waits:
        enqueue(export_jobs.write_export, request_id=str(request.id))
    return request.id


def _needs_second_person(
    by: Actor, register: str, organisation: OrganisationFacts, wanted: RegisterFilter
) -> bool:
    left = left_today(by)
    return rules.needs_second_person(
        rows=first_rows(register, by, organisation.path, wanted, left + 1),
        left_today=left,
        may_open=by.may(Permission.REVEAL_IDENTITY),
    )


def _counted(
    by: Actor, register: str, organisation: OrganisationFacts, wanted: RegisterFilter
) -> int:
    """How many people it is about, for the one who says yes; "more than" stands for the rest."""
    return first_rows(register, by, organisation.path, wanted, rules.COUNTED_UP_TO + 1)


@command(Permission.APPROVE_EXPORTS)
def decide_export(*, by: Actor, request_id: UUID, is_approved: bool, reason: str = "") -> None:
    """A second person within whose part of the tree the register lies says yes or no.

    Raises Refused "expired" after 24 hours, "not-waiting"; Forbidden for one's own request.
    """
    request = locked_request(request_id)
    refusal = rules.may_decide(asked(request), by=by.account_id, at=now())
    if refusal is not None and refusal.code == "own-request":
        raise Forbidden(refusal.message)
    refuse(refusal)
    request.state = "queued" if is_approved else "declined"
    request.decided_by_id, request.decided_by_name = by.account_id, by.name
    request.decided_at = now()
    request.save(update_fields=["state", "decided_by_id", "decided_by_name", "decided_at"])
    if is_approved:
        enqueue(export_jobs.write_export, request_id=str(request.id))
    audit.note(subject_kind="export", subject_id=request.id, is_approved=is_approved)


@command(Permission.EXPORT_REGISTERS)
def take_export(*, by: Actor, request_id: UUID) -> StoredFile:
    """The one who asked takes the file; each taking is kept before a byte is returned.

    Raises Forbidden for anybody else and before a second person's yes, NotFound after its day.
    """
    request = ExportRequest.objects.filter(id=request_id).first()
    if request is None:
        raise NotFound("export")
    if request.state in ("waiting", "declined") or by.account_id != request.requested_by_id:
        raise Forbidden("take_export")
    may = rules.may_download(asked(request), by=by.account_id, at=now(), ready_at=request.ready_at)
    if not may or request.stored_file_id is None:
        raise NotFound("export")
    audit.note(
        subject_kind="export", subject_id=request.id, register=request.register, rows=request.rows
    )
    return files.get_file_for(by, request.stored_file_id)


def locked_request(request_id: UUID) -> ExportRequest:
    request = ExportRequest.objects.select_for_update().filter(id=request_id).first()
    if request is None:
        raise NotFound("export")
    return request
