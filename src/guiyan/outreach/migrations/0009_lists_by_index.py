"""Doors to come back to, doors of which two visits disagree, what is left of a back-check: by index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0008_calls_follow")]
    operations = [
        migrations.RemoveIndex("standing", "standing_come_back"),
        migrations.RemoveIndex("standing", "standing_conflict"),
        migrations.AddIndex(
            "standing",
            models.Index(
                fields=["round", "come_back_on", "number", "path"],
                condition=models.Q(state="closed"),
                name="standing_shut",
            ),
        ),
        migrations.AddIndex(
            "standing",
            models.Index(
                fields=["round", "number", "path"],
                condition=models.Q(has_conflict=True),
                name="standing_disagreed",
            ),
        ),
        migrations.AddIndex(
            "backcheck",
            models.Index(fields=["draw"], condition=models.Q(state=""), name="back_check_left"),
        ),
    ]
