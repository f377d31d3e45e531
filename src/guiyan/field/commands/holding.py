"""One order of locks, so that no two wait for each other in a ring (docs/offline.md).

Phone; receipts; what waits; then what the rooms lock, each in its own order. Whoever holds a row of a
room waits for none of ours: what somebody else holds is left to them (skip locked). Those who decide
go one after the other, because a decision goes from the room to us as well as from us to the room.
"""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from guiyan.field.commands.unpacking import Sent, read_again
from guiyan.field.models import WaitingOperation
from guiyan.field.offline import Touched, operation_kinds
from guiyan.orgs.commands import keep_tree_still
from guiyan.platform.scope import beyond_scope
from guiyan.platform.turns import wait_for_turn

_HOLDING = "what waits is locked wherever its area is now"


def begin_deciding() -> None:
    """Until the end of the transaction nobody else decides about what two people said differently.

    One turn for all rounds: a decision lets go on what was held for it, which may touch any door of
    any round, so two that began at different doors could meet at a third. It is one press of a
    person's button, and no batch of a phone asks for the turn.
    """
    keep_tree_still()
    wait_for_turn("field.deciding")


def hold(operations: Sequence[Sent]) -> None:
    """Before these are applied: what they replace and what was held for them, then what the rooms
    touch with all of it. Two statements where nothing waits, and the rooms' own."""
    followers = _followers([each.id for each in operations])
    _hold_replaced([*operations, *followers])
    _hold_in_rooms([*operations, *followers])


def hold_followers(of: Iterable[UUID]) -> None:
    """The same for what was held for these and is applied next."""
    followers = _followers(of)
    _hold_replaced(followers)
    _hold_in_rooms(followers)


def _followers(of: Iterable[UUID]) -> list[Sent]:
    """What was held for these, link by link; what somebody else holds is left to them."""
    found: list[Sent] = []
    known = set(of)
    new = known
    while new:
        with beyond_scope(_HOLDING):
            held = WaitingOperation.objects.select_for_update(skip_locked=True)
            rows = list(held.filter(state="held", after__in=new).order_by("id"))
        found += [each for row in rows if isinstance(each := read_again(row), Sent)]
        new = {row.id for row in rows} - known
        known |= new
    return found


def _hold_replaced(operations: Iterable[Sent]) -> None:
    replaced = {key for each in operations if (key := each.envelope.supersedes)}
    if replaced:
        with beyond_scope(_HOLDING):
            rows = WaitingOperation.objects.select_for_update().filter(id__in=replaced)
            list(rows.order_by("id").values_list("id"))


def _hold_in_rooms(operations: Iterable[Sent]) -> None:
    by_room: dict[Callable[[Sequence[Touched]], None], list[Touched]] = {}
    for each in sorted(operations, key=lambda one: one.kind.code):
        area_id, subject_id = each.envelope.area_id, each.envelope.subject_id
        touched = Touched(each.kind.code, area_id, subject_id, each.body)
        by_room.setdefault(operation_kinds[each.kind.code].hold, []).append(touched)
    for hold_all, touched_here in by_room.items():
        hold_all(touched_here)
