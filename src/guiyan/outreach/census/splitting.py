"""How a township is split into areas that one team each can walk (M2: balanced). Pure.

Where villages have coordinates, premises are assigned to the middles of areas as a whole, at the
least sum of distances with none larger than its share (kernel.assignment); without, the walk by
village and street is cut into equal parts, at the end of a street where one is near.
"""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, hypot, radians

from guiyan.kernel.assignment import Arcs, Problem, solve

Point = tuple[float, float]
_KM_PER_DEGREE = 111.2
_TURNS = 6


@dataclass(frozen=True, slots=True)
class Stop:
    """One premises as the split sees it."""

    village: str
    street: str
    house: int


def areas_needed(premises: int, *, size: int) -> int:
    """How many areas of about `size` premises; at least one, and none for nothing."""
    return ceil(premises / max(size, 1))


def split(stops: Sequence[Stop], parts: int, pins: Mapping[str, Point] | None = None) -> list[int]:
    """The part of each stop, 0 up to parts - 1: every stop in exactly one, sizes nearly equal."""
    if parts <= 1 or len(stops) <= 1:
        return [0] * len(stops)
    parts = min(parts, len(stops))
    known = {stop.village for stop in stops if stop.village in (pins or {})}
    if pins and len(known) >= parts and all(stop.village in known for stop in stops):
        return _by_distance(stops, parts, pins)
    return _along_the_walk(stops, parts)


def _along_the_walk(stops: Sequence[Stop], parts: int) -> list[int]:
    """Cut by village, street and number; a cut moves to the end of a street within a tenth."""
    order = sorted(range(len(stops)), key=lambda i: _walk(stops[i]))
    share = len(stops) / parts
    slack = int(share / 10)
    cuts = [0]
    for part in range(1, parts):
        wanted = round(part * share)
        tries = sorted(range(wanted - slack, wanted + slack + 1), key=lambda at: abs(at - wanted))
        ends = [
            at
            for at in tries
            if cuts[-1] < at < len(stops) and stops[order[at - 1]].street != stops[order[at]].street
        ]
        cuts.append(ends[0] if ends else max(wanted, cuts[-1] + 1))
    part_of = [0] * len(stops)
    for part, start in enumerate(cuts):
        end = cuts[part + 1] if part + 1 < parts else len(stops)
        for at in range(start, end):
            part_of[order[at]] = part
    return part_of


def _by_distance(stops: Sequence[Stop], parts: int, pins: Mapping[str, Point]) -> list[int]:
    """Middles wander to where their premises are, then wait for the next turn; the best sum stays."""
    order = sorted(range(len(stops)), key=lambda i: _walk(stops[i]))
    points = [pins[stops[i].village] for i in order]
    middles = _first_middles(points, parts)
    capacity = array("i", [ceil(len(stops) / parts)] * parts)
    best: tuple[int, array[int]] | None = None
    for _turn in range(_TURNS):
        solution = solve(Problem(len(points), parts, _arcs(points, middles), capacity))
        if best is not None and solution.cost >= best[0]:
            break
        best = (solution.cost, solution.place_of)
        middles = [
            _middle([p for p, place in zip(points, best[1], strict=True) if place == part]) or old
            for part, old in enumerate(middles)
        ]
    assert best is not None
    part_of = [0] * len(stops)
    for at, place in zip(order, best[1], strict=True):
        part_of[at] = max(place, 0)
    return part_of


def _arcs(points: Sequence[Point], middles: Sequence[Point]) -> Arcs:
    """Metres, and a millimetre-like tie-break by the walk, so that a village is cut in one place."""
    person, place, cost = array("i"), array("i"), array("q")
    for at, point in enumerate(points):
        for to, middle in enumerate(middles):
            person.append(at)
            place.append(to)
            cost.append(round(_km(point, middle) * 1000) * len(points) + at * to % len(points))
    return Arcs(person, place, cost)


def _first_middles(points: Sequence[Point], parts: int) -> list[Point]:
    """The place where most are, then always the one farthest from those chosen."""
    standing_at = Counter(points)
    places = sorted(standing_at)
    chosen = [max(places, key=lambda place: (standing_at[place], place))]
    while len(chosen) < parts:
        chosen.append(max(places, key=lambda p: (min(_km(p, c) for c in chosen), p)))
    return chosen


def _middle(points: Sequence[Point]) -> Point | None:
    if not points:
        return None
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def _km(one: Point, other: Point) -> float:
    narrowing = cos(radians((one[1] + other[1]) / 2))
    return _KM_PER_DEGREE * hypot((one[0] - other[0]) * narrowing, one[1] - other[1])


def _walk(stop: Stop) -> tuple[str, str, int]:
    return (stop.village, stop.street, stop.house)


def area_name(stops: Sequence[Stop]) -> str:
    """By its villages (streets within one village), the first and the last of the walk."""
    names = sorted({stop.village for stop in stops if stop.village})
    if len(names) == 1:
        names = sorted({stop.street for stop in stops if stop.street}) or names
    if not names:
        return ""
    return names[0] if len(names) == 1 else f"{names[0]}—{names[-1]}"
