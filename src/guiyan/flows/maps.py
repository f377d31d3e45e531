"""A small map drawn by the server: where the unplaced stay, and where the branches are.

No tiles and no vendor: points by longitude and latitude on a plain ground. Members are shown by
the division in which they stay, several at one place as one point with a number, never by address.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, dist, radians
from os.path import commonprefix

from guiyan.flows import suggestions
from guiyan.flows.types import CaseFacts
from guiyan.orgs import queries as org_queries
from guiyan.orgs.kinds import Ability
from guiyan.platform.actor import Actor

WIDTH, HEIGHT, MARGIN = 480, 260, 34
MOST_BRANCHES = 400
_LEAST_SPAN = 0.02  # degrees; one single point is not magnified without end
_PIN = 8.0  # radius of a pin, in the drawing's units
_LETTER_SIZE, _LINE_HEIGHT, _BELOW = 9, 11, 13  # of the names under the branches
_MOST_LETTERS = 8

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch on the drawing; `name` is empty where it would cover another or a pin."""

    x: float
    y: float
    label: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """Members at one place, or at places too near each other to be told apart on the drawing."""

    x: float
    y: float
    letter: str
    places: tuple[tuple[str, int], ...]

    @property
    def pin_y(self) -> float:
        """Drawn above its place, so that a branch at the same place stays seen."""
        return round(self.y - _PIN - 6, 1)

    @property
    def box(self) -> Box:
        return (self.x - _PIN, self.pin_y - _PIN, self.x + _PIN, self.y)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing, and beside it the list of its pins by letter."""

    width: int
    height: int
    branches: list[Branch]
    pins: list[Pin]
    radius: float = _PIN


def placement_map(actor: Actor, cases: Sequence[CaseFacts]) -> Drawing | None:
    """None when nothing has coordinates. One query for branches, one for each place of stay."""
    places = suggestions.places_of_stay(cases)
    branches = [
        (branch, (branch.longitude, branch.latitude))
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
    # What all names begin with, sign by sign, is the township: everybody knows it.
    known = len(commonprefix(list(names.values()))) if len(names) > 1 else 0  # noqa: RUF071
    pins = pins_of(
        [
            (to_paper(point), names.get(code, code)[known:], counts[code])
            for code, point in places.items()
        ]
    )
    return Drawing(
        WIDTH,
        HEIGHT,
        named(
            [Branch(*to_paper(point), one.name, one.short_name) for one, point in branches], pins
        ),
        pins,
    )


def pins_of(places: Sequence[tuple[Point, str, int]]) -> list[Pin]:
    """One pin for places whose pins would overlap; lettered from the top of the drawing down."""
    groups: list[list[tuple[Point, str, int]]] = []
    for place in sorted(places, key=lambda each: (each[0][1], each[0][0])):
        near = (group for group in groups if dist(group[0][0], place[0]) < 2 * _PIN)
        group = next(near, None)
        if group is None:
            groups.append([place])
        else:
            group.append(place)
    return [
        Pin(*group[0][0], letter=_letter(number), places=tuple((name, n) for _, name, n in group))
        for number, group in enumerate(groups)
    ]


def named(branches: Sequence[Branch], pins: Sequence[Pin]) -> list[Branch]:
    """Names as far as there is room, those next to a pin first; the others are said on hovering."""
    taken = [pin.box for pin in pins]
    kept: dict[int, str] = {}

    def to_pin(number: int) -> float:
        here = (branches[number].x, branches[number].y)
        return min((dist(here, (pin.x, pin.y)) for pin in pins), default=0.0)

    for number in sorted(range(len(branches)), key=to_pin):
        branch = branches[number]
        name = branch.name[:_MOST_LETTERS]
        half = len(name) * _LETTER_SIZE / 2
        bottom = branch.y + _BELOW + 2
        box = (branch.x - half, bottom - _LINE_HEIGHT, branch.x + half, bottom)
        if half <= branch.x <= WIDTH - half and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            kept[number] = name
    return [replace(branch, name=kept.get(number, "")) for number, branch in enumerate(branches)]


def _overlap(one: Box, other: Box) -> bool:
    left, top, right, bottom = one
    return left < other[2] and other[0] < right and top < other[3] and other[1] < bottom


def _letter(number: int) -> str:
    """As an ordered list counts: A to Z, then AA."""
    front, last = divmod(number, 26)
    return (_letter(front - 1) if front else "") + chr(ord("A") + last)


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
