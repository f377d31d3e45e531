"""A due has a window: it waits, is open, is overdue, and expires; an act ends it before."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.field.rules.dues import DueState, is_overdue_on, state_on

OPENS, DUE, EXPIRES = date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 30)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 2, 28), DueState.WAITING),
        (OPENS, DueState.OPEN),
        (DUE, DueState.OPEN),
        (date(2026, 4, 1), DueState.OVERDUE),
        (EXPIRES, DueState.OVERDUE),
        (date(2026, 5, 1), DueState.EXPIRED),
    ],
)
def test_it_waits_is_owed_through_its_day_is_overdue_and_is_asked_for_no_more(
    day: date, state: DueState
) -> None:
    assert state_on(day, opens_on=OPENS, due_on=DUE, expires_on=EXPIRES, closing="") is state


def test_what_never_expires_stays_overdue_until_it_is_done() -> None:
    years_later = date(2029, 1, 1)
    found = state_on(years_later, opens_on=OPENS, due_on=DUE, expires_on=None, closing="")
    assert found is DueState.OVERDUE


@given(DAYS, st.sampled_from(["done", "cancelled"]))
def test_what_was_done_or_cancelled_is_so_on_every_day(day: date, closing: str) -> None:
    found = state_on(day, opens_on=OPENS, due_on=DUE, expires_on=EXPIRES, closing=closing)
    assert found == closing


@given(DAYS, DAYS, st.integers(0, 90), st.none() | st.integers(0, 90))
def test_what_is_counted_as_overdue_is_what_stands_as_overdue(
    day: date, opens_on: date, open_days: int, late_days: int | None
) -> None:
    due_on = opens_on + timedelta(days=open_days)
    expires_on = None if late_days is None else due_on + timedelta(days=late_days)
    stands = state_on(day, opens_on=opens_on, due_on=due_on, expires_on=expires_on, closing="")
    assert is_overdue_on(day, due_on, expires_on) is (stands is DueState.OVERDUE)
