"""Beside the languages that a member speaks those that they read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0006_one_index_of_members")]
    operations = [
        migrations.AddField(
            "member",
            "reads",
            models.JSONField(
                default=list,
                db_default=models.Value([], models.JSONField()),
                help_text="written languages, the best first; empty: nobody said",
            ),
        ),
    ]
