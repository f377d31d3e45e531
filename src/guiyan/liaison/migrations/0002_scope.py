"""Contact persons and contacts are seen with their case."""

from django.db import migrations

from guiyan.platform.rls import scope_with_parent


class Migration(migrations.Migration):
    dependencies = [("liaison", "0001_initial"), ("flows", "0002_scope")]
    operations = [
        scope_with_parent("liaison_contactperson", "case_id", "flows_case"),
        scope_with_parent("liaison_contact", "case_id", "flows_case"),
    ]
