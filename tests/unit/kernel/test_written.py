"""What spreadsheets do to a long number is undone before any rule looks at it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.written import digits_of_float, number_written, unwrapped


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("12412434831.0", "12412434831"),
        ("12412434831.00", "12412434831"),
        ("1.2412434831E10", "12412434831"),
        ("1.24e+2", "124"),
        ("5E3", "5000"),
        ("12412434831", None),
        ("1.5", None),
        ("1.25E1", None),
        ("E10", None),
        ("12.5E3", None),
    ],
)
def test_the_digits_of_a_float_are_found(text: str, digits: str | None) -> None:
    assert digits_of_float(text) == digits


@pytest.mark.parametrize(
    ("text", "inner"),
    [('="0834"', "0834"), ("=0834", "0834"), ("0834", "0834"), ('"0834"', '"0834"')],
)
def test_the_text_of_a_forced_text_cell_is_what_counts(text: str, inner: str) -> None:
    assert unwrapped(text) == inner


@given(st.text("0123456789X-‐—'’´\"＝= \u3000\u200b０９", max_size=30))
def test_a_number_once_cleaned_stays_as_it_is(text: str) -> None:
    once = number_written(text)
    assert not any(c.isspace() for c in once)
    assert number_written(once).lstrip("=") == once.lstrip("=")
    assert set(once) <= set("0123456789X=")
