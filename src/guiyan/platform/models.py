"""Tables of the platform: the audit and its seals, answered keys, stored files, rate buckets."""

import uuid

from django.db import models


class AuditRow(models.Model):
    """One sentence of history; added, never changed. No foreign keys, so it outlives its subjects."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    account_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80)
    organisation_id = models.UUIDField(null=True)
    organisation_name = models.CharField(max_length=200)
    path = models.CharField(max_length=80, db_collation="C")
    roles = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    member_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=500)
    facts = models.JSONField()
    xact = models.BigIntegerField(help_text="writing transaction; the sealer waits until it ended")

    class Meta:
        indexes = [
            models.Index(fields=["member_id", "-id"], name="audit_member"),
            models.Index(fields=["path", "-id"], name="audit_path"),
            models.Index(fields=["subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["xact"], name="audit_xact"),
        ]


class AuditSeal(models.Model):
    """A batch of audit rows bound into the chain: which rows, their hash, the signature on all before.

    A seal covers the rows of all transactions from `from_xact` up to, without, `to_xact`.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    from_xact = models.BigIntegerField()
    to_xact = models.BigIntegerField()
    row_count = models.IntegerField()
    rows_hash = models.BinaryField()
    previous_hash = models.BinaryField()
    chain_hash = models.BinaryField()
    signature = models.BinaryField()


class IdempotencyKey(models.Model):
    """The first answer to an accepted write, so that a retry gets it again."""

    key = models.CharField(max_length=64, primary_key=True)
    who = models.CharField(max_length=64)
    body_digest = models.BinaryField()
    status = models.SmallIntegerField(null=True)
    location = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)


class RateBucket(models.Model):
    """How often something was asked for in a window; the key is a keyed hash."""

    key = models.BinaryField(primary_key=True)
    window_started = models.DateTimeField(db_index=True)
    taken = models.IntegerField()


class StoredFile(models.Model):
    """A file outside the database, encrypted at rest: an uploaded workbook, an export, a letter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(max_length=80, db_collation="C")
    owner_id = models.UUIDField(null=True, help_text="account that put it here")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField()
    sha256 = models.BinaryField()
    purpose = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["path", "-created_at"], name="file_path")]
