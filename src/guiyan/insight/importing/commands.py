"""The stages of an import: read, mapped by a person where need be, previewed, written, undone."""

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.insight.fields import UNDO_DAYS
from guiyan.insight.importing import lines as importing
from guiyan.insight.importing import queries, sources
from guiyan.insight.importing.judged import (
    IMPORTERS,
    Judged,
    context_for,
    judge_table,
    packed,
    sample_of,
)
from guiyan.insight.importing.lines import Context, Progress
from guiyan.insight.importing.types import BatchFacts
from guiyan.insight.importing.workbook import samples_of
from guiyan.insight.models import ImportBatch, ImportMapping
from guiyan.kernel.workbooks.kinds import KINDS
from guiyan.orgs import queries as orgs
from guiyan.platform import audit, files
from guiyan.platform.actor import Actor
from guiyan.platform.ahead import sending_ahead
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import Refused
from guiyan.platform.permissions import Permission
from guiyan.platform.turns import hold_alone

# Loaded when a workbook is handed back: openpyxl brings 40 MB along, numpy among it.
_MARKING: Final = "guiyan.kernel.workbooks.mark"
KEPT: Final = timedelta(days=30)  # the sealed workbook, to be handed back marked
_MEDIA_TYPES: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
}
_CERTAIN: Final = 0.9


def silent(_done: int, _all: int) -> None:
    """Tells nobody."""


@command(Permission.IMPORT_WORKBOOKS)
def read_upload(
    *, by: Actor, organisation_id: UUID, kind: str, source: Path, file_name: str
) -> BatchFacts:
    """A workbook is read, its table found, and kept sealed; nothing is written from it yet.

    A mapping that a person corrected for the same header is used again. Raises Refused with one
    line for a file that is not opened, NotFound for an organisation outside the scope.
    """
    organisation = orgs.get_organisation_for(by, organisation_id)
    if kind not in KINDS:
        raise Refused("kind", _("请选择导入哪一类表格。"))
    table = sources.opened(source, file_name, kind, None)
    remembered = queries.remembered_mapping(organisation, kind, table.layout.fingerprint)
    if remembered is not None:
        table = sources.opened(source, file_name, kind, remembered)
    stored = files.store_file(
        by.standing_for(organisation.id, organisation.path, organisation.name),
        source=source,
        name=file_name,
        media_type=_MEDIA_TYPES.get(Path(file_name).suffix.lower(), "text/csv"),
        purpose="import",
        keep=KEPT,
    )
    layout = table.layout
    row = ImportBatch.objects.create(
        path=organisation.path,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        kind=kind,
        file_name=Path(file_name).name[:200],
        stored_file_id=stored.id,
        fingerprint=layout.fingerprint,
        sheet=layout.sheet[:100],
        labels=[[index, layout.label(index)] for index in sorted(layout.labels)],
        mapping=dict(layout.mapping),
        is_certain=layout.confidence >= _CERTAIN and not layout.missing,
        acting=by.kept(),
        created_by_id=by.account_id,
        created_by_name=by.name,
    )
    audit.note(subject_kind="import", subject_id=row.id, kind=kind, size=stored.size_bytes)
    return queries.batch_facts(row)


@command(Permission.IMPORT_WORKBOOKS)
def set_mapping(*, by: Actor, batch_id: UUID, mapping: Mapping[str, int]) -> BatchFacts:
    """A person says which column is which; it is remembered for workbooks with this header.

    Raises Refused when a required column is missing or one column is given twice.
    """
    row = queries.batch_row(by, batch_id, lock=True)
    _refuse_unless(row, "uploaded", "reading", "previewed", "refused")
    with sources.workbook(by, row) as source:
        table = sources.opened(source, row.file_name, row.kind, mapping)
    sources.refuse_missing(table)
    ImportMapping.objects.update_or_create(
        path=row.path,
        kind=row.kind,
        fingerprint=row.fingerprint,
        defaults={"mapping": dict(mapping)},
    )
    row.mapping, row.is_certain, row.state = dict(mapping), True, "uploaded"
    row.save(update_fields=["mapping", "is_certain", "state"])
    audit.note(subject_kind="import", subject_id=row.id, columns=len(mapping))
    return queries.batch_facts(row)


@command(Permission.IMPORT_WORKBOOKS)
def begin(*, by: Actor, batch_id: UUID, step: str) -> BatchFacts:
    """The worker is to preview ("reading") or to write ("committing"); who asked is noted, so that
    the worker acts for that person and no further than that person may."""
    row = queries.batch_row(by, batch_id, lock=True)
    if step == "reading":
        _refuse_unless(row, "uploaded", "reading", "previewed", "refused")
    else:
        _refuse_unless(row, "previewed", "committing")
    row.state, row.refusal, row.acting = step, "", by.kept()
    row.progress, row.total = 0, row.counts.get("new", 0) + row.counts.get("changed", 0)
    row.save(update_fields=["state", "refusal", "acting", "progress", "total"])
    audit.note(subject_kind="import", subject_id=row.id, step=step)
    return queries.batch_facts(row)


@command(Permission.IMPORT_WORKBOOKS)
def preview(*, by: Actor, batch_id: UUID, mapping: Mapping[str, int] | None = None) -> BatchFacts:
    """What an import would do: counts, problems and the first rows masked; nothing is written."""
    if mapping is not None:
        set_mapping(by=by, batch_id=batch_id, mapping=mapping)
    row = queries.batch_row(by, batch_id)
    _refuse_unless(row, "uploaded", "reading", "previewed", "refused")
    judged, _context = _judged(by, row)
    _keep(row, judged)
    row.sample = sample_of(judged)
    row.state, row.refusal = "previewed", ""
    row.save(update_fields=["counts", "problems", "sample", "state", "refusal"])
    audit.note(subject_kind="import", subject_id=row.id, counts=row.counts)
    return queries.batch_facts(row)


@command(Permission.IMPORT_WORKBOOKS)
def commit(
    *, by: Actor, batch_id: UUID, progress: Progress = silent, reason: str = "import"
) -> BatchFacts:
    """New and changed rows are written as one batch, all or none; wrong rows are left out.

    Judged again at this moment. A batch that is in gives the same answer again; Refused while
    somebody else writes it.
    """
    if not hold_alone(f"import {batch_id}"):
        raise Refused("running", _("这一批正在导入，请稍候查看结果。"))
    row = queries.batch_row(by, batch_id)
    if row.state == "committed":
        return queries.batch_facts(row)
    _refuse_unless(row, "uploaded", "reading", "previewed", "committing")
    judged, context = _judged(by, row)
    with sending_ahead():
        importing.write(IMPORTERS[row.kind], judged.lines, context, progress)
    _keep(row, judged)
    row.changes = context.changes
    row.state, row.committed_at = "committed", now()
    row.save(update_fields=["counts", "problems", "changes", "state", "committed_at"])
    audit.note(subject_kind="import", subject_id=row.id, kind=row.kind, counts=row.counts)
    return queries.batch_facts(row)


@command(Permission.IMPORT_WORKBOOKS)
def undo(*, by: Actor, batch_id: UUID, reason: str) -> BatchFacts:
    """What the batch brought and nobody has touched since goes again; says how much stays.

    Raises Refused "too-late" after `UNDO_DAYS`: what files said before is erased then.
    """
    row = queries.batch_row(by, batch_id, lock=True)
    _refuse_unless(row, "committed")
    if not queries.batch_facts(row, with_problems=False).may_be_undone(now()):
        raise Refused(
            "too-late",
            _("这次导入已满%(days)d天，改动以前的内容已按期删除，不能再撤销；请逐条更正。")
            % {"days": UNDO_DAYS},
        )
    if not reason.strip():
        raise Refused("reason", _("请写明为什么撤销这次导入。"))
    organisation = orgs.get_organisation_for(by, row.organisation_id)
    gone = IMPORTERS[row.kind].undo(
        by=context_for(by, organisation).by,
        batch_id=row.id,
        changes=list(row.changes),
        reason=reason,
    )
    row.undone = {"removed": gone.removed, "kept": gone.kept}
    row.state, row.undone_at, row.changes = "undone", now(), []
    row.save(update_fields=["undone", "state", "undone_at", "changes"])
    audit.note(subject_kind="import", subject_id=row.id, counts=row.undone)
    return queries.batch_facts(row)


@command(Permission.IMPORT_WORKBOOKS)
def mark_refused(*, by: Actor, batch_id: UUID, message: str) -> None:
    """The worker could not go on, for a reason that a person can mend."""
    row = queries.batch_row(by, batch_id, lock=True)
    row.state, row.refusal = "refused", message[:300]
    row.save(update_fields=["state", "refusal"])
    audit.note(subject_kind="import", subject_id=row.id)


@command(Permission.IMPORT_WORKBOOKS)
def samples(*, by: Actor, batch_id: UUID) -> dict[int, list[str]]:
    """A few values of each column, for the person who maps them; that they were read is noted."""
    row = queries.batch_row(by, batch_id)
    with sources.workbook(by, row) as source:
        table = sources.opened(source, row.file_name, row.kind, None)
        audit.note(subject_kind="import", subject_id=row.id)
        return samples_of(table)


@command(Permission.IMPORT_WORKBOOKS)
def marked_workbook(*, by: Actor, batch_id: UUID) -> tuple[bytes, str]:
    """The same workbook with its errors marked in it, and its name; the hand-out is noted."""
    row = queries.batch_row(by, batch_id)
    with sources.workbook(by, row) as source:
        table = sources.opened(source, row.file_name, row.kind, row.mapping)
        marked: tuple[bytes, str] = import_module(_MARKING).mark(
            source,
            name=row.file_name,
            layout=table.layout,
            problems=queries.batch_facts(row).problems,
        )
    audit.note(subject_kind="import", subject_id=row.id, file=marked[1])
    return marked


def _judged(by: Actor, row: ImportBatch) -> tuple[Judged, Context]:
    organisation = orgs.get_organisation_for(by, row.organisation_id)
    context = context_for(by, organisation)
    context.batch_id = row.id
    with sources.workbook(by, row) as source:
        table = sources.opened(source, row.file_name, row.kind, row.mapping)
        sources.refuse_missing(table)
        return judge_table(table, context), context


def _keep(row: ImportBatch, judged: Judged) -> None:
    row.counts, row.problems = judged.counts, packed(judged.problems)


def _refuse_unless(row: ImportBatch, *states: str) -> None:
    if row.state not in states:
        raise Refused("state", _("这一批已经到了别的步骤，不能这样办理；请刷新页面查看。"))
