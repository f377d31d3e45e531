"""The worker's part of an export: the file is written, or it is said why it can't be."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from guiyan.flows.registers import RegisterSide
from guiyan.flows.types import RegisterFilter
from guiyan.insight import export_rules as rules
from guiyan.insight.export_sources import SOURCES, Identity, filter_of, register_rows_of
from guiyan.insight.models import ExportRequest
from guiyan.insight.printing import printed_register, summary_of
from guiyan.kernel.workbooks.write import write_csv, write_register
from guiyan.members.commands import open_identity_of_many
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform import audit, files
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import Refused, refuse
from guiyan.platform.permissions import Permission

Progress = Callable[[int], None]
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}


@command(Permission.EXPORT_REGISTERS)
def write_export(*, by: Actor, request_id: UUID, progress: Progress | None = None) -> None:
    """The worker writes the file, for the person who asked; a second run changes nothing.

    Each member whose numbers leave has an audit row of their own before the file exists. An
    unmasked request that meanwhile goes beyond the day's 50 waits for a second person after all.
    """
    request = ExportRequest.objects.filter(id=request_id).first()
    if request is None or request.state not in ("queued", "writing"):
        return
    refuse(rules.may_write(asked(request), at=now()))
    with tempfile.TemporaryDirectory(prefix="export-") as directory:
        target = Path(directory) / "register"
        rows = _written(by, request, target, progress)
        stored = files.store_file(
            by,
            source=target,
            name=file_name(request),
            media_type=MEDIA_TYPES[request.file_format],
            purpose="export",
            keep=rules.FILE_LASTS,
        )
    ExportRequest.objects.filter(id=request_id).update(
        state="ready", rows=rows, progress=rows, stored_file_id=stored.id, ready_at=now()
    )
    audit.note(
        subject_kind="export",
        subject_id=request.id,
        reason=request.reason,
        register=request.register,
        rows=rows,
        is_unmasked=request.is_unmasked,
        approved_by=request.decided_by_name,
    )


def _written(by: Actor, request: ExportRequest, target: Path, progress: Progress | None) -> int:
    organisation = orgs.get_organisation_for(by, request.organisation_id)
    source, wanted = SOURCES[request.register], filter_of(request.wanted)
    if request.file_format == "pdf":
        return _write_pdf(by, request, organisation, wanted, target)

    def opened(member_ids: Sequence[UUID]) -> Identity:
        if not request.is_unmasked:
            return {}
        return open_identity_of_many(
            by=by,
            member_ids=member_ids,
            reason=request.reason,
            approved_by=request.decided_by_name,
        )

    columns, lines = source.columns(), source.lines(by, organisation, wanted, opened)
    if request.file_format == "csv":
        return write_csv(target, columns, lines, progress=progress)
    return write_register(
        target,
        f"{organisation.name} {source.title}",
        columns,
        lines,
        header_note=header_note(by, request),
        watermark=f"{by.name} {by.organisation_name} {by.today:%Y-%m-%d}",
        progress=progress,
    )


def _write_pdf(
    by: Actor,
    request: ExportRequest,
    organisation: OrganisationFacts,
    wanted: RegisterFilter,
    target: Path,
) -> int:
    side: RegisterSide = "in" if request.register == "moved-in" else "out"
    rows = []
    for page in register_rows_of(by, side, organisation.path, wanted):
        rows += page
        if len(rows) > rules.LONGEST_PDF:
            raise Refused("too-long", _("超过5000行的台账请导出为表格（xlsx）。"))
    summary = summary_of(by, side, organisation.path)
    content = printed_register(by, side, organisation.name, rows, as_of=by.today, summary=summary)
    target.write_bytes(content)
    return len(rows)


def header_note(by: Actor, request: ExportRequest) -> str:
    """Who took it, when, what for, with whose yes: the second line of the sheet."""
    parts = [
        _("导出：%(who)s（%(unit)s）") % {"who": by.name, "unit": by.organisation_name},
        f"{timezone.localtime(now()):%Y-%m-%d %H:%M}",
        _("含完整号码") if request.is_unmasked else _("号码已脱敏"),
    ]
    if request.reason:
        parts.append(_("用途：%(why)s") % {"why": request.reason})
    if request.decided_by_name:
        parts.append(_("批准：%(who)s") % {"who": request.decided_by_name})
    return "　".join(parts)


def file_name(request: ExportRequest) -> str:
    """No person's name stands in it."""
    day = timezone.localtime(request.requested_at)
    return f"{request.register}-{day:%Y%m%d-%H%M}.{request.file_format}"


@command(Permission.EXPORT_REGISTERS)
def export_to_file(
    *, by: Actor, register: str, organisation_id: UUID, out: Path, progress: Progress | None = None
) -> int:
    """The command line's export: masked, to a file of the operator's. Returns the rows.

    It is written beside its place and moved there whole, so that nobody finds half a register.
    """
    organisation = orgs.get_organisation_for(by, organisation_id)
    source = SOURCES[register]
    lines = source.lines(by, organisation, RegisterFilter(), lambda member_ids: {})
    audit.note(subject_kind="register", subject_id=organisation.id, register=register)
    part = out.with_suffix(out.suffix + ".part")
    part.touch(mode=0o600)
    if out.suffix == ".csv":
        rows = write_csv(part, source.columns(), lines, progress=progress)
    else:
        title = f"{organisation.name} {source.title}"
        rows = write_register(part, title, source.columns(), lines, progress=progress)
    part.rename(out)
    return rows


@command(Permission.EXPORT_REGISTERS)
def put_off_export(*, by: Actor, request_id: UUID, code: str, message: str) -> None:
    """The worker could not write it: beyond the quota it waits for a second person, else it failed."""
    is_quota = code == "reveal-quota"
    ExportRequest.objects.filter(id=request_id, state__in=("queued", "writing")).update(
        state="waiting" if is_quota else "failed", refusal="" if is_quota else message[:300]
    )
    audit.note(subject_kind="export", subject_id=request_id, code=code)


def asked(request: ExportRequest) -> rules.Asked:
    return rules.Asked(
        requested_by=request.requested_by_id,
        requested_at=request.requested_at,
        state=request.state,
        is_unmasked=request.is_unmasked,
        decided_at=request.decided_at,
    )
