"""A word to PostgreSQL's planner about scopes, whose width it cannot see.

The bounds of a scope are read when a statement runs, so when it is planned every scope is taken
for half a percent of the table. For a city or a province that is wrong by a hundred times: all its
rows would be collected and sorted for a page of fifty (seconds instead of milliseconds).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def many_in_scope(*, in_order: bool) -> Iterator[None]:
    """Read on as the statement's own index goes, and don't gather the scope's rows first.

    With `in_order` the rows come in the order of that index too, so that reading ends with the
    page. Costs two round trips. After an error the transaction restores the settings by itself.
    """
    _tell_planner("off", "off" if in_order else "on")
    yield
    if not connection.needs_rollback:
        _tell_planner("on", "on")


def _tell_planner(bitmaps: str, sorting: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('enable_bitmapscan', %s, true), set_config('enable_sort', %s, true)",
            [bitmaps, sorting],
        )
