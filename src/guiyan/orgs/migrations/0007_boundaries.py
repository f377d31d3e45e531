"""Where divisions end, as an operator's file says."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgs", "0006_places_by_key")]
    operations = [
        migrations.CreateModel(
            name="Boundary",
            fields=[
                (
                    "code",
                    models.CharField(
                        db_collation="C", max_length=12, primary_key=True, serialize=False
                    ),
                ),
                (
                    "rings",
                    models.JSONField(
                        help_text="x, y, x, y … in hundred-thousandths of a degree; even-odd"
                    ),
                ),
                (
                    "longitude",
                    models.FloatField(help_text="of a point inside, for the name"),
                ),
                ("latitude", models.FloatField()),
                (
                    "credit",
                    models.CharField(
                        blank=True, help_text="said below a map: 审图号", max_length=120
                    ),
                ),
                ("loaded_on", models.DateField()),
            ],
        ),
    ]
