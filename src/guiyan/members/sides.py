"""Where members belong and who looks after the stay now: commands for the case's own steps."""

from collections.abc import Sequence
from datetime import date
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
_COLUMNS = (
    "home_organisation_id", "home_path", "home_text", "host_organisation_id", "host_path",
)  # fmt: skip


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
    rows = {
        row.id: row
        for row in Member.objects.select_for_update()
        .filter(pk__in=[one.member_id for one in sides])
        .order_by("pk")
    }
    changed: list[tuple[Member, dict[str, str]]] = []
    for one in sides:
        row = rows.get(one.member_id)
        if row is None:
            raise NotFound("member")
        if all(getattr(row, column) == getattr(one, column) for column in _COLUMNS):
            continue
        before = registering.interval_values(row)
        for column in _COLUMNS:
            setattr(row, column, getattr(one, column))
        row.version += 1
        changed.append((row, before))
        audit.note(subject_kind="member", subject_id=row.id, member_id=row.id)
    Member.objects.bulk_update([row for row, _ in changed], [*_COLUMNS, "version"])
    changing.keep_history(changed, on)
