"""From a lead to the visit at which it was taken: by index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0010_bodies_that_merge")]
    operations = [
        migrations.AddIndex(
            "visit",
            models.Index(
                fields=["lead_id"], condition=models.Q(lead_id__isnull=False), name="visit_lead"
            ),
        ),
    ]
