"""Boundaries out of a file: what is no boundary is told with its place, what is one becomes small."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.orgs.boundaries import geojson
from guiyan.orgs.boundaries.geojson import Problem, Shape, read_boundaries
from guiyan.orgs.boundaries.rings import UNIT, corners_of, inside, simplified
from guiyan.orgs.divisions.packed import DivisionLevel

SQUARE = [[103.0, 28.0], [103.1, 28.0], [103.1, 28.1], [103.0, 28.1], [103.0, 28.0]]


def feature(code: Any = "513436100", ring: Any = SQUARE, kind: str = "Polygon") -> dict[str, Any]:
    coordinates = [ring] if kind == "Polygon" else [[ring]]
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def read(*features: Any) -> tuple[list[Shape], list[Problem]]:
    whole = {"type": "FeatureCollection", "features": list(features)}
    return read_boundaries(json.dumps(whole).encode())


def found(*features: Any) -> list[tuple[int, str]]:
    shapes, problems = read(*features)
    assert not shapes
    return [(one.number, one.finding.code) for one in problems]


@pytest.mark.parametrize("code", ["513436100", 513436100, "513436100000", 513436100.0])
def test_a_code_is_read_however_a_sheet_wrote_it(code: Any) -> None:
    (shape,), problems = read(feature(code))
    assert (shape.code, problems) == ("513436100000", [])
    assert (103.0 < shape.longitude < 103.1) and (28.0 < shape.latitude < 28.1)


def test_several_surfaces_are_one_boundary() -> None:
    far = [[x + 1, y] for x, y in SQUARE]
    one = feature(kind="MultiPolygon")
    one["geometry"]["coordinates"].append([far])
    (shape,), _problems = read(one)
    assert len(shape.rings) == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-geojson"),
        (b"\xff\xfe\x00", "not-geojson"),
        (b"[" * 200_000, "not-geojson"),
        (b'{"type": "Feature"}', "not-geojson"),
        (b'{"type": "FeatureCollection", "features": 3}', "not-geojson"),
        (b'{"type": "FeatureCollection", "features": []}', "nothing"),
    ],
)
def test_a_file_that_is_none_is_said_to_be_none(content: bytes, code: str) -> None:
    shapes, (problem,) = read_boundaries(content)
    assert (shapes, problem.number, problem.finding.code) == ([], 0, code)


def test_a_file_without_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "MOST_BYTES", 100)
    assert read_boundaries(b" " * 101)[1][0].finding.code == "too-large"


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (3, "no-feature"),
        ({"type": "Feature", "properties": None}, "no-feature"),
        (feature(code=""), "no-code"),
        (feature(code=True), "no-code"),
        (feature(code="51343610x"), "no-code"),
        (feature(code="5134361000000"), "no-code"),
        (feature(code={"a": 1}), "no-code"),
        (feature(kind="LineString"), "no-surface"),
        (feature() | {"geometry": None}, "no-surface"),
        (feature() | {"geometry": {"type": "Polygon", "coordinates": None}}, "no-surface"),
        (feature() | {"geometry": {"type": "MultiPolygon", "coordinates": [3]}}, "no-surface"),
        (feature(ring=[]), "no-surface"),
        (feature(ring=[[103.0, 28.0], [103.1, 28.0], [103.2, 28.0]]), "no-surface"),
        (feature(ring=3), "not-degrees"),
        (feature(ring=[[103.0], [103.1, 28.0], [103.1, 28.1]]), "not-degrees"),
        (feature(ring=[{"x": 1}, {}, {}]), "not-degrees"),
        (feature(ring=[["103", "28"], ["104", "28"], ["104", "29"]]), "not-degrees"),
        (feature(ring=[[y, x] for x, y in SQUARE]), "not-degrees"),
        (feature(ring=[[x * 111_000, y * 111_000] for x, y in SQUARE]), "not-degrees"),
        (feature(ring=[[float("nan"), 28.0], *SQUARE]), "not-degrees"),
        (feature(ring=[[10**400, 28.0], *SQUARE]), "not-degrees"),
    ],
)
def test_what_is_no_boundary_is_told_with_its_number_and_nothing_is_taken(
    broken: Any, code: str
) -> None:
    assert found(feature("513436101"), broken) == [(2, code)]


def test_a_code_stands_once_in_a_file() -> None:
    assert found(feature("513436100"), feature(513436100)) == [(2, "twice")]


def test_only_the_first_problems_are_told() -> None:
    assert len(found(*[3] * 500)) == 20


def test_a_border_that_two_share_stays_one_line() -> None:
    """However finely it was drawn, the corners between them are the same on both sides."""
    border = [(103.1 + (n % 3) * 0.00007, 28.0 + n * 0.0001) for n in range(1000)]
    left = [(103.0, 28.0), *border, (103.0, 28.0999)]
    right = [(103.2, 28.0), *border, (103.2, 28.0999)]
    one, other = (
        set(corners_of(simplified([ring], DivisionLevel.TOWNSHIP)[0])) for ring in (left, right)
    )
    assert one - other == {p for p in one if p[0] < 10_305_000}
    assert len(one) < len(border) / 2


@given(
    st.lists(
        st.tuples(st.floats(103, 104, width=32), st.floats(28, 29, width=32)),
        min_size=3,
        max_size=60,
    ),
    st.sampled_from(DivisionLevel),
)
def test_a_surface_is_never_larger_than_a_page_needs_and_lies_where_it_lay(
    ring: list[tuple[float, float]], level: DivisionLevel
) -> None:
    rings = simplified([ring], level)
    for one in rings:
        assert len(one) % 2 == 0 and 6 <= len(one) <= 1200
        assert all(
            102.9 <= x * UNIT <= 104.1 and 27.9 <= y * UNIT <= 29.1 for x, y in corners_of(one)
        )
    if rings:
        longitude, latitude = inside(rings)
        assert 102.9 <= longitude <= 104.1 and 27.9 <= latitude <= 29.1


def test_a_coast_with_a_million_corners_becomes_small() -> None:
    zigzag = [(103 + n * 1e-5, 28 + n % 2 * 1e-2) for n in range(60_000)]
    rings = simplified([[*zigzag, (103.3, 29.0)]], DivisionLevel.VILLAGE)
    assert 0 < sum(map(len, rings)) <= 1_200


def test_a_name_is_written_inside_of_a_bent_place_and_not_in_its_hole() -> None:
    bent = (0, 0, 1000, 0, 1000, 100, 100, 100, 100, 900, 1000, 900, 1000, 1000, 0, 1000)
    longitude, _latitude = inside([bent])
    assert 0 < longitude < 100 * UNIT
    hole = (100, 100, 900, 100, 900, 900, 100, 900)
    longitude, _latitude = inside([(0, 0, 1000, 0, 1000, 1000, 0, 1000), hole])
    assert not 100 * UNIT < longitude < 900 * UNIT
