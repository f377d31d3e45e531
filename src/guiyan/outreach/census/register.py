"""The register of premises and the rounds over it stay one: what comes in gets a standing in every
open round, what moves is counted where it is now, what a list brought by mistake goes from both."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from guiyan.orgs import queries as orgs
from guiyan.outreach.census.addresses import door_of
from guiyan.outreach.census.counts import Change, Place, note_changes, note_new
from guiyan.outreach.census.holding import hold_areas, hold_rounds
from guiyan.outreach.census.rules import NOT_VISITED
from guiyan.outreach.census.versions import bury, stamp
from guiyan.outreach.models import Premises, Round, Standing
from guiyan.platform.bulk import insert_columns, update_rows
from guiyan.platform.scope import beyond_scope

_ABOVE = "a round of the county counts the premises of its townships"
_AT_ONCE = 5_000
Progress = Callable[[int], None]
_FOLLOWED = [
    "village", "street", "house", "area", "area_version", "path", "organisation_id", "version",
]  # fmt: skip


class Met(NamedTuple):
    """What of a premises makes its standing."""

    path: str
    organisation_id: UUID
    id: UUID
    division_code: str
    address: str
    name_key: str


_MET_OF = attrgetter(*Met._fields)


def take_up(premises: Sequence[Premises], *, as_standing: tuple[UUID, UUID] | None = None) -> None:
    """Premises that are new in the register, into every open round over their place.

    `as_standing` is a round and the id that the standing gets there, made by who met the premises.
    """
    for round_ in hold_rounds(one.path for one in premises):
        here = (one for one in premises if one.path.startswith(round_.path))
        own = as_standing[1] if as_standing and as_standing[0] == round_.id else None
        stand(round_, [Met(*_MET_OF(one)) for one in here], own)


def stand(round_: Round, met: Sequence[Met], own: UUID | None = None) -> int:
    """Standings of one round, numbered on in the order in which one walks; columns, not objects.

    The caller has locked the round or is the only one that knows it. Returns how many.
    """
    townships = _TownshipNames()
    doors = [(one, door_of(one.address, township=townships.of(one.division_code))) for one in met]
    doors.sort(key=lambda pair: (pair[0].path, pair[1].street, pair[1].house, pair[0].name_key))
    columns: dict[str, Sequence[object]] = {
        "path": [one.path for one, _door in doors],
        "organisation_id": [one.organisation_id for one, _door in doors],
        "premises_id": [one.id for one, _door in doors],
        "village": [door.village for _one, door in doors],
        "street": [door.street for _one, door in doors],
        "house": [door.house for _one, door in doors],
    }
    return _add(round_, columns | ({"id": [own]} if own else {}))


def stand_all(
    round_: Round, premises: QuerySet[Premises], progress: Progress = lambda done: None
) -> int:
    """Standings for a whole register, some bodies at a time, so that a province's five million are
    never in memory at once; returns how many."""
    many = 0
    some: list[Met] = []
    rows = premises.order_by("path").values_list(*Met._fields).iterator(chunk_size=_AT_ONCE)
    for _path, here in groupby((Met(*row) for row in rows), key=attrgetter("path")):
        some += here
        if len(some) >= _AT_ONCE:
            many += stand(round_, some)
            some = []
            progress(many)
    return many + stand(round_, some)


def stand_branches(
    round_: Round,
    branches: Sequence[tuple[UUID, str]],
    progress: Progress = lambda done: None,
) -> int:
    """Standings of a round over branches, numbered in the order of the tree."""
    many = 0
    for start in range(0, len(branches), _AT_ONCE):
        some = branches[start : start + _AT_ONCE]
        columns: dict[str, Sequence[object]] = {
            "organisation_id": [one for one, _path in some],
            "path": [path for _one, path in some],
        }
        many += _add(round_, columns)
        progress(many)
    return many


def _add(round_: Round, columns: Mapping[str, Sequence[object]]) -> int:
    """Nobody was there yet: standings from these columns, in their order, counted by body."""
    paths = columns["path"]
    if not paths:
        return 0
    first = round_.last_number + 1
    round_.last_number += len(paths)
    numbered = {"round_id": [round_.id] * len(paths), "number": range(first, first + len(paths))}
    insert_columns(Standing, {**columns, **numbered})
    with beyond_scope(_ABOVE):
        Round.objects.filter(pk=round_.id).update(last_number=round_.last_number)
        note_new(round_.id, Counter(map(str, paths)), NOT_VISITED)
    return len(paths)


def follow(premises: Sequence[Premises]) -> None:
    """Premises that a later list says are elsewhere: their standings go along, out of the old area
    when the township changed; their number and what was found stay."""
    by_id = {one.id: one for one in premises}
    with beyond_scope(_ABOVE):
        rows = list(
            Standing.objects.select_for_update()
            .filter(premises_id__in=list(by_id), round__state="open")
            .order_by("pk")
        )
        townships = _TownshipNames()
        changes: list[Change] = []
        left: list[tuple[Standing, UUID, UUID | None]] = []
        for row in rows:
            if row.premises_id is None:
                continue
            now, before = by_id[row.premises_id], Place.of(row)
            door = door_of(now.address, township=townships.of(now.division_code))
            row.village, row.street, row.house = door.village, door.street, door.house
            if row.path != now.path and row.area_id is not None:
                left.append((row, row.area_id, None))
                row.area_id = None
            row.path, row.organisation_id = now.path, now.organisation_id
            row.version += 1
            changes.append((before, Place.of(row), None))
        hold_areas([*(row.area_id for row in rows), *(area for _row, area, _to in left)])
        bury(left)
        stamp(rows)
        update_rows(rows, _FOLLOWED)
        note_changes(changes)


def forget(premises_ids: Sequence[UUID]) -> list[UUID]:
    """An import is taken back: those at whose door nobody was yet go from every open round; returns
    the ids that may leave the register. What was visited stays, and so does what a closed round
    has counted."""
    free: list[UUID] = []
    with beyond_scope(_ABOVE):
        for start in range(0, len(premises_ids), _AT_ONCE):
            some = premises_ids[start : start + _AT_ONCE]
            rows = list(
                Standing.objects.select_for_update()
                .filter(premises_id__in=some)
                .select_related("round")
                .order_by("pk")
            )
            kept = {
                row.premises_id
                for row in rows
                if row.round.state == "closed" or row.state != NOT_VISITED or row.version > 1
            }
            gone = [row for row in rows if row.premises_id not in kept]
            note_changes((Place.of(row), None, None) for row in gone)
            bury((row, row.area_id, None) for row in gone if row.area_id)
            Standing.objects.filter(pk__in=[row.id for row in gone]).delete()
            free += [one for one in some if one not in kept]
    return free


class _TownshipNames:
    """The name with which addresses of a division begin, looked up once each."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def of(self, code: str) -> str:
        if code not in self._names:
            self._names[code] = orgs.division_name(code) if code else ""
        return self._names[code]
