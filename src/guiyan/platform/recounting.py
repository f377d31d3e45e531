"""Sums are counted anew beside work that goes on."""

from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet


def count_anew(waiting: type[Model], counted: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """The rows of `counted`; what waits to be added to the old sums goes in the same statement, so
    in the same snapshot: a change that is written meanwhile is either counted or still waits,
    never both. The caller takes its turn first, so that nobody adds to sums that are being made.
    """
    query, given = counted.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"with gone as (delete from {waiting._meta.db_table}) {query}",  # noqa: S608 - Django's own words
            given,
        )
        return list(cursor.fetchall())
