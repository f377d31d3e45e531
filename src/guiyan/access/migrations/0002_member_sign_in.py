"""Two narrow questions that have to be answered before anybody is signed in, so beyond any scope.

They read tables of the room `members`, which stands above this one, because row-level security
there rightly shows nothing to a browser that has not signed in yet; hence the dependency on its
migration. The functions run as the owner, give an id or a name for an exact match and nothing
else, and may be called by the web role only.
"""

from django.db import migrations

MEMBER_BY_PHONE = """
create function access_member_by_phone(blinds bytea[]) returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$
  -- Only a number that stands once in all files, and there as the member's own.
  select case when count(*) = 1 and bool_and(v.whose = 'own')
              then (array_agg(v.member_id))[1] end
  from public.members_vaultfield v
  join public.members_member m on m.id = v.member_id
  where v.kind = 'phone' and v.blind = any(blinds) and v.valid_to is null
    and m.merged_into_id is null
$$;
"""

MEMBER_NAME = """
create function access_member_name(member uuid) returns text
language sql stable security definer set search_path = pg_catalog, public as $$
  select m.name from public.members_member m where m.id = member and m.merged_into_id is null
$$;
"""

RIGHTS = """
revoke all on function access_member_by_phone(bytea[]), access_member_name(uuid) from public;
do $$ begin if exists (select from pg_roles where rolname = 'guiyan_web') then
  grant execute on function access_member_by_phone(bytea[]), access_member_name(uuid) to guiyan_web;
end if; end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("members", "0002_scope")]
    operations = [
        migrations.RunSQL(
            MEMBER_BY_PHONE + MEMBER_NAME + RIGHTS,
            "drop function access_member_by_phone(bytea[]); drop function access_member_name(uuid);",
        ),
    ]
