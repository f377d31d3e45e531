"""Small writes that are seen at once, beside a long transaction that is seen only when it ends.

An import writes a hundred thousand rows in one transaction; how far it is must not wait for it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from guiyan.platform.scope import Scope

Write = Callable[[str, Sequence[Any]], None]


@contextmanager
def beside(scope: Scope) -> Iterator[Write]:
    """A second connection in this scope; each call is one statement, committed by itself.

    It must not touch a row that the long transaction has changed, or both wait for each other.
    """
    other = connection.copy()

    def write(statement: str, values: Sequence[Any]) -> None:
        with other.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute(
                "select set_config('app.low', %s, true), set_config('app.high', %s, true)",
                [scope.low, scope.high],
            )
            cursor.execute(statement, values)
            cursor.execute("commit")

    try:
        yield write
    finally:
        other.close()
