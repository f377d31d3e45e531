"""A leave is for the members of the part of the tree in which it was planned."""

from django.db import migrations, models

FILL = "UPDATE liaison_leave SET reach = path"


class Migration(migrations.Migration):
    dependencies = [("liaison", "0006_without_contact_person")]
    operations = [
        migrations.AddField(
            "leave",
            "reach",
            models.CharField(
                db_collation="C",
                db_default="",
                help_text="the part of the tree whose members it is for",
                max_length=80,
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
