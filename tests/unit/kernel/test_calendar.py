"""Six months are not 180 days, and a working day is what the year's announcement says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.calendar import (
    WorkingDays,
    add_months,
    add_working_days,
    day_of,
    last_day_of_month,
    months_between,
    working_days_between,
)

# New Year 2026 as announced: Thursday to Saturday off, Sunday 4 January worked.
NEW_YEAR = WorkingDays(
    holidays=frozenset({date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)}),
    make_up_days=frozenset({date(2026, 1, 4)}),
    years=frozenset({2026}),
)
WEEKENDS_ONLY = WorkingDays()

days = st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1))
months = st.integers(-600, 600)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_are_calendar_months(start: date, count: int, end: date) -> None:
    assert add_months(start, count) == end


def test_six_months_are_not_180_days() -> None:
    start = date(2026, 3, 1)
    assert add_months(start, 6) - start == timedelta(days=184)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 5, 10), date(2026, 11, 9), 5),
        (date(2026, 5, 10), date(2026, 11, 10), 6),
        (date(2026, 11, 10), date(2026, 5, 10), -6),
    ],
)
def test_a_month_is_full_when_its_day_has_come(start: date, end: date, count: int) -> None:
    assert months_between(start, end) == count


@given(days, months)
def test_months_added_land_in_the_right_month_on_the_same_day_or_the_last(
    day: date, count: int
) -> None:
    later = add_months(day, count)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count
    assert later.day == min(day.day, last_day_of_month(later).day)


@given(days, st.integers(0, 600))
def test_months_added_are_counted_back(day: date, count: int) -> None:
    assert months_between(day, add_months(day, count)) == count


@given(days, days)
def test_months_between_is_the_greatest_number_that_fits(one: date, other: date) -> None:
    start, end = sorted((one, other))
    count = months_between(start, end)
    assert add_months(start, count) <= end < add_months(start, count + 1)
    assert months_between(end, start) == -count


def test_a_holiday_is_off_and_a_make_up_sunday_is_worked() -> None:
    worked = [NEW_YEAR.is_working_day(date(2026, 1, day)) for day in range(1, 6)]
    assert worked == [False, False, False, True, True]


def test_a_term_runs_over_holidays_and_make_up_days() -> None:
    assert add_working_days(date(2025, 12, 31), 1, NEW_YEAR) == date(2026, 1, 4)
    assert add_working_days(date(2025, 12, 31), 2, NEW_YEAR) == date(2026, 1, 5)
    assert add_working_days(date(2026, 1, 5), -2, NEW_YEAR) == date(2025, 12, 31)


def test_nothing_added_to_a_day_off_is_the_next_working_day() -> None:
    assert add_working_days(date(2026, 1, 1), 0, NEW_YEAR) == date(2026, 1, 4)
    assert add_working_days(date(2026, 1, 5), 0, NEW_YEAR) == date(2026, 1, 5)


def test_a_year_without_a_table_has_weekends_and_says_that_it_is_an_estimate() -> None:
    assert NEW_YEAR.is_estimated(2027)
    assert not NEW_YEAR.is_estimated(2026)
    assert NEW_YEAR.is_working_day(date(2027, 1, 1))
    assert not NEW_YEAR.is_working_day(date(2027, 1, 2))
    assert NEW_YEAR.is_estimate_between(date(2026, 12, 30), date(2027, 1, 5))
    assert not NEW_YEAR.is_estimate_between(date(2026, 12, 30), date(2026, 12, 31))


def test_the_packaged_table_knows_its_years_and_no_others() -> None:
    table = WorkingDays.published(range(2025, 2200))
    assert not table.is_estimated(2026)
    assert table.is_estimated(2199)
    assert not table.is_working_day(date(2026, 1, 1))
    assert table.is_working_day(date(2026, 1, 4))
    assert WorkingDays.published([2199]) == WEEKENDS_ONLY


def test_a_table_that_contradicts_itself_is_refused() -> None:
    new_year = frozenset({date(2026, 1, 1)})
    with pytest.raises(ValueError, match="Both"):
        WorkingDays(holidays=new_year, make_up_days=new_year, years=frozenset({2026}))
    with pytest.raises(ValueError, match="known years"):
        WorkingDays(holidays=new_year)


tables = st.just(NEW_YEAR) | st.just(WEEKENDS_ONLY) | st.just(WorkingDays.published([2026]))
days_around = st.dates(min_value=date(2025, 12, 1), max_value=date(2026, 12, 31))


@given(days_around, st.integers(1, 60), tables)
def test_working_days_added_are_counted_back(day: date, count: int, table: WorkingDays) -> None:
    end = add_working_days(day, count, table)
    assert table.is_working_day(end)
    assert working_days_between(day, end, table) == count
    assert working_days_between(end, day, table) == -count


@given(days_around, st.integers(-60, 60), tables)
def test_a_term_always_ends_on_a_working_day(day: date, count: int, table: WorkingDays) -> None:
    assert table.is_working_day(add_working_days(day, count, table))


@pytest.mark.parametrize(("hour", "day"), [(0, 22), (15, 22), (16, 23), (23, 23)])
def test_the_day_of_a_moment_is_china_s(hour: int, day: int) -> None:
    assert day_of(datetime(2026, 11, 22, hour, 59, tzinfo=UTC)) == date(2026, 11, day)
