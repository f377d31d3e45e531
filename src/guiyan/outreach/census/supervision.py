"""What a round's supervisors read: areas, teams and streets of a place with what is left of each.

Sums of areas and teams come from the counters. Streets and villages are counted live, in one query
for a township. Nothing is ordered by how far somebody is: by name, or what needs help first.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Count

from guiyan.orgs import queries as orgs
from guiyan.orgs.types import BoundaryFacts
from guiyan.outreach.census import counts, queries
from guiyan.outreach.census.rules import Forecast, help_needed, is_explained
from guiyan.outreach.census.types import Tally
from guiyan.outreach.models import Area, Standing
from guiyan.platform.actor import Actor

MOST_AREAS = 600  # of a county; a province is looked at county by county
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StreetTally:
    """One street (with its village's name), and the areas in which it lies."""

    village: str
    tally: Tally
    area_ids: tuple[UUID, ...]


@dataclass(slots=True)
class _Sums:
    states: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    areas: set[UUID] = field(default_factory=set)

    def tally(self, name: str) -> Tally:
        return Tally(name, dict(self.states), dict(self.days))


def streets_of(
    actor: Actor, round_id: UUID, *, path: str
) -> tuple[list[StreetTally], list[StreetTally]]:
    """The villages and the streets of a township, each in the order of its name. One query."""
    rows = Standing.objects.filter(
        round_id=round_id, path__gte=path, path__lt=path + "~", premises__isnull=False
    )
    cells = rows.values_list("village", "street", "area_id", "state", "visited_on")
    villages: dict[str, _Sums] = defaultdict(_Sums)
    streets: dict[tuple[str, str], _Sums] = defaultdict(_Sums)
    for village, street, area_id, state, day, many in cells.annotate(many=Count("id")).order_by():
        for sums in (villages[village], streets[village, street]):
            sums.states[state] += many
            if day is not None and is_explained(state):
                sums.days[day] += many
            if area_id is not None:
                sums.areas.add(area_id)
    return (
        [
            StreetTally(name, one.tally(name), tuple(sorted(one.areas)))
            for name, one in sorted(villages.items())
        ],
        [
            StreetTally(village, one.tally(street), tuple(sorted(one.areas)))
            for (village, street), one in sorted(streets.items())
        ],
    )


def teams_of(actor: Actor, round_id: UUID, *, path: str) -> list[Tally] | None:
    """Each team with the sums of its areas at and below a body, by name; None where there are more
    areas than one reads. Two queries, on counters."""
    rows = Area.objects.filter(
        round_id=round_id, path__gte=path, path__lt=path + "~", team__isnull=False
    )
    areas = list(rows.order_by("id").values_list("id", "team_id", "team__name")[: MOST_AREAS + 1])
    if len(areas) > MOST_AREAS:
        return None
    sums = counts.of_areas(round_id, [area_id for area_id, _team, _name in areas])
    by_team: dict[tuple[str, UUID], list[Tally]] = defaultdict(list)
    for area_id, team_id, name in areas:
        if team_id is not None:
            by_team[name or "", team_id].append(queries.tally("", sums.get(area_id, {})))
    return [Tally.sum_of(name, parts, of) for (name, of), parts in sorted(by_team.items())]


def in_order(lines: Iterable[T], forecast_of: Callable[[T], Forecast], *, by_help: bool) -> list[T]:
    """As they come, by name; or what needs help first, and by name among equals."""
    listed = list(lines)
    return sorted(listed, key=lambda one: help_needed(forecast_of(one))) if by_help else listed


@dataclass(frozen=True, slots=True)
class VillagePlace:
    """Where a village lies: its boundary, or the pin of an organisation that stands there."""

    pin: tuple[float, float] | None = None
    boundary: BoundaryFacts | None = None


def village_places(division_code: str, villages: Iterable[str]) -> dict[str, VillagePlace]:
    """Villages as addresses name them, found among the township's divisions. Four queries."""
    wanted = sorted({one for one in villages if one}, key=len, reverse=True)
    below = orgs.divisions_at_and_below(division_code)[1:] if wanted else []
    code_of: dict[str, str] = {}
    for code, name in below:
        village = next((one for one in wanted if name.startswith(one)), None)
        if village is not None:
            code_of.setdefault(village, code)
    pins, boundaries = _known(code_of.values())
    return {
        village: VillagePlace(pins.get(code), boundaries.get(code))
        for village, code in code_of.items()
        if code in pins or code in boundaries
    }


def _known(
    codes: Iterable[str],
) -> tuple[Mapping[str, tuple[float, float]], Mapping[str, BoundaryFacts]]:
    listed = list(codes)
    if not listed:
        return {}, {}
    return orgs.pins_of_divisions(listed), orgs.boundaries_of(listed)
