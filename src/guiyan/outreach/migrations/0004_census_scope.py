"""Who sees what of a census: a round also those below it, everything else where it lies."""

from django.db import migrations

from guiyan.platform.rls import LOW, append_only, in_scope, scope_table, scope_with_parent

_OWN = in_scope(["path"])
# A round lies above those who do its work: a township reads the county's.
_ROUND = f"{_OWN} or ({LOW} <> '' and starts_with({LOW}, path))"


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_census")]
    operations = [
        migrations.RunSQL(
            "alter table outreach_round enable row level security;"
            f" create policy round_read on outreach_round for select using ({_ROUND});"
            f" create policy round_add on outreach_round for insert with check ({_OWN});"
            f" create policy round_change on outreach_round for update using ({_OWN})"
            f" with check ({_OWN});"
            f" create policy round_remove on outreach_round for delete using ({_OWN});",
            "drop policy round_read on outreach_round; drop policy round_add on outreach_round;"
            " drop policy round_change on outreach_round;"
            " drop policy round_remove on outreach_round;"
            " alter table outreach_round disable row level security;",
        ),
        scope_table("outreach_team"),
        scope_with_parent("outreach_teamperson", "team_id", "outreach_team"),
        scope_table("outreach_area"),
        scope_table("outreach_standing"),
        scope_table("outreach_visit"),
        append_only("outreach_visit"),
        scope_table("outreach_handover"),
        append_only("outreach_handover"),
        scope_table("outreach_standingdelta"),
        scope_table("outreach_standingcount", ("body_path",)),
    ]
