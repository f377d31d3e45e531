"""The three years after which visits go are counted in days in China, not in UTC."""

from django.db import migrations

FORGET = """
create or replace function outreach_forget_visits(closed_before date) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  gone bigint;
begin
  delete from outreach_visit visit using outreach_standing standing, outreach_round round
  where visit.standing_id = standing.id and standing.round_id = round.id
    and round.state = 'closed' and round.closed_on < least(closed_before, {today} - 1095);
  get diagnostics gone = row_count;
  return gone;
end $$;
"""
IN_CHINA, IN_UTC = "(now() at time zone 'Asia/Shanghai')::date", "current_date"


class Migration(migrations.Migration):
    dependencies = [("outreach", "0013_opening_of_a_round")]
    operations = [migrations.RunSQL(FORGET.format(today=IN_CHINA), FORGET.format(today=IN_UTC))]
