"""The small map: no pin over another, no name over a pin or a name, nobody lost."""

from hypothesis import given
from hypothesis import strategies as st

from guiyan.flows.maps import HEIGHT, WIDTH, Branch, named, pins_of

points = st.tuples(st.floats(34, WIDTH - 34), st.floats(34, HEIGHT - 34))
places = st.lists(st.tuples(points, st.sampled_from(["洒勒村", "勒布村"]), st.integers(1, 9)))


@given(places)
def test_everybody_stands_under_one_letter(
    found: list[tuple[tuple[float, float], str, int]],
) -> None:
    pins = pins_of(found)
    assert sum(n for pin in pins for _, n in pin.places) == sum(n for _, _, n in found)
    assert len({pin.letter for pin in pins}) == len(pins)


@given(places)
def test_pins_do_not_cover_one_another(found: list[tuple[tuple[float, float], str, int]]) -> None:
    pins = pins_of(found)
    for one in pins:
        for other in pins:
            apart = (one.x - other.x) ** 2 + (one.y - other.y) ** 2
            assert one is other or apart >= (2 * 8) ** 2


def test_of_two_branches_at_one_place_one_is_named() -> None:
    twins = [Branch(100, 100, "甲村党支部", "甲村"), Branch(101, 100, "乙村党支部", "乙村")]
    assert [branch.name for branch in named(twins, [])].count("") == 1


def test_the_branch_beside_a_pin_is_named_first() -> None:
    pins = pins_of([((110, 100), "甲村", 1)])
    crowd = [
        Branch(80, 103, "乙村党支部", "乙村民小组"),
        Branch(110, 100, "甲村党支部", "甲村民小组"),
    ]
    assert [branch.name for branch in named(crowd, pins)] == ["", "甲村民小组"]
