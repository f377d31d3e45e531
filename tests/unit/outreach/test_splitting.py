"""A township is split so that every premises is in one area and areas are alike in size."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.outreach.census.splitting import Stop, area_name, areas_needed, split

stops = st.lists(
    st.builds(
        Stop,
        st.sampled_from(["牛洛村", "三河村", ""]),
        st.sampled_from(["牛洛村", "新建路", "团结街"]),
        st.integers(0, 200),
    ),
    max_size=120,
)


@given(stops, st.integers(1, 12))
def test_every_premises_is_in_exactly_one_area_and_none_is_much_larger(
    all_: list[Stop], parts: int
) -> None:
    found = split(all_, parts)
    assert len(found) == len(all_)
    sizes = Counter(found)
    assert all(0 <= part < parts for part in found)
    if all_:
        share = len(all_) / min(parts, len(all_))
        assert max(sizes.values()) <= share * 1.2 + 2


def test_a_cut_falls_on_the_end_of_a_street_where_one_is_near() -> None:
    walk = [Stop("城东社区", "甲路", n) for n in range(1, 49)]
    walk += [Stop("城东社区", "乙街", n) for n in range(1, 53)]
    found = split(walk, 2)
    assert {stop.street for stop, part in zip(walk, found, strict=True) if part == 0} == {"乙街"}


PINS = {"东村": (103.2, 28.3), "西村": (103.0, 28.3), "近东村": (103.19, 28.31)}


@settings(max_examples=5)
@given(st.integers(10, 40), st.integers(10, 40), st.integers(10, 40))
def test_with_coordinates_no_area_is_larger_than_its_share(east: int, west: int, near: int) -> None:
    all_ = [Stop("东村", "东村", n) for n in range(east)]
    all_ += [Stop("西村", "西村", n) for n in range(west)]
    all_ += [Stop("近东村", "近东村", n) for n in range(near)]
    sizes = Counter(split(all_, 2, PINS))
    assert sum(sizes.values()) == len(all_)
    assert max(sizes.values()) <= -(-len(all_) // 2)


def test_neighbouring_villages_are_walked_together() -> None:
    all_ = [Stop("东村", "东村", n) for n in range(20)] + [
        Stop("近东村", "近东村", n) for n in range(20)
    ]
    all_ += [Stop("西村", "西村", n) for n in range(40)]
    found = split(all_, 2, PINS)
    assert len(set(found[:40])) == 1
    assert len(set(found[40:])) == 1
    assert found[0] != found[40]


def test_how_many_areas_a_township_needs() -> None:
    assert [areas_needed(n, size=100) for n in (0, 1, 100, 101)] == [0, 1, 1, 2]


def test_an_area_is_called_by_what_is_in_it() -> None:
    assert area_name([Stop("牛洛村", "牛洛村", 1), Stop("三河村", "三河村", 2)]) == "三河村—牛洛村"
    assert area_name([Stop("", "", 0)]) == ""
