"""Tables of work without a line: phones as heard of, receipts of operations, and what waits."""

import uuid

from django.db import models


class DeviceState(models.Model):
    """What is known of a phone's work: when it was heard of, what it still holds, its clock."""

    id = models.UUIDField(
        primary_key=True, editable=False, help_text="the phone, as access knows it"
    )
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    account_id = models.UUIDField()
    account_name = models.CharField(max_length=80)
    description = models.CharField(max_length=120)
    heard_at = models.DateTimeField()
    pulled_at = models.DateTimeField(null=True)
    pushed_at = models.DateTimeField(null=True)
    unsent = models.IntegerField(null=True, help_text="as the phone said when it was last heard of")
    skew_s = models.BigIntegerField(default=0, help_text="the phone's clock less the server's")

    class Meta:
        indexes = [models.Index(fields=["path", "heard_at"], name="device_heard")]


class PulledArea(models.Model):
    """Which areas a phone holds, so that one that was taken away is told to it as moved away."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    device = models.ForeignKey(DeviceState, on_delete=models.CASCADE, related_name="areas")
    kind = models.CharField(max_length=40)
    area_id = models.UUIDField()
    version = models.BigIntegerField()
    pulled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "kind", "area_id"], name="pulled_once")
        ]


class Receipt(models.Model):
    """The first outcome of an operation, kept under the id that the phone gave it.

    It holds a keyed hash of what was sent and no word of it.
    """

    id = models.UUIDField(primary_key=True, editable=False, help_text="the phone's own id")
    digest = models.BinaryField()
    claim = models.UUIDField(help_text="which batch took it up first")
    kind = models.CharField(max_length=40)
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    account_id = models.UUIDField()
    device_id = models.UUIDField()
    state = models.CharField(
        max_length=12,
        help_text="applied, merged, conflict, quarantined, held, declined, superseded",
    )
    version = models.BigIntegerField(null=True, help_text="of the record, after it was applied")
    code = models.CharField(max_length=40, blank=True)
    at_device = models.DateTimeField(null=True)
    skew_s = models.BigIntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["device_id", "-received_at"], name="receipt_device"),
            models.Index(fields=["received_at"], name="receipt_age"),
        ]


class WaitingOperation(models.Model):
    """An operation that was taken in and not applied: held, in quarantine, or in conflict.

    `sent` is what the phone sent, its sealed part still sealed; it is emptied a while after the
    decision. `kept` holds both values of each field in conflict.
    """

    id = models.UUIDField(primary_key=True, editable=False, help_text="the operation's id")
    state = models.CharField(max_length=12, help_text="held, quarantined, conflict, decided")
    code = models.CharField(max_length=40, help_text="why it waits")
    kind = models.CharField(max_length=40)
    organisation_id = models.UUIDField(help_text="who decides")
    path = models.CharField(max_length=80, db_collation="C")
    area_id = models.UUIDField(null=True)
    subject_id = models.UUIDField()
    after = models.UUIDField(null=True)
    account_id = models.UUIDField()
    account_name = models.CharField(max_length=80)
    device_id = models.UUIDField()
    key_id = models.CharField(max_length=8, blank=True, help_text="the key that opens its box")
    sent = models.JSONField(null=True)
    kept = models.JSONField(default=dict)
    skew_s = models.BigIntegerField(default=0)
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decision = models.CharField(max_length=12, blank=True, help_text="accepted, declined, chosen …")
    told = models.CharField(max_length=200, blank=True, help_text="why declined, for its sender")

    class Meta:
        indexes = [
            models.Index(fields=["path", "state", "received_at"], name="waiting_inbox"),
            models.Index(fields=["after"], condition=models.Q(state="held"), name="waiting_after"),
            models.Index(fields=["device_id", "state"], name="waiting_device"),
        ]
