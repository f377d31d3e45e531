"""Brings the packed divisions into the table: all at once at first, only what changed later."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from guiyan.orgs.division_names import place_key
from guiyan.orgs.divisions.packed import AS_OF, PackedDivision, packed_divisions
from guiyan.orgs.models import Division

Progress = Callable[[int], None]
_EVERY = 20_000
_COLUMNS = "code, name, key, level, parent_code, valid_from"
_Key = tuple[str, int]


def _silent(_count: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many divisions are new in the table, and how many are no longer in force."""

    new: int
    ended: int


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    name: str
    parent_code: str


def load_divisions(
    divisions: Iterable[PackedDivision] | None = None,
    *,
    as_of: date = AS_OF,
    progress: Progress = _silent,
) -> Loaded:
    """Make the table say what the list says; a code that vanished or means another place ends.

    Rows are never re-coded or removed: what held before `as_of` keeps its row with `valid_to`.
    The very first list holds since before our records. Must run in a transaction. `progress` is
    told how many divisions were read.
    """
    listed = _counted(packed_divisions() if divisions is None else divisions, progress)
    if not Division.objects.exists():
        return Loaded(_copy(listed, None), 0)
    known = {
        (code, level): _Known(row, name, parent)
        for row, code, level, name, parent in Division.objects.filter(valid_to=None)
        .values_list("id", "code", "level", "name", "parent_code")
        .iterator(chunk_size=_EVERY)
    }
    new: list[PackedDivision] = []
    ended: list[int] = []
    for division in listed:
        before = known.pop((division.code, int(division.level)), None)
        if before is None:
            new.append(division)
        elif (before.name, before.parent_code) != (division.name, division.parent_code or ""):
            ended.append(before.id)
            new.append(division)
    ended += [before.id for before in known.values()]
    for start in range(0, len(ended), _EVERY):
        Division.objects.filter(id__in=ended[start : start + _EVERY]).update(valid_to=as_of)
    return Loaded(_copy(new, as_of), len(ended))


def _counted(divisions: Iterable[PackedDivision], progress: Progress) -> Iterator[PackedDivision]:
    count = 0
    for division in divisions:
        yield division
        count += 1
        if count % _EVERY == 0:
            progress(count)
    progress(count)


def _copy(divisions: Iterable[PackedDivision], valid_from: date | None) -> int:
    """PostgreSQL's own bulk channel: twenty times as fast as inserts."""
    count = 0
    with connection.cursor() as cursor:
        statement = f"copy {Division._meta.db_table} ({_COLUMNS}) from stdin"
        with cursor.copy(statement) as copy:
            for division in divisions:
                level = int(division.level)
                key = place_key(division.name, level)
                parent = division.parent_code or ""
                copy.write_row((division.code, division.name, key, level, parent, valid_from))
                count += 1
    return count
