"""Long work by two hands: while PostgreSQL writes the rows of one, the other reckons the next.

Each has a connection of its own, so that a transaction is one hand's alone.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def by_two_hands(work: Callable[[], T]) -> list[T]:
    """Run `work` here and beside; returns both answers when both have ended.

    Each takes what is next until nothing is left. What one of them raises is raised here, after
    the other has come to its end.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside") as beside:
        other = beside.submit(_beside, work)
        here = work()
        return [here, other.result()]


def _beside(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        connection.close()
