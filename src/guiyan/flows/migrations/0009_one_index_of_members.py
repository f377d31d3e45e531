"""A case is found by its member along case_member; a second index of the same column only cost."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flows", "0008_given_names")]
    operations = [
        migrations.AlterField(
            "case",
            "member",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.member",
            ),
        ),
    ]
