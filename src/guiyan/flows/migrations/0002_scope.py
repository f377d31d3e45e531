"""A case is seen from home and from host; what hangs on it is seen with it."""

from django.db import migrations

from guiyan.platform.rls import in_scope, scope_table, scope_with_parent


class Migration(migrations.Migration):
    dependencies = [("flows", "0001_initial")]
    operations = [
        scope_table("flows_lead"),
        scope_table("flows_case", ("home_path", "host_path"), member_column="member_id"),
        scope_with_parent("flows_caseevent", "case_id", "flows_case"),
        scope_with_parent("flows_letter", "case_id", "flows_case"),
        scope_table("flows_sitting"),
        # A step of a case changes the counts of both sides; each side reads its own.
        migrations.RunSQL(
            "alter table flows_countdelta enable row level security;"
            " create policy delta_add on flows_countdelta for insert with check (true);"
            f" create policy delta_read on flows_countdelta for select using ({in_scope(['path'])});"
            f" create policy delta_fold on flows_countdelta for delete using ({in_scope(['path'])});",
            "drop policy delta_add on flows_countdelta; drop policy delta_read on flows_countdelta;"
            " drop policy delta_fold on flows_countdelta;"
            " alter table flows_countdelta disable row level security;",
        ),
        scope_table("flows_registercount"),
    ]
