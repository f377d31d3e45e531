"""What both bodies have, of a thing of which each may have one, does not stop their merging.

Each may have its own rhythm, its own words of a message, the same columns of a workbook, the same
contact person: what the kept one has holds, and what the other had stays with it in the past. Counts
of what is overdue are sums, made anew by their room when it hears of the merging.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("guiyan.orgs.migrations.0004_moves").MERGE.replace(
    "create function", "create or replace function"
)

MERGE = """
create or replace function orgs_merge(gone uuid, kept uuid) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  low text := coalesce(current_setting('app.low', true), '');
  high text := coalesce(current_setting('app.high', true), '');
  gone_path text;
  kept_path text;
  place record;
  spot tid;
  becomes text;
  hangs text;
  changed bigint;
  total bigint := 0;
begin
  select path into gone_path from orgs_organisation where id = gone;
  select path into kept_path from orgs_organisation where id = kept;
  if gone_path is null or kept_path is null or gone_path = kept_path
     or gone_path collate "C" < low or gone_path collate "C" >= high
     or kept_path collate "C" < low or kept_path collate "C" >= high then
    raise insufficient_privilege using message = 'orgs_merge: outside the scope';
  end if;
  for place in
    select c.relname as in_table, a.attname as in_column, o.attname as id_column
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid
    left join pg_attribute o on o.attrelid = c.oid and not o.attisdropped
      and o.attname = replace(a.attname, 'path', 'organisation_id')
      and o.atttypid = 'uuid'::regtype
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and not c.relispartition and not a.attisdropped
      and a.attname in ('path', 'home_path', 'host_path')
      and c.relname not in ('platform_auditrow', 'flows_registercount', 'field_overduecount',
                            'orgs_organisation', 'orgs_organisationinterval',
                            'orgs_ruleparameter')
    order by c.relname, a.attname
  loop
    becomes := format('update %1$I set %2$I = $2', place.in_table, place.in_column);
    hangs := format('%1$I = $1', place.in_column);
    if place.id_column is not null then
      becomes := becomes || format(', %1$I = $4', place.id_column);
      hangs := hangs || format(' or %1$I = $3', place.id_column);
    end if;
    begin
      execute becomes || ' where ' || hangs using gone_path, kept_path, gone, kept;
      get diagnostics changed = row_count;
    exception when unique_violation then
      changed := 0;
      for spot in
        execute format('select ctid from %1$I where ', place.in_table) || hangs
        using gone_path, kept_path, gone, kept
      loop
        begin
          execute becomes || ' where ctid = $5' using gone_path, kept_path, gone, kept, spot;
          changed := changed + 1;
        exception when unique_violation then
          null;  -- the kept one has its own
        end;
      end loop;
    end;
    total := total + changed;
  end loop;
  return total;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("orgs", "0007_boundaries")]
    operations = [migrations.RunSQL(MERGE, BEFORE)]
