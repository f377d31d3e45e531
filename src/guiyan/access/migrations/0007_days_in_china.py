"""A number signs in from the day in China on which its week is over (in UTC, eight hours later)."""

from django.db import migrations

BODY = """
create or replace function access_member_by_phone(blinds bytea[]) returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$
  -- Only a number that stands once in all files, and there as the member's own.
  select case when count(*) = 1 and bool_and(v.whose = 'own')
              and not bool_or(coalesce(v.signs_in_from > {today}, false))
              then (array_agg(v.member_id))[1] end
  from public.members_vaultfield v
  join public.members_member m on m.id = v.member_id
  where v.kind = 'phone' and v.blind = any(blinds) and v.valid_to is null
    and m.merged_into_id is null
$$;
"""
IN_CHINA, IN_UTC = "(now() at time zone 'Asia/Shanghai')::date", "current_date"


class Migration(migrations.Migration):
    dependencies = [("access", "0006_numbers_wait")]
    operations = [migrations.RunSQL(BODY.format(today=IN_CHINA), BODY.format(today=IN_UTC))]
