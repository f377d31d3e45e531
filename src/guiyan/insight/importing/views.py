"""Pages of imports: upload, mapping, preview, writing, result, undoing. Each works without scripts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from guiyan.insight import jobs
from guiyan.insight.importing import commands, queries, showing
from guiyan.insight.importing.forms import MappingForm, UndoForm, UploadForm
from guiyan.insight.importing.types import BatchFacts
from guiyan.platform.clock import now
from guiyan.platform.errors import Refused
from guiyan.platform.jobs import enqueue
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff(Permission.IMPORT_WORKBOOKS)
def imports(request: Request) -> HttpResponse:
    """The newest imports, and the form for the next."""
    actor = request.actor
    initial = {"organisation": actor.organisation_name}
    form = UploadForm(request.POST or None, request.FILES or None, path=actor.path, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            batch = _read(request, form)
        except Refused as refused:
            form.add_error("file", refused.message)
        else:
            if not batch.is_certain:
                return see_other("insight:import_mapping", batch.id)
            return _begin_reading(request, batch.id)
    batches = [(each, showing.STATES[each.state]) for each in queries.batches_for(actor)]
    status = 422 if form.errors else 200
    return page(request, "insight/imports.html", status, form=form, batches=batches)


@staff(Permission.IMPORT_WORKBOOKS)
def import_batch(request: Request, batch_id: UUID) -> HttpResponse:
    """Where the import stands; the page finds it again after being left."""
    return _batch_page(request, queries.get_batch_for(request.actor, batch_id), UndoForm())


@staff(Permission.IMPORT_WORKBOOKS)
def import_mapping(request: Request, batch_id: UUID) -> HttpResponse:
    """Which column is which, to be corrected by a person and remembered."""
    batch = queries.get_batch_for(request.actor, batch_id)
    samples = commands.samples(by=request.actor, batch_id=batch.id)
    form = MappingForm(request.POST or None, batch=batch, samples=showing.masked_samples(samples))
    if request.method == "POST" and form.is_valid():
        commands.set_mapping(by=request.actor, batch_id=batch.id, mapping=form.mapping)
        return _begin_reading(request, batch.id)
    return page(request, "insight/import_mapping.html", batch=batch, form=form)


@require_POST
@staff(Permission.IMPORT_WORKBOOKS)
def import_preview(request: Request, batch_id: UUID) -> HttpResponse:
    return _begin_reading(request, batch_id)


@require_POST
@staff(Permission.IMPORT_WORKBOOKS)
def import_commit(request: Request, batch_id: UUID) -> HttpResponse:
    commands.begin(by=request.actor, batch_id=batch_id, step="committing")
    enqueue(jobs.commit_import, lock=f"import {batch_id}", batch_id=str(batch_id))
    return see_other("insight:import_batch", batch_id)


@require_POST
@staff(Permission.IMPORT_WORKBOOKS)
def import_undo(request: Request, batch_id: UUID) -> HttpResponse:
    form = UndoForm(request.POST)
    if not form.is_valid():
        batch = queries.get_batch_for(request.actor, batch_id)
        return _batch_page(request, batch, form, status=422)
    commands.undo(by=request.actor, batch_id=batch_id, reason=form.cleaned_data["reason"])
    return see_other("insight:import_batch", batch_id)


@staff(Permission.IMPORT_WORKBOOKS)
def import_marked(request: Request, batch_id: UUID) -> HttpResponse:
    """The sender's own workbook with its errors marked."""
    content, name = commands.marked_workbook(by=request.actor, batch_id=batch_id)
    media_type = _XLSX if name.endswith(".xlsx") else "text/csv"
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _begin_reading(request: Request, batch_id: UUID) -> HttpResponse:
    commands.begin(by=request.actor, batch_id=batch_id, step="reading")
    enqueue(jobs.preview_import, lock=f"import {batch_id}", batch_id=str(batch_id))
    return see_other("insight:import_batch", batch_id)


def _batch_page(
    request: Request, batch: BatchFacts, undo_form: UndoForm, status: int = 200
) -> HttpResponse:
    headers, rows = showing.shown_sample(batch)
    problems = showing.shown_problems(batch)
    return page(
        request,
        "insight/import_batch.html",
        status,
        batch=batch,
        state=showing.STATES[batch.state],
        counts=showing.shown_counts(batch),
        problems=problems,
        more_problems=len(batch.problems) - sum(each.count for each in problems),
        onward=showing.NEXT.get(batch.kind, ()) if batch.is_in else (),
        skipped=batch.counts.get("skipped", 0),
        sample_headers=headers,
        sample_rows=rows,
        may_undo=batch.may_be_undone(now()),
        undo_form=undo_form,
    )


def _read(request: Request, form: UploadForm) -> BatchFacts:
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    with _as_path(file) as source:
        return commands.read_upload(
            by=request.actor,
            organisation_id=form.cleaned_data["organisation"].id,
            kind=form.cleaned_data["kind"],
            source=source,
            file_name=str(file.name),
        )


@contextmanager
def _as_path(file: UploadedFile[bytes]) -> Iterator[Path]:
    """The upload as a file that only this process reads, gone afterwards."""
    with tempfile.NamedTemporaryFile(prefix="guiyan-upload-") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)
