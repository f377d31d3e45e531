"""A case is seen from home and from host; what hangs on it is seen with it."""

from django.db import migrations

from guiyan.platform.rls import scope_table, scope_with_parent


class Migration(migrations.Migration):
    dependencies = [("flows", "0001_initial")]
    operations = [
        scope_table("flows_lead"),
        scope_table("flows_case", ("home_path", "host_path"), member_column="member_id"),
        scope_with_parent("flows_caseevent", "case_id", "flows_case"),
        scope_with_parent("flows_letter", "case_id", "flows_case"),
        scope_table("flows_sitting"),
        scope_table("flows_countdelta"),
        scope_table("flows_registercount"),
    ]
