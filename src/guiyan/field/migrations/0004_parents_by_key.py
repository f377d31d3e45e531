"""A row's parent is looked up by its key: reading many rows no longer gathers all parents first."""

from django.db import migrations

from guiyan.platform.rls import look_up_parent


class Migration(migrations.Migration):
    dependencies = [("field", "0003_spoken")]
    operations = [
        look_up_parent("field_pulledarea", "device_id", "field_devicestate"),
    ]
