"""The shape of every write: one permission, one transaction, one scope, its audit rows and its events."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from django.db import transaction

from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden
from guiyan.platform.permissions import Permission
from guiyan.platform.reading import writing
from guiyan.platform.scope import scoped

P = ParamSpec("P")
R = TypeVar("R")

_registry: dict[str, Permission | None] = {}


def command(permission: Permission | None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a command. It takes keywords only, among them `by`, the actor.

       1. Refuses an actor without `permission` (None: open to any actor whom the body lets through,
          for acts of members on their own file and of the public form).
       2. Opens a transaction (a savepoint inside another command) and sets the actor's scope.
       3. Runs the body; `audit.note` inside says on whom it acted.
    4. Writes the audit rows, then hands the published events to their subscribers, which only
          enqueue jobs. All of it commits or none.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        module = function.__module__.removeprefix("guiyan.")
        action = f"{module.split('.')[0]}.{function.__name__}"
        _registry[action] = permission

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{action} takes keyword arguments only")
            by = cast(Actor, kwargs["by"])
            if permission is not None and not by.may(permission):
                raise Forbidden(action)
            with writing(), transaction.atomic(), scoped(by.scope), audit.collecting() as notes:
                result = function(**kwargs)  # type: ignore[call-arg]
                reason = str(kwargs.get("reason") or "")
                if not notes:
                    notes.append(audit.AuditEntry(action))
                for entry in notes:
                    entry.action = action
                    entry.reason = entry.reason or reason
                audit.write(by, notes)
            return result

        run.permission = permission  # type: ignore[attr-defined]
        return run

    return decorate


def commands() -> dict[str, Permission | None]:
    """Every command by its action name, with the permission that it asks for."""
    return dict(_registry)
