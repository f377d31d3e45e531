"""Premises are seen by those in whose part of the tree they lie."""

from django.db import migrations

from guiyan.platform.rls import scope_table


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial")]
    operations = [
        scope_table("outreach_premises"),
    ]
