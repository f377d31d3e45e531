"""A map of a round drawn by the server: own boundaries, no foreign tiles. Pure.

Where boundaries are known they are drawn; where none are, the ground around each pin (cells). How
much has been done is told by a pattern and in words, not by colour alone; each place leads to where
it is looked at. The same stands below as a table, also for places that have neither.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import Final, Literal

from guiyan.orgs.types import BoundaryFacts
from guiyan.outreach.census.cells import Point, cells

WIDTH: Final = 640
_LEAST_WIDE, _LEAST_HIGH, _MOST_HIGH, _MARGIN = 320, 240, 520, 14
_NARROW: Final = 480  # fits a phone without being pushed sideways
_UNIT: Final = 1e-5  # degrees; of a boundary's corners
_LEAST_SPAN: Final = 0.02  # degrees; one place is not magnified without end
_DOT: Final = 9.0
_LETTER, _LINE, _MOST_LETTERS = 12, 14, 8
_COMMITTEE: Final = re.compile("(?<=.)(党工委|党委|委组织部)$")  # the ground bears the place's name
Tone = Literal["empty", "none", "some", "most", "all"]


@dataclass(frozen=True, slots=True)
class Place:
    """Something to draw: how much it has and is left, where it lies, and where it leads."""

    name: str
    total: int
    left: int
    url: str = ""
    pin: Point | None = None
    boundary: BoundaryFacts | None = None

    @property
    def done(self) -> int:
        return self.total - self.left

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 is said only when nothing is left."""
        return self.done * 100 // self.total if self.total else 0

    @property
    def tone(self) -> Tone:
        """Four steps that a pattern tells apart, also on grey paper."""
        if not self.total:
            return "empty"
        if not self.left:
            return "all"
        if not self.done:
            return "none"
        return "most" if self.percent >= 50 else "some"


@dataclass(frozen=True, slots=True)
class Shape:
    """One place as it is drawn; `name` is empty where it would lie over another one's."""

    place: Place
    path: str
    x: float
    y: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing; `is_sketch` when no boundary is known and the ground around pins stands in."""

    width: int
    height: int
    shapes: list[Shape]
    is_sketch: bool
    credits: tuple[str, ...]

    @property
    def is_narrow(self) -> bool:
        return self.width <= _NARROW


def draw(places: Iterable[Place]) -> Drawing | None:
    """None when of no place it is known where it lies."""
    listed = [one for one in places if one.boundary or one.pin]
    bounded = [one for one in listed if one.boundary]
    if not listed:
        return None
    grounds, middles = _on_earth(listed, is_sketch=not bounded)
    to_paper, width, height = _projection(
        [point for ground in grounds for ring in ground for point in ring]
    )
    shapes = []
    for place, rings, middle in zip(listed, grounds, middles, strict=True):
        x, y = to_paper(middle)
        drawn = [list(map(to_paper, ring)) for ring in rings] or [_disc(x, y)]
        shapes.append(Shape(place, "".join(map(_path, drawn)), x, y))
    names = _names(shapes, width, height)
    named = [
        Shape(one.place, one.path, one.x, one.y, name)
        for one, name in zip(shapes, names, strict=True)
    ]
    credited = dict.fromkeys(one.boundary.credit for one in bounded if one.boundary)
    return Drawing(width, height, named, not bounded, tuple(filter(None, credited)))


def _on_earth(
    places: Sequence[Place], *, is_sketch: bool
) -> tuple[list[list[list[Point]]], list[Point]]:
    """Rings and the middle of each place, in degrees with a shortened degree of longitude. Beside
    known boundaries a place that has only a pin gets no ground: its rings stay empty."""
    latitudes = [
        one.boundary.latitude if one.boundary else (one.pin or (0, 0))[1] for one in places
    ]
    narrow = cos(radians((min(latitudes) + max(latitudes)) / 2))

    def flat(longitude: float, latitude: float) -> Point:
        return longitude * narrow, -latitude

    middles = [
        flat(one.boundary.longitude, one.boundary.latitude)
        if one.boundary
        else flat(*(one.pin or (0, 0)))
        for one in places
    ]
    if is_sketch:
        return [[ground] for ground in cells(middles, least_reach=_LEAST_SPAN)], middles
    rings = [
        [
            [flat(x * _UNIT, y * _UNIT) for x, y in zip(ring[::2], ring[1::2], strict=True)]
            for ring in (one.boundary.rings if one.boundary else ())
        ]
        for one in places
    ]
    return rings, middles


def _projection(points: Sequence[Point]) -> tuple[Callable[[Point], Point], int, int]:
    """To the drawing's units, no wider than it may be and no higher than a screen; its width and its
    height, so that a county that is taller than wide has no empty sides on a phone."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    north, south = min(y for _, y in points), max(y for _, y in points)
    wide, high = max(east - west, _LEAST_SPAN), max(south - north, _LEAST_SPAN)
    scale = min((WIDTH - 2 * _MARGIN) / wide, (_MOST_HIGH - 2 * _MARGIN) / high)
    height = max(round(high * scale) + 2 * _MARGIN, _LEAST_HIGH)
    width = min(max(round(wide * scale) + 2 * _MARGIN, _LEAST_WIDE), WIDTH)
    left, top = (width - (east - west) * scale) / 2, (height - (south - north) * scale) / 2

    def to_paper(point: Point) -> Point:
        return round(left + (point[0] - west) * scale, 1), round(
            top + (point[1] - north) * scale, 1
        )

    return to_paper, width, height


def _disc(x: float, y: float) -> list[Point]:
    """A pin that has no ground of its own beside known boundaries."""
    return [
        (round(x + _DOT * cos(n * pi / 6), 1), round(y + _DOT * sin(n * pi / 6), 1))
        for n in range(12)
    ]


def _path(ring: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z"


def _names(shapes: Sequence[Shape], width: int, height: int) -> list[str]:
    """Names as far as there is room, those with most left first; the others stand in the table."""
    names = [""] * len(shapes)
    taken: list[tuple[float, float, float]] = []
    for at in sorted(range(len(shapes)), key=lambda i: (-shapes[i].place.left, i)):
        one = shapes[at]
        name = _label(one.place.name)
        half = max(len(name), 4) * _LETTER / 2
        is_free = all(
            abs(one.x - x) >= half + other or abs(one.y - y) >= 2 * _LINE for x, y, other in taken
        )
        if half <= one.x <= width - half and _LINE <= one.y <= height - _LINE and is_free:
            names[at] = name
            taken.append((one.x, one.y, half))
    return names


def _label(name: str) -> str:
    """The place, not its committee; what is too long is seen to go on."""
    name = _COMMITTEE.sub("", name)
    return name if len(name) <= _MOST_LETTERS else name[: _MOST_LETTERS - 1] + "…"
