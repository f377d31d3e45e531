"""Every table has a policy or a written reason for having none."""

from typing import Any

import pytest
from django.db import connection

from guiyan.platform.rls import UNSCOPED_TABLES

pytestmark = pytest.mark.django_db


def test_every_table_is_scoped_or_says_why_not() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, relrowsecurity, relforcerowsecurity,"
            " exists (select from pg_policy where polrelid = pg_class.oid)"
            " from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
        )
        tables = {row[0]: row[1:] for row in cursor.fetchall()}
    unprotected = {name for name, (on, _, policy) in tables.items() if not (on and policy)}
    assert unprotected == set(UNSCOPED_TABLES)
    assert not any(forced for _, forced, _ in tables.values())


def test_a_row_s_parent_is_looked_up_by_its_key_and_parents_are_never_gathered() -> None:
    """A condition that PostgreSQL may answer by a hash read a million stays for five thousand rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename from pg_policies where policyname = tablename || '_scope'"
            " and coalesce(qual, '') ilike '%exists%'"
            " and not (qual ilike '%offset 0%' and with_check ilike '%offset 0%')"
        )
        assert cursor.fetchall() == []


def test_the_web_role_owns_nothing_and_bypasses_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
            " exists (select from pg_class where relowner = pg_roles.oid)"
            " from pg_roles where rolname = current_user"
        )
        assert cursor.fetchone() == ("guiyan_web", False, False, False, False, False)


# Functions that look beyond the caller's scope, each reviewed: what it lets out, and why it may.
DEFINERS = {
    "access_member_by_phone": "from a blind index to an id, before anybody is signed in",
    "access_member_name": "the signed-in member's own name, by the id of their session",
    "liaison_without_contact_person": "ids of placed stays whose host lies in the caller's own scope",
    "members_note_duplicates": "notes a pair for a reviewer above both; tells the caller nothing",
    "outreach_forget_visits": "removes visits of rounds closed three years ago, and tells a count",
    "orgs_move": "paths of a subtree, in every table at once",
    "orgs_merge": "what hung on one organisation hangs on another, in every table at once",
}


def test_no_function_asks_for_the_day_in_utc() -> None:
    """The web role's connections count in UTC: until eight in the morning that is yesterday."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select proname from pg_proc where pronamespace = 'public'::regnamespace"
            " and prosrc ilike '%current_date%'"
        )
        assert cursor.fetchall() == []


def rows_of(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def test_functions_beyond_the_scope_are_reviewed_and_closed_to_the_public() -> None:
    """A fixed search path, so that nobody's table stands in; executed by the web role alone."""
    found = rows_of(
        "select proname, proconfig::text like '%search_path=%',"
        " has_function_privilege('guiyan_web', oid, 'execute'),"
        " exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) g"
        "   where g.grantee = 0 and g.privilege_type = 'EXECUTE')"
        " from pg_proc where prosecdef and pronamespace = 'public'::regnamespace"
    )
    assert {name: rest for name, *rest in found} == {name: [True, True, False] for name in DEFINERS}


def test_views_read_with_the_rights_of_who_asks() -> None:
    views = rows_of(
        "select relname, coalesce(reloptions::text, '') from pg_class"
        " where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace"
        " and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')"
    )
    assert [name for name, options in views if "security_invoker=true" not in options] == []


@pytest.mark.parametrize("verb", ["update", "delete", "truncate"])
def test_the_web_role_adds_to_the_audit_and_takes_nothing_back(verb: str) -> None:
    tables = rows_of(
        "select relname from pg_class where relname like 'platform_audit%' and relkind = 'r'"
        f" and has_table_privilege('guiyan_web', oid, '{verb}')"
    )
    assert tables == []


def test_no_unique_rule_betrays_a_person_elsewhere() -> None:
    """F28: a unique index ignores the scope, so none may stand on what identifies a person."""
    columns = rows_of(
        "select c.relname || '.' || a.attname from pg_index i"
        " join pg_class c on c.oid = i.indrelid"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey::int2[])"
        " where i.indisunique and c.relnamespace = 'public'::regnamespace"
        " and (a.attname like '%blind%' or a.attname like '%mask%' or a.attname like '%phone%'"
        "   or a.attname like '%name%' or a.attname like '%number%')"
        " and c.relname !~ '^(django|auth|procrastinate)_'"
    )
    assert {name for (name,) in columns} == {
        "flows_letter.number",  # runs by issuer and year, says nothing of a person
        "platform_auditseal.number",
        "messaging_stoppednumber.blind",  # written by the program alone; names no file, no person
        "outreach_area.number",  # counted within a round and a township
        "outreach_standing.number",  # of a shop or a branch on a printed sheet
        # Within one line: only who writes to that line meets it, and they see its missed calls.
        "outreach_call.number_blind",
    }
