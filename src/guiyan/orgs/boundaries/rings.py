"""Rings of a boundary made small enough to be drawn at once, and a point inside them. Pure.

Points are moved to a grid, as fine as the level of the division needs. Because each point moves by
itself, a border that two divisions share stays one line on both sides, which cutting curves apart
from each other would not give.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from guiyan.orgs.divisions.packed import DivisionLevel

Ring: TypeAlias = tuple[int, ...]  # x, y, x, y … in units of UNIT
UNIT: Final = 1e-5  # degrees: a metre
_GRID: Final = {
    DivisionLevel.PROVINCE: 1024,
    DivisionLevel.PREFECTURE: 512,
    DivisionLevel.COUNTY: 128,
    DivisionLevel.TOWNSHIP: 32,
    DivisionLevel.VILLAGE: 16,
}
_MOST_POINTS: Final = 600  # half a thousand pixels are all that a page has
_LEAST_CORNERS: Final = 3
Points = Sequence[tuple[float, float]]


def simplified(rings: Iterable[Points], level: DivisionLevel) -> tuple[Ring, ...]:
    """On the level's grid; a coarser one while there are too many points, a finer one while nothing
    of it is left. Empty when it is no surface at all."""
    written = list(rings)
    grid = _GRID[level]
    found = _on_grid(written, grid)
    while not found and grid > 1:
        grid //= 2
        found = _on_grid(written, grid)
    while sum(map(len, found)) > 2 * _MOST_POINTS:
        grid *= 2
        found = _on_grid(written, grid)
    return found


def _on_grid(rings: Iterable[Points], grid: int) -> tuple[Ring, ...]:
    step = UNIT * grid
    made = []
    for ring in rings:
        corners: list[tuple[int, int]] = []
        for longitude, latitude in ring:
            point = round(longitude / step) * grid, round(latitude / step) * grid
            if not corners or corners[-1] != point:
                corners.append(point)
        while len(corners) > 1 and corners[0] == corners[-1]:
            corners.pop()
        straight = _without_straight(corners)
        if len(straight) >= _LEAST_CORNERS and _area(straight):
            made.append(tuple(value for corner in straight for value in corner))
    return tuple(made)


def _without_straight(corners: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without those that lie on the line from the one before to the one behind."""
    kept = []
    for at, (x, y) in enumerate(corners):
        (ax, ay), (bx, by) = corners[at - 1], corners[(at + 1) % len(corners)]
        if (x - ax) * (by - y) != (y - ay) * (bx - x):
            kept.append((x, y))
    return kept


def _area(corners: Sequence[tuple[int, int]]) -> int:
    """Twice the surface, by the shoelace formula."""
    return abs(
        sum(
            ax * by - bx * ay
            for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True)
        )
    )


def corners_of(ring: Ring) -> list[tuple[int, int]]:
    return list(zip(ring[::2], ring[1::2], strict=True))


def inside(rings: Sequence[Ring]) -> tuple[float, float]:
    """A point that surely lies inside, for the name: the middle of the longest stretch that a line
    through the largest ring's mid-height cuts out of all rings. In degrees."""
    largest = max((corners_of(ring) for ring in rings), key=_area)
    heights = [y for _x, y in largest]
    middle = (min(heights) + max(heights)) / 2 + 0.5  # never through a corner: those are whole
    cuts = sorted(
        ax + (middle - ay) / (by - ay) * (bx - ax)
        for ring in rings
        for (ax, ay), (bx, by) in _sides(corners_of(ring))
        if (ay > middle) != (by > middle)
    )
    stretches = zip(cuts[::2], cuts[1::2], strict=False)
    start, end = max(stretches, key=lambda one: one[1] - one[0], default=(largest[0][0],) * 2)
    return round((start + end) / 2 * UNIT, 5), round(middle * UNIT, 5)


def _sides(
    corners: Sequence[tuple[int, int]],
) -> Iterable[tuple[tuple[int, int], tuple[int, int]]]:
    return zip(corners, [*corners[1:], corners[0]], strict=True)
