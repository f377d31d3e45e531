"""Which numbers wait before they sign in stands in the vault's row, not in its past (ADR 8)."""

from django.db import migrations

BODY = """
create or replace function access_member_by_phone(blinds bytea[]) returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$
  -- Only a number that stands once in all files, and there as the member's own.
  select case when count(*) = 1 and bool_and(v.whose = 'own'){waits}
              then (array_agg(v.member_id))[1] end
  from public.members_vaultfield v
  join public.members_member m on m.id = v.member_id
  where v.kind = 'phone' and v.blind = any(blinds) and v.valid_to is null
    and m.merged_into_id is null
$$;
"""
NOW = """
              and not bool_or(coalesce(v.signs_in_from > current_date, false))"""
BEFORE = """
              and not bool_or(v.valid_from > current_date - 7 and exists (
                select from public.members_vaultfield old
                where old.member_id = v.member_id and old.kind = 'phone' and old.whose = 'own'
                  and old.valid_to is not null and old.blind <> v.blind))"""


class Migration(migrations.Migration):
    dependencies = [("access", "0005_handsets"), ("members", "0005_numbers_wait")]
    operations = [migrations.RunSQL(BODY.format(waits=NOW), BODY.format(waits=BEFORE))]
