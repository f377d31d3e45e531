"""Where members belong and who looks after the stay now: commands for the case's own steps."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Final
from uuid import UUID

from guiyan.members import changing, registering
from guiyan.members.models import Member
from guiyan.members.types import Sides
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.scope import beyond_scope

_AT_ONCE = 1_000
_COLUMNS: Final = (
    "home_organisation_id", "home_path", "home_text", "host_organisation_id", "host_path",
)  # fmt: skip


_wanted = attrgetter(*_COLUMNS)


@command(None)
def set_sides(
    *,
    by: Actor,
    member_id: UUID,
    home_organisation_id: UUID | None,
    home_path: str | None,
    home_text: str,
    host_organisation_id: UUID | None,
    host_path: str | None,
) -> None:
    """Both sides see the file; see `set_sides_of_many` for who may call this."""
    sides = Sides(
        member_id, home_organisation_id, home_path, home_text, host_organisation_id, host_path
    )
    _set(by, [sides])


@command(None)
def set_sides_of_many(*, by: Actor, sides: Sequence[Sides]) -> None:
    """The same for many members at once; those whose sides stay as they are cost nothing.

    For the case's own commands only: they have checked the permission and that the step is
    lawful. The step may hand the file to a body outside the actor's scope.
    """
    _set(by, sides)


def _set(by: Actor, sides: Sequence[Sides]) -> None:
    if not (by.is_staff or by.kind == "system"):
        raise Forbidden("members.set_sides")
    with beyond_scope("a case hands the file to its other side"):
        for start in range(0, len(sides), _AT_ONCE):
            _set_some(by.today, sides[start : start + _AT_ONCE])


def _set_some(on: date, sides: Sequence[Sides]) -> None:
    ids = [one.member_id for one in sides]
    locked = Member.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    stand = {row[0]: row[1:] for row in locked.values_list("pk", *_COLUMNS)}
    if not stand.keys() >= set(ids):
        raise NotFound("member")
    # A whole import of new files changes nothing here, so no row of it becomes a model.
    moved = [one for one in sides if stand[one.member_id] != _wanted(one)]
    rows = Member.objects.in_bulk([one.member_id for one in moved])
    changed: list[tuple[Member, dict[str, str]]] = []
    for one in moved:
        row = rows[one.member_id]
        before = registering.interval_values(row)
        for column in _COLUMNS:
            setattr(row, column, getattr(one, column))
        row.version += 1
        changed.append((row, before))
        audit.note(subject_kind="member", subject_id=row.id, member_id=row.id)
    Member.objects.bulk_update([row for row, _ in changed], [*_COLUMNS, "version"])
    changing.keep_history(changed, on)
