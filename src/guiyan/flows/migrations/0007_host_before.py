"""Each step keeps who hosted before it, so that a placement taken back returns there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flows", "0006_unplaced_and_ended")]
    operations = [
        migrations.AddField(
            "caseevent",
            "host_before_id",
            models.UUIDField(null=True, help_text="to whom a placement taken back returns"),
        ),
    ]
