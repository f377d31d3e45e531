"""One at a time: who holds a name, others wait for it or turn back.

A name is held until the running transaction ends, so a crash lets go of it.
Source: PostgreSQL, advisory locks of transaction level.
"""

from django.db import connection


def wait_for_turn(name: str) -> None:
    """Goes on when nobody else holds this name. Call it inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def share_turn(name: str) -> None:
    """Many may hold this name so at once; whoever waits for its turn waits for all of them."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [name])


def hold_alone(name: str) -> bool:
    """True when nobody else holds this name; it does not wait."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        row = cursor.fetchone()
    return bool(row and row[0])
