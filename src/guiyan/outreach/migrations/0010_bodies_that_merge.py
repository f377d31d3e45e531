"""When two bodies merge, everything of the one is the other's (orgs_merge), but for two things.

A branch that confirmed its own list stays in the round as what it was, and is said to have merged;
else one branch would stand twice. Areas of the one are numbered on after those of the other.
"""

from django.db import migrations

STAYS = """
create function outreach_branch_stays() returns trigger language plpgsql as $$
begin
  new.organisation_id := old.organisation_id;
  new.path := old.path;
  return new;
end $$;
create trigger branch_stays before update on outreach_standing for each row
  when (old.premises_id is null and new.organisation_id <> old.organisation_id)
  execute function outreach_branch_stays();
"""

NUMBERED = """
create function outreach_area_numbered_on() returns trigger language plpgsql as $$
begin
  select coalesce(max(number), 0) + 1 into new.number from outreach_area
    where round_id = new.round_id and organisation_id = new.organisation_id;
  return new;
end $$;
create trigger area_numbered_on before update on outreach_area for each row
  when (new.organisation_id <> old.organisation_id)
  execute function outreach_area_numbered_on();
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0009_lists_by_index")]
    operations = [
        migrations.RunSQL(
            STAYS,
            "drop trigger branch_stays on outreach_standing;"
            " drop function outreach_branch_stays()",
        ),
        migrations.RunSQL(
            NUMBERED,
            "drop trigger area_numbered_on on outreach_area;"
            " drop function outreach_area_numbered_on()",
        ),
    ]
