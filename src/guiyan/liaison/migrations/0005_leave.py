"""Written languages of contact persons, leave with somebody who stands in, proposals worked out by a job."""

import uuid

from django.db import migrations, models

from guiyan.platform.rls import scope_table


class Migration(migrations.Migration):
    dependencies = [("liaison", "0004_cadence")]
    operations = [
        migrations.AddField(
            "availability",
            "reads",
            models.JSONField(
                default=list,
                db_default=models.Value([], models.JSONField()),
                help_text="read and written by this person; empty: Han",
            ),
        ),
        migrations.AddField("contactperson", "stand_in_account_id", models.UUIDField(help_text="does it while the contact person is on leave", null=True)),
        migrations.AddField("contactperson", "stand_in_name", models.CharField(blank=True, db_default="", default="", max_length=80)),
        migrations.AddIndex(
            "contactperson",
            models.Index(
                condition=models.Q(stand_in_account_id__isnull=False),
                fields=["stand_in_account_id"],
                name="contact_person_stand_in",
            ),
        ),
        migrations.AddField("pairingdraft", "trouble", models.CharField(blank=True, db_default="", default="", help_text="why nothing could be proposed", max_length=200)),
        migrations.AlterField("pairingdraft", "state", models.CharField(default="open", help_text="working, failed, open, committed, dropped", max_length=10)),
        migrations.CreateModel(
            "Leave",
            [
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("account_id", models.UUIDField()),
                ("name", models.CharField(max_length=80)),
                ("organisation_id", models.UUIDField()),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(help_text="the last day")),
                ("stand_in_account_id", models.UUIDField()),
                ("stand_in_name", models.CharField(max_length=80)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("state", models.CharField(default="planned", help_text="planned, running, over", max_length=10)),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account_id", "starts_on"], name="leave_account"),
                    models.Index(condition=models.Q(state__in=["planned", "running"]), fields=["state", "starts_on"], name="leave_to_come"),
                ]
            },
        ),
        scope_table("liaison_leave"),
    ]
