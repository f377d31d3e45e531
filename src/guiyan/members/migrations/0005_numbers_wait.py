"""A number that staff put into a file that stands already says from which day it signs in (ADR 8)."""

from django.db import migrations, models

# Numbers that replaced another one within the last week go on waiting.
WAITING = """
update members_vaultfield v set signs_in_from = v.valid_from + 7
 where v.kind = 'phone' and v.whose = 'own' and v.valid_to is null
   and v.valid_from > current_date - 7
   and exists (select from members_vaultfield old where old.member_id = v.member_id
               and old.kind = 'phone' and old.whose = 'own' and old.valid_to is not null
               and old.blind <> v.blind)
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0004_given_names")]
    operations = [
        migrations.AddField(
            model_name="vaultfield",
            name="signs_in_from",
            field=models.DateField(
                null=True,
                help_text="a number that staff put in later waits until this day (ADR 8)",
            ),
        ),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
