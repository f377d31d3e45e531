"""A click on the drawn map is a place on the earth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.orgs.pin_map import HEIGHT, WIDTH, Dot, clicked, draw, frame_around

places = st.builds(
    Dot,
    name=st.just("某支部"),
    longitude=st.floats(102.9, 103.3),
    latitude=st.floats(28.1, 28.8),
)


@given(st.lists(places, min_size=1, max_size=8))
def test_a_click_on_a_dot_gives_back_its_place(dots: list[Dot]) -> None:
    frame = frame_around(dots)
    assert frame is not None
    for dot in dots:
        x, y = frame.pixel(dot.longitude, dot.latitude)
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
        longitude, latitude = frame.point(round(x), round(y))
        assert abs(longitude - dot.longitude) < (frame.east - frame.west) / WIDTH
        assert abs(latitude - dot.latitude) < (frame.north - frame.south) / HEIGHT


def test_north_is_up_and_east_is_right() -> None:
    frame = frame_around([Dot("甲", 103.0, 28.0)])
    assert frame is not None
    west_north, east_south = frame.point(0, 0), frame.point(WIDTH, HEIGHT)
    assert west_north[0] < east_south[0]
    assert west_north[1] > east_south[1]


def test_without_any_known_place_there_is_no_map() -> None:
    assert frame_around([]) is None


def test_names_on_the_map_are_text_and_never_markup() -> None:
    dot = Dot("<script>", 103.0, 28.0)
    frame = frame_around([dot])
    assert frame is not None
    assert "<script>" not in draw([dot], frame)


@pytest.mark.parametrize(
    ("query", "pixel"),
    [
        ("300,225", (300, 225)),
        ("9999,9999", (WIDTH, HEIGHT)),
        ("0,0", None),
        ("", None),
        ("to=1,2", None),
        ("-1,5", None),
    ],
)
def test_only_a_click_is_a_click(query: str, pixel: tuple[int, int] | None) -> None:
    assert clicked(query) == pixel
