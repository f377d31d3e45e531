"""Who walked in a census is forgotten three years after it was closed. Visits are append-only for the
web role, so a reviewed function of the owner removes them, and nothing younger whatever it is asked."""

from django.db import migrations

FORGET = """
create function outreach_forget_visits(closed_before date) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  gone bigint;
begin
  delete from outreach_visit visit using outreach_standing standing, outreach_round round
  where visit.standing_id = standing.id and standing.round_id = round.id
    and round.state = 'closed' and round.closed_on < least(closed_before, current_date - 1095);
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke all on function outreach_forget_visits(date) from public;
do $$ begin if exists (select from pg_roles where rolname = 'guiyan_web') then
  grant execute on function outreach_forget_visits(date) to guiyan_web; end if; end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0006_hotline")]
    operations = [
        migrations.RunSQL(FORGET, "drop function outreach_forget_visits(date);"),
    ]
