"""A row's parent is looked up by its key: reading many rows no longer gathers all parents first."""

from django.db import migrations

from guiyan.platform.rls import look_up_parent


class Migration(migrations.Migration):
    dependencies = [("flows", "0011_abroad")]
    operations = [
        look_up_parent("flows_caseevent", "case_id", "flows_case"),
        look_up_parent("flows_letter", "case_id", "flows_case"),
    ]
