"""A small map drawn by the server: where the unplaced stay, and where the branches are.

No tiles and no vendor: points by longitude and latitude on a plain ground. Members are shown by
the division in which they stay, several at one place as one point with a number, never by address.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from guiyan.flows import suggestions
from guiyan.flows.types import CaseFacts
from guiyan.orgs import queries as org_queries
from guiyan.orgs.kinds import Ability
from guiyan.platform.actor import Actor

WIDTH, HEIGHT, MARGIN = 480, 260, 34
MOST_NAMES = 15  # beyond that, names would cover one another
MOST_BRANCHES = 400
_LEAST_SPAN = 0.02  # degrees; one single point is not magnified without end

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point on the drawing, in its own units."""

    x: float
    y: float
    label: str
    count: int = 0
    radius: float = 4

    @property
    def pin_y(self) -> float:
        """People are drawn above their place, so that a branch at the same place stays seen."""
        return round(self.y - self.radius - 6, 1)


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    branches: list[Mark]
    people: list[Mark]

    @property
    def has_names(self) -> bool:
        return len(self.branches) <= MOST_NAMES


def placement_map(actor: Actor, cases: Sequence[CaseFacts]) -> Drawing | None:
    """None when nothing has coordinates. One query for branches, one for each place of stay."""
    places = suggestions.places_of_stay(cases)
    branches = [
        (branch.name, (branch.longitude, branch.latitude))
        for branch in org_queries.organisations_under(
            actor.path, ability=Ability.HOSTS_MEMBERS, limit=MOST_BRANCHES
        )
        if branch.longitude is not None and branch.latitude is not None
    ]
    points = [point for _, point in branches] + list(places.values())
    if not points:
        return None
    to_paper = _projection(points)
    counts = Counter(suggestions.place_code(case) for case in cases)
    names = org_queries.full_division_names(list(places))
    people = [
        Mark(*to_paper(point), names.get(code, code), counts[code], 7 + min(counts[code], 9))
        for code, point in places.items()
    ]
    return Drawing(
        WIDTH, HEIGHT, [Mark(*to_paper(point), name) for name, point in branches], people
    )


class _projection:
    """Longitude and latitude in degrees to the drawing's units; a degree of longitude is shorter."""

    def __init__(self, points: Sequence[Point]) -> None:
        longitudes = [longitude for longitude, _ in points]
        latitudes = [latitude for _, latitude in points]
        self._west, self._north = min(longitudes), max(latitudes)
        self._narrowing = cos(radians((min(latitudes) + max(latitudes)) / 2))
        wide = max((max(longitudes) - self._west) * self._narrowing, _LEAST_SPAN)
        high = max(self._north - min(latitudes), _LEAST_SPAN)
        self._scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)

    def __call__(self, point: Point) -> Point:
        longitude, latitude = point
        return (
            round(MARGIN + (longitude - self._west) * self._narrowing * self._scale, 1),
            round(MARGIN + (self._north - latitude) * self._scale, 1),
        )
