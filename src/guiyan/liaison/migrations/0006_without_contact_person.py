"""Who has no contact person is asked of both tables at once, past the policy of every single row.

The policy of a contact person's row looks its case up once more: for a county's 3,500 placed
members 7,000 look-ups a page. The function reads with the owner's rights and keeps to the scope of
the transaction, as the policies do; it answers ids alone, whose rows are then read under them.
"""

from django.db import migrations

# Gathered first and then sorted: for a page of fifty the planner would sooner follow the names of
# the whole country and look for those of the scope.
CREATE = """
create function liaison_without_contact_person(most int) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  with alone as materialized (
    select c.id, c.pinyin
      from flows_case c
     where c.host_path >= (select current_setting('app.low', true))
       and c.host_path < (select current_setting('app.high', true))
       and c.state = 'placed' and c.ended_on is null
       and not exists (
         select from liaison_contactperson k
          where k.case_id = c.id and k.valid_to is null and not k.is_interim))
  select id from alone order by pinyin, id limit most
$$;
revoke all on function liaison_without_contact_person(int) from public;
do $$ begin if exists (select from pg_roles where rolname = 'guiyan_web') then
  grant execute on function liaison_without_contact_person(int) to guiyan_web; end if; end $$;
"""
FORGET = "drop function liaison_without_contact_person(int);"


class Migration(migrations.Migration):
    dependencies = [("liaison", "0005_leave"), ("flows", "0010_rare_states")]
    operations = [migrations.RunSQL(CREATE, FORGET)]
