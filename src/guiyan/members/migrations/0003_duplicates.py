"""New files are compared with those that nobody below may see; names are found by their reading."""

from django.db import migrations, models

# Runs with the owner's rights, so that it reads past the policies, and answers nothing.
# Two files may be one person when the ID numbers' keyed hashes are equal; or, where one of them
# has no ID number, when name and birth date are equal. The review stands at the nearest body that
# sees both: the longest common beginning of a side of one and a side of the other.
NOTE_DUPLICATES = """
create function members_common_path(one text, other text) returns text
language plpgsql immutable as $$
declare
  shared int := 0;
begin
  while shared + 4 <= least(length(one), length(other))
    and left(one, shared + 4) = left(other, shared + 4) loop
    shared := shared + 4;
  end loop;
  return left(one, shared);
end $$;

create function members_note_duplicates(new_members uuid[]) returns void
language sql security definer set search_path = public, pg_temp as $$
  with pairs as (
    select mine.member_id as first_id, theirs.member_id as second_id, 'id_number' as why
      from members_vaultfield mine
      join members_vaultfield theirs
        on theirs.kind = 'id_number' and theirs.blind = mine.blind
       and theirs.member_id <> mine.member_id and theirs.valid_to is null
     where mine.member_id = any(new_members) and mine.kind = 'id_number'
       and mine.valid_to is null
    union
    select mine.id, theirs.id, 'name_and_birth'
      from members_member mine
      join members_member theirs
        on theirs.name_key = mine.name_key and theirs.born_on = mine.born_on
       and theirs.id <> mine.id
     where mine.id = any(new_members)
       and not (
         exists (select from members_vaultfield v where v.member_id = mine.id
                  and v.kind = 'id_number' and v.valid_to is null)
         and exists (select from members_vaultfield v where v.member_id = theirs.id
                  and v.kind = 'id_number' and v.valid_to is null))
  )
  insert into members_duplicatereview
    (id, path, first_member_id, second_member_id, why, noticed_at, decision, decided_at)
  select gen_random_uuid(), meeting.path, pairs.first_id, pairs.second_id, pairs.why,
         clock_timestamp(), '', null
    from pairs
    join members_member a on a.id = pairs.first_id and a.merged_into_id is null
    join members_member b on b.id = pairs.second_id and b.merged_into_id is null
    cross join lateral (
      select members_common_path(x.side, y.side) collate "C" as path
        from (values (a.home_path), (a.host_path)) as x(side),
             (values (b.home_path), (b.host_path)) as y(side)
       where x.side is not null and y.side is not null
       order by length(members_common_path(x.side, y.side)) desc limit 1
    ) as meeting
   where not exists (
     select from members_duplicatereview known
      where (known.first_member_id, known.second_member_id) in
            ((pairs.first_id, pairs.second_id), (pairs.second_id, pairs.first_id)))
     and (pairs.first_id < pairs.second_id or pairs.second_id <> all(new_members))
$$;
revoke all on function members_note_duplicates(uuid[]) from public;
do $$ begin if exists (select from pg_roles where rolname = 'guiyan_web') then
  grant execute on function members_note_duplicates(uuid[]) to guiyan_web; end if; end $$;
"""

FORGET = "drop function members_note_duplicates(uuid[]); drop function members_common_path(text, text);"


class Migration(migrations.Migration):
    dependencies = [("members", "0002_scope")]
    operations = [
        migrations.RunSQL(NOTE_DUPLICATES, FORGET),
        migrations.AddIndex(
            "member", models.Index(fields=["pinyin", "id"], name="member_pinyin")
        ),
        migrations.AddIndex("member", models.Index(fields=["initials"], name="member_initials")),
        migrations.AddIndex(
            "duplicatereview",
            models.Index(fields=["first_member_id", "second_member_id"], name="review_pair"),
        ),
    ]
