"""Tables of imports: each workbook that came in, and the mappings that people corrected."""

import uuid

from django.db import models


class ImportBatch(models.Model):
    """One workbook on its way in: read, previewed, written as one batch, and perhaps taken back.

    `problems` and `sample` hold places, sentences and masked values, never identity. The workbook
    itself lies sealed in the file store and goes after its day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(max_length=80, db_collation="C")
    organisation_id = models.UUIDField()
    organisation_name = models.CharField(max_length=200)
    kind = models.CharField(
        max_length=20, help_text="organisations, premises, members, moved-in, moved-out"
    )
    file_name = models.CharField(max_length=200)
    stored_file_id = models.UUIDField()
    fingerprint = models.CharField(max_length=32, help_text="of the header; the mapping's key")
    sheet = models.CharField(max_length=100, default="")
    labels = models.JSONField(default=list, help_text="[[column, header text], …] as read")
    is_certain = models.BooleanField(default=True, help_text="False: a person maps the columns")
    mapping = models.JSONField(default=dict, help_text="key of the kind -> column from 0")
    state = models.CharField(
        max_length=12,
        default="uploaded",
        help_text="uploaded, reading, previewed, committing, committed, undone, refused",
    )
    refusal = models.CharField(max_length=300, blank=True)
    counts = models.JSONField(default=dict)
    problems = models.JSONField(
        default=dict, help_text='{"says": […], "at": [[row, column, n], …]}'
    )
    sample = models.JSONField(default=list, help_text="the first rows as understood, masked")
    changes = models.JSONField(default=list, help_text="what changed files said before")
    progress = models.IntegerField(default=0, help_text="rows done of the step that runs")
    total = models.IntegerField(default=0, help_text="rows of that step")
    undone = models.JSONField(default=dict, help_text="what the undoing removed and what stays")
    acting = models.JSONField(default=dict, help_text="for whom the worker acts: ids and names")
    created_by_id = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["path", "-created_at"], name="import_newest")]


class ImportMapping(models.Model):
    """How the columns of workbooks with this header were mapped the last time by a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(max_length=80, db_collation="C")
    kind = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=32)
    mapping = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["path", "kind", "fingerprint"], name="import_mapping_once"
            )
        ]


class ExportRequest(models.Model):
    """A register that somebody asked to take along: masked at once, unmasked after a second yes.

    The file lies sealed in the file store for a day; `path` is that of the organisation exported.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(max_length=80, db_collation="C")
    organisation_id = models.UUIDField()
    organisation_name = models.CharField(max_length=200)
    register = models.CharField(
        max_length=20, help_text="moved-in, moved-out, members, organisations"
    )
    wanted = models.JSONField(default=dict, help_text="filters of the register; never a search")
    file_format = models.CharField(max_length=5, help_text="xlsx, csv, pdf")
    is_unmasked = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=10, help_text="waiting, queued, writing, ready, declined, failed"
    )
    acting = models.JSONField(default=dict, help_text="for whom the worker acts: ids and names")
    requested_by_id = models.UUIDField(null=True)
    requested_by_name = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    decided_by_id = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    progress = models.IntegerField(default=0, help_text="rows written so far")
    # Counted when a second person is asked; in the end those written.
    rows = models.IntegerField(null=True)
    stored_file_id = models.UUIDField(null=True)
    ready_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["path", "-requested_at"], name="export_newest")]
