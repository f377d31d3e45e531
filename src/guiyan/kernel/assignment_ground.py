"""Points on the globe and the nearest of them; loaded by the solver's process only."""

from typing import Any, TypeAlias

import numpy
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Numbers: TypeAlias = NDArray[Any]

EARTH_KM = 6371.0088  # mean radius (IUGG)


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
        chord, near = cKDTree(places[known]).query(
            points[asking], k=numpy.arange(1, found + 1), workers=-1
        )
        index[asking, :found] = known[near]
        km[asking, :found] = way(chord)
    return index, km


def way(chord: Numbers) -> Numbers:
    """Km on the ground between two points of the ball."""
    return 2 * EARTH_KM * numpy.arcsin(numpy.minimum(chord / 2, 1.0))
