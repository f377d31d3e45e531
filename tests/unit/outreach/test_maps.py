"""The map of a round: own boundaries where they are known, otherwise the ground around each pin."""

from math import dist

from hypothesis import given
from hypothesis import strategies as st

from guiyan.orgs.types import BoundaryFacts
from guiyan.outreach.census.cells import cells
from guiyan.outreach.census.maps import WIDTH, Place, draw

SQUARE = (
    10_300_000,
    2_800_000,
    10_310_000,
    2_800_000,
    10_310_000,
    2_810_000,
    10_300_000,
    2_810_000,
)

points = st.lists(
    st.tuples(st.floats(100, 104, width=32), st.floats(26, 30, width=32)), min_size=1, max_size=25
)


def bounded(name: str = "巴普镇", **more: int) -> Place:
    boundary = BoundaryFacts("513436100000", (SQUARE,), 103.05, 28.05, "审图号：示例")
    return Place(name, **({"total": 4, "left": 4} | more), boundary=boundary)


@given(points)
def test_each_corner_of_a_ground_is_nearest_to_its_own_place(
    places: list[tuple[float, float]],
) -> None:
    if len({(round(x, 2), round(y, 2)) for x, y in places}) < len(places):
        return
    for place, ground in zip(places, cells(places, least_reach=0.02), strict=True):
        assert len(ground) >= 3
        for corner in ground:
            assert dist(corner, place) <= min(dist(corner, one) for one in places) + 1e-6


@given(points)
def test_every_place_has_some_ground_even_where_two_stand_at_one_spot(
    places: list[tuple[float, float]],
) -> None:
    twice = [*places, *places]
    assert all(len(ground) >= 3 for ground in cells(twice, least_reach=0.02))


@given(points)
def test_what_is_drawn_lies_on_the_paper(places: list[tuple[float, float]]) -> None:
    drawn = draw(Place(f"村{n}", 3, 1, pin=one) for n, one in enumerate(places))
    assert drawn is not None and drawn.is_sketch
    for shape in drawn.shapes:
        corners = [part.split() for part in shape.path.strip("MZ").split("L")]
        assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= drawn.height for x, y in corners)


def test_without_pin_and_without_boundary_there_is_no_map() -> None:
    assert draw([Place("巴普镇", 3, 1)]) is None
    assert draw([]) is None


def test_with_a_boundary_it_is_no_sketch_and_says_whose_map_it_is() -> None:
    drawn = draw([bounded(), Place("牛洛村", 3, 1, pin=(103.02, 28.02))])
    assert drawn is not None
    assert (drawn.is_sketch, drawn.credits) == (False, ("审图号：示例",))
    assert len(drawn.shapes) == 2


def test_how_far_a_place_is_is_told_in_four_steps_and_all_only_when_nothing_is_left() -> None:
    tones = [bounded(total=200, left=left).tone for left in (200, 199, 101, 100, 1, 0)]
    assert tones == ["none", "some", "some", "most", "most", "all"]
    assert bounded(total=0, left=0).tone == "empty"


def test_a_county_that_is_taller_than_wide_has_no_empty_sides_on_a_phone() -> None:
    drawn = draw([Place(str(n), 1, 1, pin=(103.0, 28.0 + n / 5)) for n in range(4)])
    assert drawn is not None
    assert drawn.is_narrow
    assert drawn.width < WIDTH


def test_the_ground_bears_the_name_of_the_place_and_a_long_name_is_seen_to_go_on() -> None:
    for name, shown in (
        ("巴普镇党委", "巴普镇"),
        ("美姑县委组织部", "美姑县"),
        ("大桥彝族回族傣族自治乡党委", "大桥彝族回族傣…"),
    ):
        drawn = draw([bounded(name)])
        assert drawn is not None
        assert [shape.name for shape in drawn.shapes] == [shown]


def test_names_never_lie_over_each_other_and_who_has_most_left_is_named() -> None:
    close = [Place(f"很长的名字{n}", 9, n, pin=(103 + n / 1000, 28.0)) for n in range(9)]
    drawn = draw([*close, Place("远", 1, 1, pin=(103.4, 28.2))])
    assert drawn is not None
    named = [shape for shape in drawn.shapes if shape.name]
    assert 0 < len(named) < len(drawn.shapes)
