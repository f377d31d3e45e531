"""What is due, seen by those above the place where it is owed and by the person who owes it."""

import uuid

from django.db import migrations, models

from guiyan.platform.rls import in_scope, scope_table

OWN = "owner_account_id = (select nullif(current_setting('app.account', true), '')::uuid)"
SEEN = f"{in_scope(['path'])} or ({OWN})"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("orgs", "0004_moves")]
    operations = [
        migrations.CreateModel(
            "CountedDay",
            [
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("day", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            "Due",
            [
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=30)),
                ("case_id", models.UUIDField(null=True)),
                ("subject_kind", models.CharField(max_length=20)),
                ("subject_id", models.UUIDField()),
                ("organisation_id", models.UUIDField()),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("owner_account_id", models.UUIDField(help_text="who of the staff owes it", null=True)),
                ("opens_on", models.DateField()),
                ("due_on", models.DateField(help_text="overdue from the day after")),
                ("expires_on", models.DateField(help_text="nobody asks for it from the day after", null=True)),
                ("period", models.CharField(max_length=40)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("closing", models.CharField(blank=True, help_text="done, cancelled; empty: open", max_length=10)),
                ("closed_on", models.DateField(null=True)),
                ("closed_by", models.UUIDField(help_text="the contact or act that closed it", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(closing=""), fields=["owner_account_id", "due_on", "subject_id"], name="due_owner"),
                    models.Index(condition=models.Q(closing=""), fields=["path", "due_on", "id"], name="due_path"),
                    models.Index(condition=models.Q(closing=""), fields=["case_id"], name="due_case"),
                    models.Index(condition=models.Q(closed_by__isnull=False), fields=["closed_by"], name="due_closed_by"),
                ],
                "constraints": [models.UniqueConstraint(fields=["subject_id", "kind", "period"], name="due_key")],
            },
        ),
        migrations.CreateModel(
            "OverdueCount",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("kind", models.CharField(max_length=30)),
                ("count", models.IntegerField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["path", "kind"], name="overdue_count_key")]},
        ),
        migrations.CreateModel(
            "OverdueDelta",
            [
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("kind", models.CharField(max_length=30)),
                ("change", models.IntegerField()),
            ],
        ),
        migrations.RunSQL(
            "alter table field_due enable row level security;"
            f" create policy field_due_scope on field_due using ({SEEN}) with check ({SEEN});",
            "drop policy field_due_scope on field_due;"
            " alter table field_due disable row level security;",
        ),
        # A contact recorded at home may close what the host owes; each side reads its own.
        migrations.RunSQL(
            "alter table field_overduedelta enable row level security;"
            " create policy delta_add on field_overduedelta for insert with check (true);"
            f" create policy delta_read on field_overduedelta for select using ({in_scope(['path'])});"
            f" create policy delta_lock on field_overduedelta for update using ({in_scope(['path'])});"
            f" create policy delta_fold on field_overduedelta for delete using ({in_scope(['path'])});",
            "drop policy delta_add on field_overduedelta; drop policy delta_read on field_overduedelta;"
            " drop policy delta_lock on field_overduedelta; drop policy delta_fold on field_overduedelta;"
            " alter table field_overduedelta disable row level security;",
        ),
        scope_table("field_overduecount"),
    ]
