"""A request that only reads asks for each fact once, however many rooms show it on the page.

Panels, lists and sentences of one page are made by rooms that don't know each other, and each goes
the one way to a thing: `get_case_for`, `get_member_for`. Those ways remember their answer until
the request ends. Nothing is remembered outside such a request, across scopes, or over a command.
"""

import functools
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, ParamSpec, TypeVar

from guiyan.platform.scope import current_scope

P = ParamSpec("P")
R = TypeVar("R")

_answers: ContextVar[dict[Hashable, object] | None] = ContextVar("answers", default=None)
_NONE = object()


@contextmanager
def reading() -> Iterator[None]:
    """The block of a request that only reads; what it remembered goes with it."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """The block of a command: it reads everything anew, and so does the page afterwards."""
    answers = _answers.get()
    if answers is None:
        yield
        return
    token = _answers.set(None)
    try:
        yield
    finally:
        _answers.reset(token)
        answers.clear()


class ReadOnce(Generic[P, R]):
    """A query whose answers hold for the rest of the request, under the scope they were given in."""

    def __init__(self, query: Callable[P, R]) -> None:
        self._query = query
        functools.update_wrapper(self, query)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        answers = _answers.get()
        if answers is None:
            return self._query(*args, **kwargs)
        key = (self._query, current_scope(), args, tuple(sorted(kwargs.items())))
        known = answers.get(key, _NONE)
        if known is _NONE:
            known = answers[key] = self._query(*args, **kwargs)
        return known  # type: ignore[return-value]

    def put(self, answer: R, *args: P.args, **kwargs: P.kwargs) -> None:
        """What another query of the same room has read along."""
        answers = _answers.get()
        if answers is not None:
            key = (self._query, current_scope(), args, tuple(sorted(kwargs.items())))
            answers[key] = answer


def read_once(query: Callable[P, R]) -> ReadOnce[P, R]:
    """For queries of one thing, whose answers nobody changes: facts, tuples, texts."""
    return ReadOnce(query)
