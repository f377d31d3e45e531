"""Boundaries out of GeoJSON (RFC 7946), checked and made small before anything is stored. Pure.

A file comes from outside, so nothing of it is believed: what is no division, no surface or lies
outside the country is a problem with its place in the file, and with one problem nothing is taken.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.orgs.boundaries.rings import Ring, inside, simplified
from guiyan.orgs.divisions.packed import CODE_DIGITS, DivisionLevel, padded

MOST_BYTES: Final = 64_000_000  # a province down to its villages, in the detail that is drawn
MOST_FEATURES: Final = 60_000
# The country with its islands, generously: metres, or latitude before longitude, lie outside.
_WEST, _EAST, _SOUTH, _NORTH = 72.0, 137.0, 2.0, 55.0
_MOST_PROBLEMS: Final = 20

TOO_LARGE: Final = Finding("too-large", _("文件超过 64 MB。请按省、市拆开，或先简化边界。"))
NOT_GEOJSON: Final = Finding("not-geojson", _("这不是 GeoJSON 的 FeatureCollection 文件。"))
TOO_MANY: Final = Finding("too-many", _("一个文件最多 60000 个边界，请拆开。"))
NOTHING: Final = Finding("nothing", _("文件里没有边界。"))
NO_FEATURE: Final = Finding("no-feature", _("不是带属性的要素。"))
NO_CODE: Final = Finding("no-code", _("没有行政区划代码。代码在别的属性里的，用 --property 写明。"))
NO_SURFACE: Final = Finding("no-surface", _("不是面（Polygon 或 MultiPolygon）。"))
NOT_DEGREES: Final = Finding(
    "not-degrees", _("坐标不是中国境内的经纬度（先经度、后纬度，单位是度）。")
)
TWICE: Final = Finding("twice", _("这个代码在文件里出现了两次。"))


@dataclass(frozen=True, slots=True)
class Shape:
    """The boundary of one division: rings in hundred-thousandths of a degree, and a point inside."""

    code: str
    rings: tuple[Ring, ...]
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one feature; `number` counts from 1, and is 0 for the whole file."""

    number: int
    code: str
    finding: Finding


def read_boundaries(content: bytes, *, code_in: str = "code") -> tuple[list[Shape], list[Problem]]:
    """All shapes of a file, or the first twenty problems: with one of them no shape counts."""
    features = _features(content)
    if isinstance(features, Finding):
        return [], [Problem(0, "", features)]
    shapes: dict[str, Shape] = {}
    problems: list[Problem] = []
    for number, feature in enumerate(features, start=1):
        code, found = _shape(feature, code_in)
        if isinstance(found, Shape) and code in shapes:
            found = TWICE
        if isinstance(found, Finding):
            problems.append(Problem(number, code, found))
            if len(problems) == _MOST_PROBLEMS:
                break
        else:
            shapes[code] = found
    return ([], problems) if problems else (list(shapes.values()), [])


def _features(content: bytes) -> list[Any] | Finding:
    if len(content) > MOST_BYTES:
        return TOO_LARGE
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # no JSON, no UTF-8, or nested without end
        return NOT_GEOJSON
    if not isinstance(read, dict) or read.get("type") != "FeatureCollection":
        return NOT_GEOJSON
    features = read.get("features")
    if not isinstance(features, list):
        return NOT_GEOJSON
    if not features:
        return NOTHING
    return TOO_MANY if len(features) > MOST_FEATURES else features


def _shape(feature: Any, code_in: str) -> tuple[str, Shape | Finding]:
    if not (isinstance(feature, dict) and isinstance(feature.get("properties"), dict)):
        return "", NO_FEATURE
    code = _code(feature["properties"].get(code_in, feature.get("id")))
    if not code:
        return "", NO_CODE
    geometry = feature.get("geometry")
    surfaces = _surfaces(geometry) if isinstance(geometry, dict) else None
    if surfaces is None:
        return code, NO_SURFACE
    try:
        written = [list(_points(ring)) for ring in surfaces]
    except (TypeError, ValueError, OverflowError):
        return code, NOT_DEGREES
    rings = simplified(written, _level(code))
    if not rings:
        return code, NO_SURFACE
    longitude, latitude = inside(rings)
    return code, Shape(code, rings, longitude, latitude)


def _code(written: Any) -> str:
    """513436100000 of 513436100, "513436100" or 513436100.0 as sheets write it."""
    if isinstance(written, float) and written.is_integer():
        written = int(written)
    if isinstance(written, bool) or not isinstance(written, str | int):
        return ""
    digits = str(written).strip()
    is_code = digits.isascii() and digits.isdecimal() and 2 <= len(digits) <= CODE_DIGITS
    return padded(digits) if is_code else ""


def _level(code: str) -> DivisionLevel:
    stem = len(code.rstrip("0"))
    return next(level for level in DivisionLevel if stem <= level.digits)


def _surfaces(geometry: dict[str, Any]) -> list[Any] | None:
    """Every ring, outer ones and holes alike: they are filled by turns (even-odd)."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon":
        coordinates = [coordinates]
    elif kind != "MultiPolygon":
        return None
    if not isinstance(coordinates, list) or not all(isinstance(one, list) for one in coordinates):
        return None
    return [ring for polygon in coordinates for ring in polygon]


def _points(ring: Sequence[Any]) -> Iterator[tuple[float, float]]:
    if not isinstance(ring, list):
        raise TypeError("ring")
    for place in ring:
        if not (isinstance(place, list) and all(isinstance(one, int | float) for one in place[:2])):
            raise TypeError("position")
        longitude, latitude = (float(one) for one in place[:2])
        if not (isfinite(longitude) and isfinite(latitude)):
            raise ValueError("not finite")
        if not (_WEST <= longitude <= _EAST and _SOUTH <= latitude <= _NORTH):
            raise ValueError("outside")
        yield longitude, latitude
