"""A large proposal is committed by a job, in the name of whoever committed it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("liaison", "0007_reach_of_a_leave")]
    operations = [
        migrations.AddField(
            "pairingdraft",
            "acting",
            models.JSONField(
                default=dict,
                db_default=models.Value({}, models.JSONField()),
                help_text="as whom a job commits it",
            ),
        ),
        migrations.AlterField(
            "pairingdraft",
            "state",
            models.CharField(
                default="open",
                help_text="working, failed, open, committing, committed, dropped",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "pairingdraft",
            "trouble",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="why nothing could be proposed, or what changed before it was committed",
                max_length=200,
            ),
        ),
    ]
