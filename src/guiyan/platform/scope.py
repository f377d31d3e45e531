"""Which rows a transaction may see: a half-open range on the organisation path, put to PostgreSQL.

Row-level security reads four settings that live as long as the transaction: `app.low` and
`app.high` (the range), `app.member` (a signed-in member, who sees their own file) and
`app.account`. Unset or empty settings mean no rows. The settings stop forgotten filters, not SQL
injection: the web role could set them itself, so raw SQL is kept to this room.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

ABOVE_EVERY_PATH = "~"  # sorts after every base-36 digit in the "C" collation


@dataclass(frozen=True, slots=True)
class Scope:
    """A range of organisation paths, low ≤ path < high, and whose own file is open."""

    low: str
    high: str
    account_id: UUID | None = None
    member_id: UUID | None = None

    @classmethod
    def nowhere(cls) -> "Scope":
        return cls("", "")

    @classmethod
    def everywhere(cls) -> "Scope":
        return cls("", ABOVE_EVERY_PATH)

    @classmethod
    def under(cls, path: str, account_id: UUID | None = None) -> "Scope":
        """The organisation at `path` and everything below it."""
        return cls(path, path + ABOVE_EVERY_PATH, account_id) if path else cls.nowhere()

    @classmethod
    def own_file(cls, member_id: UUID) -> "Scope":
        return cls("", "", None, member_id)

    def covers(self, path: str | None) -> bool:
        return path is not None and self.low <= path < self.high


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


class NoTransaction(RuntimeError):
    """A scope was asked for outside a transaction, where it would not last."""


def current_scope() -> Scope:
    return _current.get() or Scope.nowhere()


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """Confine the running transaction to `scope`; the scope before comes back afterwards.

    One round trip in, one out. After an error the transaction or savepoint is rolled back and
    PostgreSQL restores the settings by itself, so nothing is sent then.
    Raises NoTransaction outside `transaction.atomic()`.
    """
    if not connection.in_atomic_block:
        raise NoTransaction("open transaction.atomic() before setting a scope")
    before = current_scope()
    if before == scope and _current.get() is not None:  # a room inside another has set the same
        yield
        return
    token = _current.set(scope)
    try:
        _tell_postgres(scope)
        yield
        if not connection.needs_rollback:
            _tell_postgres(before)
    finally:
        _current.reset(token)


@contextmanager
def scoped_to_the_end(scope: Scope) -> Iterator[None]:
    """The same for a block that ends with its transaction, which forgets the settings by itself.

    Saves a round trip. Within a savepoint, where they would outlive the block, it is `scoped`.
    """
    if connection.savepoint_ids:
        with scoped(scope):
            yield
        return
    token = _current.set(scope)
    try:
        _tell_postgres(scope)
        yield
    finally:
        _current.reset(token)


@contextmanager
def beyond_scope(why: str) -> Iterator[None]:
    """Let a command reach past the actor's scope for one lawful step; `why` stands in the code.

    For the few moments in which two organisations meet: handing a case to the other side, or
    telling a reviewer above of a duplicate. The caller has checked the permission before.
    """
    if not why:
        raise ValueError("say why the scope is left")
    with scoped(Scope.everywhere()):
        yield


def _tell_postgres(scope: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('app.low', %s, true), set_config('app.high', %s, true),"
            " set_config('app.account', %s, true), set_config('app.member', %s, true)",
            [scope.low, scope.high, str(scope.account_id or ""), str(scope.member_id or "")],
        )
