"""Points on the globe and the nearest of them; loaded by the solver's process only."""

from importlib import import_module
from typing import Any, TypeAlias

import numpy
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[Any]

EARTH_KM = 6371.0088  # mean radius (IUGG)
# Up to so many pairs all distances are worked out, which takes less than loading the tree does.
WITHOUT_A_TREE = 20_000_000
AT_ONCE = 200_000  # they stay near the processor


def ball(longitude: Numbers, latitude: Numbers) -> Numbers:
    """Points on a ball of radius 1, so that straight distance orders as the way on the ground does."""
    east, north = numpy.radians(longitude), numpy.radians(latitude)
    flat = numpy.cos(north)
    return numpy.column_stack((flat * numpy.cos(east), flat * numpy.sin(east), numpy.sin(north)))


def nearest(points: Numbers, places: Numbers, k: int) -> tuple[Numbers, Numbers]:
    """Index and km of the k nearest places, row by row; -1 and nan where there is none."""
    known = numpy.flatnonzero(~numpy.isnan(places).any(axis=1))
    asking = ~numpy.isnan(points).any(axis=1)
    k = min(k, len(places))
    index = numpy.full((len(points), k), -1, dtype="i4")
    km = numpy.full((len(points), k), numpy.nan)
    found = min(k, len(known))
    if found and asking.any():
        chord, near = _nearest(points[asking], places[known], found)
        index[asking, :found] = known[near]
        km[asking, :found] = way(chord)
    return index, km


def _nearest(points: Numbers, places: Numbers, k: int) -> tuple[Numbers, Numbers]:
    if len(points) * len(places) > WITHOUT_A_TREE:
        tree: Any = import_module("scipy.spatial").cKDTree(places)
        chord, near = tree.query(points, k=numpy.arange(1, k + 1), workers=-1)
        return chord, near
    parts = [
        _nearest_of_all(part, places, k)
        for part in numpy.array_split(points, len(points) * len(places) // AT_ONCE + 1)
    ]
    return tuple(map(numpy.concatenate, zip(*parts, strict=True)))  # type: ignore[return-value]


def _nearest_of_all(points: Numbers, places: Numbers, k: int) -> tuple[Numbers, Numbers]:
    """By the angle, which orders as the distance does; only of those few is the distance worked out."""
    apart = -(points @ places.T)
    near = numpy.argpartition(apart, k - 1, axis=1)[:, :k]
    chord = numpy.linalg.norm(points[:, None, :] - places[near], axis=2)
    order = numpy.argsort(chord, axis=1)
    return numpy.take_along_axis(chord, order, 1), numpy.take_along_axis(near, order, 1)


def way(chord: Numbers) -> Numbers:
    """Km on the ground between two points of the ball."""
    return 2 * EARTH_KM * numpy.arcsin(numpy.minimum(chord / 2, 1.0))
