"""What is remembered is forgotten in time, and never grows beyond its bound."""

from hypothesis import given
from hypothesis import strategies as st

from guiyan.platform.remembered import Remembered


def test_a_value_is_there_until_its_time_is_over() -> None:
    lasting: Remembered[str] = Remembered(lasts_s=3600, most=2)
    over: Remembered[str] = Remembered(lasts_s=0, most=2)
    for kept in (lasting, over):
        kept.put("a", "A")
    assert (lasting.get("a"), lasting.get("b"), over.get("a")) == ("A", None, None)
    lasting.forget()
    assert lasting.get("a") is None


@given(st.lists(st.integers(0, 20), max_size=60))
def test_what_is_there_is_what_was_put_last_and_no_more_than_the_most(keys: list[int]) -> None:
    kept: Remembered[int] = Remembered(lasts_s=3600, most=5)
    for place, key in enumerate(keys):
        kept.put(key, place)
        assert kept.get(key) == place
    assert sum(kept.get(key) is not None for key in range(21)) <= 5
