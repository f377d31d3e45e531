"""A place is looked for by its key and level together, among those in force."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgs", "0005_acts_of_one_day")]
    operations = [
        migrations.RemoveIndex("division", "division_key"),
        migrations.AddIndex(
            "division",
            models.Index(
                condition=models.Q(("valid_to__isnull", True)),
                fields=["key", "level"],
                name="division_key",
            ),
        ),
    ]
