"""What is sealed of a member is found along vault_member, which begins with the member."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0005_numbers_wait")]
    operations = [
        migrations.AlterField(
            "vaultfield",
            "member",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="vault",
                to="members.member",
            ),
        ),
    ]
