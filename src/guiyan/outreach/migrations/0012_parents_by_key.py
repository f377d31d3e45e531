"""A row's parent is looked up by its key: reading many rows no longer gathers all parents first."""

from django.db import migrations

from guiyan.platform.rls import look_up_parent


class Migration(migrations.Migration):
    dependencies = [("outreach", "0011_visit_of_a_lead")]
    operations = [
        look_up_parent("outreach_packanswer", "case_id", "flows_case"),
        look_up_parent("outreach_teamperson", "team_id", "outreach_team"),
    ]
