"""Work without a line: phones heard of, receipts of operations, and what waits for a person."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from guiyan.platform.rls import scope_table, scope_with_parent


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0001_dues"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeviceState",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        editable=False,
                        help_text="the phone, as access knows it",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organisation_id", models.UUIDField()),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("account_id", models.UUIDField()),
                ("account_name", models.CharField(max_length=80)),
                ("description", models.CharField(max_length=120)),
                ("heard_at", models.DateTimeField()),
                ("pulled_at", models.DateTimeField(null=True)),
                ("pushed_at", models.DateTimeField(null=True)),
                (
                    "unsent",
                    models.IntegerField(
                        help_text="as the phone said when it was last heard of", null=True
                    ),
                ),
                (
                    "skew_s",
                    models.BigIntegerField(
                        default=0, help_text="the phone's clock less the server's"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["path", "heard_at"], name="device_heard")],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        editable=False,
                        help_text="the phone's own id",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("digest", models.BinaryField()),
                ("claim", models.UUIDField(help_text="which batch took it up first")),
                ("kind", models.CharField(max_length=40)),
                ("organisation_id", models.UUIDField()),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("account_id", models.UUIDField()),
                ("device_id", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        help_text="applied, merged, conflict, quarantined, held, declined, superseded",
                        max_length=12,
                    ),
                ),
                (
                    "version",
                    models.BigIntegerField(
                        help_text="of the record, after it was applied", null=True
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=40)),
                ("at_device", models.DateTimeField(null=True)),
                ("skew_s", models.BigIntegerField(default=0)),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["device_id", "-received_at"], name="receipt_device"),
                    models.Index(fields=["received_at"], name="receipt_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitingOperation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        editable=False,
                        help_text="the operation's id",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        help_text="held, quarantined, conflict, decided", max_length=12
                    ),
                ),
                ("code", models.CharField(help_text="why it waits", max_length=40)),
                ("kind", models.CharField(max_length=40)),
                ("organisation_id", models.UUIDField(help_text="who decides")),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("area_id", models.UUIDField(null=True)),
                ("subject_id", models.UUIDField()),
                ("after", models.UUIDField(null=True)),
                ("account_id", models.UUIDField()),
                ("account_name", models.CharField(max_length=80)),
                ("device_id", models.UUIDField()),
                (
                    "key_id",
                    models.CharField(
                        blank=True, help_text="the key that opens its box", max_length=8
                    ),
                ),
                ("sent", models.JSONField(null=True)),
                ("kept", models.JSONField(default=dict)),
                ("skew_s", models.BigIntegerField(default=0)),
                ("received_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                (
                    "decision",
                    models.CharField(
                        blank=True, help_text="accepted, declined, chosen …", max_length=12
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["path", "state", "received_at"], name="waiting_inbox"),
                    models.Index(
                        condition=models.Q(("state", "held")),
                        fields=["after"],
                        name="waiting_after",
                    ),
                    models.Index(fields=["device_id", "state"], name="waiting_device"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PulledArea",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("area_id", models.UUIDField()),
                ("version", models.BigIntegerField()),
                ("pulled_at", models.DateTimeField()),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="field.devicestate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("device", "kind", "area_id"), name="pulled_once"
                    )
                ],
            },
        ),
        scope_table("field_devicestate"),
        scope_table("field_receipt"),
        scope_table("field_waitingoperation"),
        scope_with_parent("field_pulledarea", "device_id", "field_devicestate"),
    ]
