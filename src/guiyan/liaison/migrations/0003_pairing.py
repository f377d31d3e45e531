"""What contact persons bring, proposals before they are decided, and pinned or interim pairs."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from guiyan.platform.rls import scope_table, scope_with_parent


class Migration(migrations.Migration):
    dependencies = [("liaison", "0002_scope")]
    operations = [
        migrations.AddField(
            "contactperson",
            "is_pinned",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="chosen by people who know better; a run keeps it",
            ),
        ),
        migrations.AddField(
            "contactperson",
            "is_interim",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="answers until the new side names its own",
            ),
        ),
        migrations.CreateModel(
            name="Availability",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("account_id", models.UUIDField()),
                ("organisation_id", models.UUIDField()),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("languages", models.JSONField(default=list, help_text="spoken by this person, best first")),
                ("trade", models.CharField(blank=True, max_length=60)),
                ("limit", models.SmallIntegerField(help_text="at most so many; null: the default", null=True)),
                ("takes_members", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [models.Index(fields=["path"], name="availability_path")],
                "constraints": [
                    models.UniqueConstraint(fields=("account_id", "organisation_id"), name="availability_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PairingDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("made_by_id", models.UUIDField(null=True)),
                ("made_by_name", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("leaving_account_id", models.UUIDField(help_text="who hands over; null: a whole run", null=True)),
                ("leaving_name", models.CharField(blank=True, max_length=80)),
                ("hand_over_note", models.CharField(blank=True, max_length=300)),
                ("state", models.CharField(default="open", help_text="open, committed, dropped", max_length=10)),
                ("gap", models.FloatField(default=0.0, help_text="proven distance to the optimum, a part of 1")),
                ("total_km", models.FloatField(default=0.0)),
                ("committed_at", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["path", "-made_at"], name="pairing_draft_path")]},
        ),
        migrations.CreateModel(
            name="DraftPair",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("present_account_id", models.UUIDField(null=True)),
                ("present_name", models.CharField(blank=True, max_length=80)),
                ("account_id", models.UUIDField(help_text="null: left over", null=True)),
                ("name", models.CharField(blank=True, max_length=80)),
                ("km", models.FloatField(null=True)),
                ("why", models.JSONField(default=list, help_text="phrases: [text, values]")),
                ("others", models.JSONField(default=list, help_text="the next best: [{account, name, why}]")),
                ("is_by_hand", models.BooleanField(default=False)),
                ("is_pinned", models.BooleanField(default=False)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="flows.case")),
                ("draft", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="pairs", to="liaison.pairingdraft")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("draft", "case"), name="draft_pair_once")],
            },
        ),
        scope_table("liaison_availability"),
        scope_table("liaison_pairingdraft"),
        scope_with_parent("liaison_draftpair", "draft_id", "liaison_pairingdraft"),
    ]
