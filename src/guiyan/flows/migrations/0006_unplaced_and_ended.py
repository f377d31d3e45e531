"""Those to be placed by their days, and those that have ended by name: short indexes of few rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flows", "0005_search_and_sort")]
    operations = [
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["answer_by", "id"],
                name="case_unplaced",
                condition=models.Q(state="verified"),
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["pinyin", "id"],
                name="case_ended",
                condition=models.Q(ended_on__isnull=False),
            ),
        ),
    ]
