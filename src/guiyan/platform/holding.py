"""Which of several short lists hold anything: asked of the database at once.

A start page asks a dozen rooms, and on most days most of their lists are empty.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import QuerySet


def which_hold(lists: Mapping[str, QuerySet[Any]]) -> frozenset[str]:
    """The names of those with at least one row in scope. One statement for any number of lists."""
    if not lists:
        return frozenset()
    asked: list[str] = []
    values: list[Any] = []
    for rows in lists.values():
        statement, given = rows.query.exists().sql_with_params()
        asked.append(f"exists({statement})")
        values += given
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(asked)}", values)
        answers = cursor.fetchone() or ()
    return frozenset(name for name, holds in zip(lists, answers, strict=True) if holds)
