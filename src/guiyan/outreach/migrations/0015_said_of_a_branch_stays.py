"""When a branch merges into another, what a round knows of it stays with its standing.

The standing stays (0010); so do the answers about its people, its visits and its back-checks, or the
round's own county would lose them to the one into which the branch went. A move is no merging: the
new path is nobody else's.
"""

from django.db import migrations

_OF = ("outreach_screened", "outreach_visit", "outreach_backcheck")

STAYS = """
create function outreach_stays_with_branch() returns trigger language plpgsql as $$
begin
  if exists (
    select from outreach_standing of join orgs_organisation other on other.path = new.path
    where of.id = new.standing_id and of.premises_id is null and of.organisation_id <> other.id
  ) then
    new.path := old.path;
  end if;
  return new;
end $$;
""" + "".join(
    f"create trigger stays_with_branch before update of path on {table} for each row"
    " when (new.path <> old.path) execute function outreach_stays_with_branch();\n"
    for table in _OF
)
GO = "".join(f"drop trigger stays_with_branch on {table};\n" for table in _OF)


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0014_days_in_china"),
        ("orgs", "0008_merging_what_both_have"),
    ]
    operations = [migrations.RunSQL(STAYS, GO + "drop function outreach_stays_with_branch();")]
