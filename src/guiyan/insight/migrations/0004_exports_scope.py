"""A request lies where the register lies, so its asker and an approver above both see it."""

from django.db import migrations

from guiyan.platform.rls import scope_table


class Migration(migrations.Migration):
    dependencies = [("insight", "0003_exports")]
    operations = [scope_table("insight_exportrequest")]
