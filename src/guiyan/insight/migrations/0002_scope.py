"""Imports are seen and made by those in whose part of the tree they lie."""

from django.db import migrations

from guiyan.platform.rls import scope_table


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_initial")]
    operations = [
        scope_table("insight_importbatch"),
        scope_table("insight_importmapping"),
    ]
