"""What an old index key hashed is hashed again with the new one, whichever room keeps it (design §7.9).

Both keys find meanwhile: who writes takes the newest, who asks takes `blind_indexes` of all. A room
says which of its columns are blind indexes and how a row's value is read again. What can't be read
again (a token is known to its holder alone) a room counts, so that the old key stays as long.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from guiyan.kernel.key_files import Key, KeyState, KeyUse, read_keys
from guiyan.platform.jobs import enqueue, job
from guiyan.platform.keys import key_ring

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class BlindColumn:
    """A column of blind indexes. `reads` answers (value in its one form, purpose) of a row, or None
    when the value is erased; `after` is told of the rows that were written anew."""

    model: str
    column: str
    reads: Callable[[Any], tuple[str, str] | None]
    after: Callable[[Sequence[Any]], None] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """How far a pass is: which column, and after which row of it."""

    column: int = 0
    after: str = ""


_columns: list[BlindColumn] = []
_held: dict[str, Callable[[datetime], int]] = {}


def blind_column(
    model: str,
    column: str,
    reads: Callable[[Any], tuple[str, str] | None],
    *,
    after: Callable[[Sequence[Any]], None] | None = None,
) -> None:
    """Say that a column is a blind index; `model` is "room.Model"."""
    _columns.append(BlindColumn(model, column, reads, after))


def held_by_others(name: str, count: Callable[[datetime], int]) -> None:
    """Say how many hashes of `name`, still in force, were written before a moment and can be
    written anew by nobody but who holds what was hashed."""
    _held[name] = count


def blind_columns() -> tuple[BlindColumn, ...]:
    return tuple(_columns)


def rewrite_some(place: Place) -> tuple[Place | None, int]:
    """One step of a pass over all rows: where to go on (None at the end), and how many rows it wrote.

    A pass that follows on another one writes nothing. Runs in a transaction with system scope.
    """
    if place.column >= len(_columns):
        return None, 0
    column = _columns[place.column]
    rows = apps.get_model(column.model)._default_manager.order_by("pk")
    rows = rows.exclude(**{f"{column.column}__isnull": True}).select_for_update(of=("self",))
    found = list((rows.filter(pk__gt=place.after) if place.after else rows)[:AT_ONCE])
    if not found:
        return Place(place.column + 1), 0
    return Place(place.column, str(found[-1].pk)), _rewrite(column, found)


def hashes_of_others(since: datetime) -> Counter[str]:
    """What still needs the keys of before `since`, by name; each goes with time."""
    return Counter({name: many for name, count in _held.items() if (many := count(since))})


def turning() -> list[Key]:
    """The active index keys, newest first; more than one while a rotation runs."""
    keys = [key for key in read_keys(settings.KEYS_DIR) if key.use is KeyUse.INDEX]
    active = [key for key in keys if key.state is KeyState.ACTIVE]
    return sorted(active, key=lambda key: (key.serial, key.id), reverse=True)


@job("platform.reindex", cron="55 18 * * *")
def reindex(column: int = 0, after: str = "") -> None:
    """While two index keys are active: each night a pass in steps, each a transaction of its own,
    for what a writer of before the rotation brought in late."""
    if len(turning()) < 2:
        return
    following, _written = rewrite_some(Place(column, after))
    if following is not None:
        enqueue(reindex, column=following.column, after=following.after)


def _rewrite(column: BlindColumn, rows: Sequence[Model]) -> int:
    changed = []
    for row in rows:
        read = column.reads(row)
        if read is None:
            continue
        value, purpose = read
        blind = key_ring().blind_index(value, purpose=purpose)
        if blind != bytes(getattr(row, column.column)):
            setattr(row, column.column, blind)
            changed.append(row)
    apps.get_model(column.model)._default_manager.bulk_update(
        changed, [column.column], batch_size=500
    )
    if changed and column.after is not None:
        column.after(changed)
    return len(changed)
