"""Initials are searched, and the day of opening is sorted by, along an index of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flows", "0004_dues_paid_to")]
    operations = [
        migrations.AddIndex(
            "case", models.Index(fields=["initials", "pinyin", "id"], name="case_initials")
        ),
        migrations.AddIndex("case", models.Index(fields=["opened_on", "id"], name="case_opened")),
    ]
