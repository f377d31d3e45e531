"""The few statements on the tree that no model can say; the only raw SQL on it."""

from uuid import UUID

from django.db import connection

_ROOTS = 7_236_119  # any number, the same for every Guiyan: new roots queue up behind it


def lock_roots() -> None:
    """Until the transaction ends nobody else gives a path to a root."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_ROOTS])


def move_paths(old: str, new: str) -> int:
    """Re-path a subtree in every table that repeats paths; returns how many rows changed.

    Raises ProgrammingError (insufficient privilege) for paths outside the running scope.
    """
    with connection.cursor() as cursor:
        cursor.execute("select orgs_move(%s, %s)", [old, new])
        return int(cursor.fetchone()[0])


def merge_rows(gone: UUID, kept: UUID) -> int:
    """Hand everything that hangs on one organisation to another; returns how many rows changed."""
    with connection.cursor() as cursor:
        cursor.execute("select orgs_merge(%s, %s)", [gone, kept])
        return int(cursor.fetchone()[0])
