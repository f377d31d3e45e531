"""What is declared of keeping in touch, who is relieved of it, the six clears, and more of a contact."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from guiyan.platform.rls import append_only, in_scope, scope_with_parent

CASE = {"on_delete": django.db.models.deletion.CASCADE, "related_name": "+", "to": "flows.case"}
MEMBER = {"on_delete": django.db.models.deletion.CASCADE, "related_name": "+", "to": "members.member"}
ID = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))


class Migration(migrations.Migration):
    dependencies = [
        ("liaison", "0003_pairing"),
        ("flows", "0007_host_before"),
        ("members", "0001_initial"),
    ]
    operations = [
        migrations.AddField("contact", "was_talk", models.BooleanField(db_default=False, default=False, help_text="谈心谈话")),
        migrations.AddField("contact", "why_not", models.CharField(blank=True, db_default="", default="", help_text="why nobody was reached", max_length=20)),
        migrations.AddField("contact", "next_on", models.DateField(help_text="the next day that was agreed on", null=True)),
        migrations.AddField("contact", "noted_at", models.DateTimeField(auto_now_add=True, null=True)),
        migrations.AddField("contact", "withdrawn_at", models.DateTimeField(help_text="recorded by a slip and taken back", null=True)),
        migrations.CreateModel(
            "CadencePolicy",
            [
                ID,
                ("organisation_id", models.UUIDField()),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("kind", models.CharField(max_length=20)),
                ("cycle", models.CharField(max_length=20)),
                ("is_on", models.BooleanField(default=True)),
                ("keep_days", models.SmallIntegerField(help_text="asked for so long after it is due")),
                ("valid_from", models.DateField()),
                ("source", models.CharField(max_length=200)),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("path", "kind", "valid_from"), name="cadence_once_a_day")]},
        ),
        migrations.CreateModel(
            "Relief",
            [
                ID,
                ("is_exempt", models.BooleanField(help_text="R-18; otherwise a pause")),
                ("reason", models.CharField(max_length=100)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(help_text="null: until it is ended", null=True)),
                ("by_name", models.CharField(max_length=80)),
                ("member", models.ForeignKey(**MEMBER)),
            ],
            options={"indexes": [models.Index(fields=["member", "ends_on"], name="relief_member")]},
        ),
        migrations.CreateModel(
            "CadenceStanding",
            [
                ("case", models.OneToOneField(primary_key=True, serialize=False, **CASE)),
                ("through", models.JSONField(default=dict, help_text="{kind: the last day put}")),
                ("look_on", models.DateField(help_text="the next night that has something to put")),
                ("host_path", models.CharField(db_collation="C", max_length=80)),
                ("owner_account_id", models.UUIDField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["look_on", "case"], name="cadence_look")]},
        ),
        migrations.CreateModel(
            "HelpNote",
            [
                ID,
                ("how", models.CharField(help_text="note, together, take_over", max_length=12)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("case", models.ForeignKey(**CASE)),
            ],
            options={"indexes": [models.Index(fields=["case", "-at"], name="help_note_case")]},
        ),
        migrations.CreateModel(
            "SixClear",
            [
                ID,
                ("code", models.CharField(max_length=20)),
                ("sealed", models.BinaryField()),
                ("as_of", models.DateField()),
                ("said_by", models.CharField(help_text="member, family, organisation, seen", max_length=20)),
                ("by_account_id", models.UUIDField(null=True)),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("contact_id", models.UUIDField(help_text="the contact in which it was said", null=True)),
                ("case_id", models.UUIDField(null=True)),
                ("asks_help", models.BooleanField(default=False)),
                ("help_answer", models.CharField(blank=True, max_length=300)),
                ("helped_on", models.DateField(null=True)),
                ("member", models.ForeignKey(**MEMBER)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["member", "code", "-as_of", "-at"], name="clear_newest"),
                    models.Index(fields=["contact_id"], name="clear_contact"),
                    models.Index(condition=models.Q(asks_help=True, helped_on__isnull=True), fields=["at"], name="clear_help"),
                ]
            },
        ),
        # A branch reads what the county has declared; each declares for itself and those below.
        migrations.RunSQL(
            "alter table liaison_cadencepolicy enable row level security;"
            " create policy cadence_read on liaison_cadencepolicy for select using (true);"
            f" create policy cadence_declare on liaison_cadencepolicy for insert with check ({in_scope(['path'])});",
            "drop policy cadence_read on liaison_cadencepolicy;"
            " drop policy cadence_declare on liaison_cadencepolicy;"
            " alter table liaison_cadencepolicy disable row level security;",
        ),
        append_only("liaison_cadencepolicy"),
        scope_with_parent("liaison_relief", "member_id", "members_member"),
        scope_with_parent("liaison_cadencestanding", "case_id", "flows_case"),
        scope_with_parent("liaison_helpnote", "case_id", "flows_case"),
        scope_with_parent("liaison_sixclear", "member_id", "members_member"),
    ]
