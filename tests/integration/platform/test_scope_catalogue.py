"""Every table has a policy or a written reason for having none."""

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


def test_the_web_role_owns_nothing_and_bypasses_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
            " exists (select from pg_class where relowner = pg_roles.oid)"
            " from pg_roles where rolname = current_user"
        )
        assert cursor.fetchone() == ("guiyan_web", False, False, False, False, False)
