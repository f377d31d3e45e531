"""Moving and merging reach every table that repeats an organisation's path.

The functions belong to the owner, because a case hangs on two paths and its other side may lie
outside the mover's scope. They look for the columns in the catalogue, so a new table is not
forgotten; they refuse paths outside the transaction's own scope. The command that calls them has
checked the permission and writes the audit row.

Left alone: the audit (sealed: it says where the actor stood then) and the registers' counts
(sums, which the room that keeps them makes anew when it hears of the move).
"""

from django.db import migrations

MOVE = """
create function orgs_move(old_path text, new_path text) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  low text := coalesce(current_setting('app.low', true), '');
  high text := coalesce(current_setting('app.high', true), '');
  place record;
  changed bigint;
  total bigint := 0;
begin
  if coalesce(old_path, '') = '' or coalesce(new_path, '') = ''
     or old_path collate "C" < low or old_path collate "C" >= high
     or new_path collate "C" < low or new_path collate "C" >= high
     or starts_with(new_path, old_path) then
    raise insufficient_privilege using message = 'orgs_move: outside the scope';
  end if;
  for place in
    select c.relname as in_table, a.attname as in_column
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and not c.relispartition and not a.attisdropped
      and a.attname in ('path', 'home_path', 'host_path')
      and c.relname not in ('platform_auditrow', 'flows_registercount')
  loop
    execute format(
      'update %1$I set %2$I = $2 || substr(%2$I, length($1) + 1)'
      ' where %2$I >= $1 and %2$I < $1 || ''~''', place.in_table, place.in_column)
      using old_path, new_path;
    get diagnostics changed = row_count;
    total := total + changed;
  end loop;
  return total;
end $$;
"""

MERGE = """
create function orgs_merge(gone uuid, kept uuid) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  low text := coalesce(current_setting('app.low', true), '');
  high text := coalesce(current_setting('app.high', true), '');
  gone_path text;
  kept_path text;
  place record;
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
      and c.relname not in ('platform_auditrow', 'flows_registercount', 'orgs_organisation',
                            'orgs_organisationinterval', 'orgs_ruleparameter')
  loop
    if place.id_column is null then
      execute format('update %1$I set %2$I = $2 where %2$I = $1',
                     place.in_table, place.in_column) using gone_path, kept_path;
    else
      execute format('update %1$I set %2$I = $2, %3$I = $4 where %2$I = $1 or %3$I = $3',
                     place.in_table, place.in_column, place.id_column)
        using gone_path, kept_path, gone, kept;
    end if;
    get diagnostics changed = row_count;
    total := total + changed;
  end loop;
  return total;
end $$;
"""

RIGHTS = """
revoke execute on function orgs_move(text, text), orgs_merge(uuid, uuid) from public;
do $$ begin if exists (select from pg_roles where rolname = 'guiyan_web') then
  grant execute on function orgs_move(text, text), orgs_merge(uuid, uuid) to guiyan_web;
end if; end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("orgs", "0003_divisions_in_time")]
    operations = [
        migrations.RunSQL(MOVE, "drop function orgs_move(text, text)"),
        migrations.RunSQL(MERGE, "drop function orgs_merge(uuid, uuid)"),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
