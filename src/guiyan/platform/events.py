"""Upward news: a lower room publishes a typed event, an upper room's subscriber enqueues a job."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")

_subscribers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event: type[E], handler: Callable[[E], None]) -> None:
    """Called in an application's `ready()`. The handler may only enqueue jobs."""
    if handler not in _subscribers[event]:
        _subscribers[event].append(handler)


def publish(event: object) -> None:
    """Say, inside a command, that something happened; subscribers hear of it before the commit,
    so that the jobs which they enqueue are kept or lost together with the write."""
    for handler in _subscribers[type(event)]:
        handler(event)
