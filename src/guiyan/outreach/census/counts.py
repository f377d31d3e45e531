"""Counts of a census: a delta in the write's own transaction, folded by the worker.

As in flows: no row of a county is touched by a village's write, so nobody waits for anybody, and a
province's board reads a few rows (design, decision 12). A cell is a state, a day (ISO) on which so
many were explained, or an answer about people of a branch's list.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast, Concat

from guiyan.orgs.queries import ancestor_paths
from guiyan.outreach.census.rules import UNEXPLAINED, is_explained
from guiyan.outreach.models import Round, Screened, Standing, StandingCount, StandingDelta
from guiyan.platform.bulk import insert_rows
from guiyan.platform.recounting import count_anew
from guiyan.platform.scope import beyond_scope
from guiyan.platform.turns import wait_for_turn

Cell = tuple[UUID, str, UUID | None, str]  # round, path, area, state or day


@dataclass(frozen=True, slots=True)
class Place:
    """Where a standing is counted."""

    round_id: UUID
    path: str
    area_id: UUID | None
    state: str

    @classmethod
    def of(cls, row: Standing) -> "Place":
        return cls(row.round_id, row.path, row.area_id, row.state)


PERSON = "person-"
_COUNTING = "outreach.counting"
Change = tuple[Place | None, Place | None, date | None]
_Found = QuerySet[Any, tuple[UUID, str, UUID | None, str, int]]


def note_changes(changes: Iterable[Change]) -> None:
    """Each change: where a standing was counted (None: it is new), where it is now (None: it is
    gone), and on which day it was explained or opened again (None: that did not change)."""
    sums: Counter[Cell] = Counter()
    for before, after, day in changes:
        for place, change in ((before, -1), (after, 1)):
            if place is not None:
                sums[place.round_id, place.path, place.area_id, place.state] += change
        if day is not None and before is not None and after is not None:
            step = is_explained(after.state) - is_explained(before.state)
            sums[after.round_id, after.path, after.area_id, day.isoformat()] += step
    insert_rows(
        [
            StandingDelta(round_id=round_id, path=path, area_id=area_id, cell=cell, change=change)
            for (round_id, path, area_id, cell), change in sums.items()
            if change
        ]
    )


def note_new(round_id: UUID, paths: Mapping[str, int], state: str) -> None:
    """Standings that are new in a round, so many in each body, all in one state and no area."""
    insert_rows(
        [
            StandingDelta(round_id=round_id, path=path, cell=state, change=many)
            for path, many in paths.items()
        ]
    )


def note_people(round_id: UUID, path: str, changes: Mapping[str, int]) -> None:
    """Answers about people of a branch's list, by answer; counted beside the states."""
    insert_rows(
        [
            StandingDelta(round_id=round_id, path=path, cell=PERSON + answer, change=change)
            for answer, change in changes.items()
            if change and answer
        ]
    )


def fold() -> int:
    """Add waiting deltas to the counts of their area, body and all above, up to the round's own
    organisation; returns how many. One worker at a time counts."""
    wait_for_turn(_COUNTING)
    with beyond_scope("counts of every organisation are kept by the worker"):
        deltas = list(StandingDelta.objects.all()[:5000])
        tops = dict(Round.objects.values_list("id", "path")) if deltas else {}
        sums: Counter[Cell] = Counter()
        for delta in deltas:
            for cell in _cells(delta.round_id, delta.path, delta.area_id, delta.cell, tops):
                sums[cell] += delta.change
        _add(list(sums.items()))
        StandingDelta.objects.filter(id__in=[delta.id for delta in deltas]).delete()
    return len(deltas)


def remake() -> int:
    """Count everything anew, after organisations moved or merged; returns the cells written.

    A visit that is written meanwhile is counted once.
    """
    wait_for_turn(_COUNTING)
    with beyond_scope("counts of every organisation are kept by the worker"):
        tops = dict(Round.objects.values_list("id", "path"))
        sums: Counter[Cell] = Counter()
        found = _states().union(_days(), _people(), all=True)
        for round_id, path, area_id, of, many in count_anew(StandingDelta, found):
            for cell in _cells(round_id, path, area_id, of, tops):
                sums[cell] += many
        StandingCount.objects.all().delete()
        StandingCount.objects.bulk_create(
            (
                StandingCount(
                    round_id=round_id, body_path=path, area_id=area_id, cell=cell, count=count
                )
                for (round_id, path, area_id, cell), count in sums.items()
            ),
            batch_size=2000,
        )
    return len(sums)


def _states() -> _Found:
    rows = Standing.objects.order_by().values_list("round_id", "path", "area_id", "state")
    return rows.annotate(many=Count("id"))


def _days() -> _Found:
    """On which day so many were explained."""
    rows = Standing.objects.filter(visited_on__isnull=False).exclude(state__in=UNEXPLAINED)
    day = Cast("visited_on", TextField())
    return (
        rows.order_by().values_list("round_id", "path", "area_id", day).annotate(many=Count("id"))
    )


def _people() -> _Found:
    """What was said of people on the lists of branches."""
    rows = Screened.objects.exclude(answer="").order_by()
    said = Concat(Value(PERSON), "answer", output_field=TextField())
    place = ("standing__round_id", "standing__path", Value(None, UUIDField()))
    return rows.values_list(*place, said).annotate(many=Count("id"))


def _cells(
    round_id: UUID, path: str, area_id: UUID | None, cell: str, tops: dict[UUID, str]
) -> list[Cell]:
    top = tops.get(round_id, path)
    cells: list[Cell] = [
        (round_id, above, None, cell) for above in ancestor_paths(path) if above.startswith(top)
    ]
    return [*cells, (round_id, path, area_id, cell)] if area_id else cells


def _add(sums: Sequence[tuple[Cell, int]]) -> None:
    """One statement for a thousand cells: a round over eight thousand branches has as many."""
    for start in range(0, len(sums), 1_000):
        some = sums[start : start + 1_000]
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into outreach_standingcount (round_id, body_path, area_id, cell, count)"
                " select * from unnest(%s::uuid[], %s::varchar[], %s::uuid[], %s::varchar[], %s::int[])"
                " on conflict on constraint standing_count_key"
                " do update set count = outreach_standingcount.count + excluded.count",
                [*([cell[i] for cell, _n in some] for i in range(4)), [n for _cell, n in some]],
            )


Sums = dict[str, int]


def of_bodies(round_id: UUID, paths: Iterable[str]) -> dict[str, Sums]:
    """The cells of each body, all below it included, by its path. One query on the counters."""
    rows = StandingCount.objects.filter(
        round_id=round_id, body_path__in=list(paths), area_id=None
    ).exclude(count=0)
    sums: dict[str, Sums] = defaultdict(dict)
    for path, cell, count in rows.values_list("body_path", "cell", "count"):
        sums[path][cell] = count
    return sums


def of_areas(round_id: UUID, area_ids: Iterable[UUID]) -> dict[UUID, Sums]:
    """The cells of each area, by its id. One query on the counters."""
    rows = StandingCount.objects.filter(round_id=round_id, area_id__in=list(area_ids))
    sums: dict[UUID, Sums] = defaultdict(dict)
    for area_id, cell, count in rows.exclude(count=0).values_list("area_id", "cell", "count"):
        if area_id is not None:  # an area stays in its township, so there is one row of each
            sums[area_id][cell] = sums[area_id].get(cell, 0) + count
    return sums
