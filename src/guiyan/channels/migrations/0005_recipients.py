"""What one person got is found by the person: files become one, and are erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_parents_by_key")]
    operations = [
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                fields=["recipient_id"],
                name="outbox_recipient",
                condition=models.Q(("recipient_id__isnull", False)),
            ),
        ),
    ]
