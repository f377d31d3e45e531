"""Own boundaries where nobody has brought any: around each place the ground that is nearest to it. Pure.

A Voronoi diagram (G. Voronoi, 1908) by cutting half-planes, nearest neighbours first, within reach
of each place. A page has some dozens of places, so it is made anew for each drawing: a millisecond
or two, and nothing is stored that could be old. It is a sketch and says so beside the map.
"""

from collections.abc import Sequence
from math import cos, dist, pi, sin
from typing import Final, TypeAlias

Point: TypeAlias = tuple[float, float]
_CORNERS: Final = 24  # of the disc that a place without neighbours would have
_REACH: Final = 1.0  # times the widest distance to a next neighbour: most hang together


def cells(points: Sequence[Point], *, least_reach: float) -> list[list[Point]]:
    """For each point the corners of its ground. Points at one place are put a little apart first,
    side by side, so that each has some ground."""
    apart = _apart(points, least_reach / 50)
    nearest = [
        min((dist(one, other) for j, other in enumerate(apart) if j != i), default=0.0)
        for i, one in enumerate(apart)
    ]
    reach = max(_REACH * max(nearest, default=0.0), least_reach)
    return [_cell(i, apart, reach) for i in range(len(apart))]


def _cell(own: int, points: Sequence[Point], reach: float) -> list[Point]:
    x, y = points[own]
    ground = [
        (x + reach * cos(2 * pi * n / _CORNERS), y + reach * sin(2 * pi * n / _CORNERS))
        for n in range(_CORNERS)
    ]
    others = sorted((dist(points[own], one), one) for i, one in enumerate(points) if i != own)
    for far, other in others:
        if far >= 2 * max(dist(points[own], corner) for corner in ground):
            break  # whoever is farther cuts nothing off any more
        ground = _nearer(ground, points[own], other)
    return ground


def _nearer(ground: Sequence[Point], own: Point, other: Point) -> list[Point]:
    """The part of a convex ground that is nearer to one point than to the other (Sutherland and
    Hodgman's cut)."""
    across, up = other[0] - own[0], other[1] - own[1]
    middle = (other[0] + own[0]) / 2 * across + (other[1] + own[1]) / 2 * up
    kept: list[Point] = []
    for at, corner in enumerate(ground):
        before = ground[at - 1]
        now = corner[0] * across + corner[1] * up - middle
        was = before[0] * across + before[1] * up - middle
        if (now > 0) != (was > 0):
            share = was / (was - now)
            kept.append(
                (
                    before[0] + share * (corner[0] - before[0]),
                    before[1] + share * (corner[1] - before[1]),
                )
            )
        if now <= 0:
            kept.append(corner)
    return kept


def _apart(points: Sequence[Point], step: float) -> list[Point]:
    seen: dict[Point, int] = {}
    moved = []
    for x, y in points:
        key = (round(x / step), round(y / step))
        times = seen[key] = seen.get(key, -1) + 1
        angle = times * 2.399963  # the golden angle: no two of them lie on one line
        moved.append((x + times * step * cos(angle), y + times * step * sin(angle)))
    return moved
