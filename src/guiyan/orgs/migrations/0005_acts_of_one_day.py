"""Acts of one day have an order: the version of the organisation that each made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgs", "0004_moves")]
    operations = [
        migrations.AddField(
            model_name="organisationinterval",
            name="version",
            field=models.IntegerField(
                default=1, help_text="the organisation's, by this act: acts of one day sort"
            ),
            preserve_default=False,
        ),
    ]
