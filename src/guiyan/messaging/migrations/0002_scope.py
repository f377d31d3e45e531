"""What is said is seen where it was said and where the member is; texts are read by all staff."""

from django.db import migrations

from guiyan.platform.rls import scope_table, scope_writes


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]
    operations = [
        scope_writes("messaging_messagetemplate"),
        scope_table("messaging_saying"),
        scope_table("messaging_sayingto", member_column="member_id"),
        scope_table("messaging_monthcount", member_column="member_id"),
        scope_table("messaging_stop", member_column="member_id"),
        scope_table("messaging_ladderchoice", member_column="member_id"),
        scope_table("messaging_reply", member_column="member_id"),
    ]
