"""A date is read with the exactness with which it was written, and never guessed silently."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.dates import DateProblem, ReadDate, read_date

TODAY = date(2026, 11, 22)
Written = str | int | float | date

days = st.dates(min_value=date(1927, 6, 1), max_value=date(2099, 12, 31))


def read(written: Written) -> tuple[date, str]:
    found = read_date(written, today=TODAY)
    assert isinstance(found, ReadDate), found
    return found.value, found.precision


def problem(
    written: Written, *, not_before: date | None = None, not_after: date | None = None
) -> str:
    found = read_date(written, today=TODAY, not_before=not_before, not_after=not_after)
    assert isinstance(found, DateProblem), found
    assert found.message
    return found.code


@pytest.mark.parametrize(
    "written",
    [
        "2019/8/26", "2019-08-26", "2019.8.26", "2019年8月26日", "2019年08月26号", "20190826",
        "２０１９年８月２６日", "２０１９－０８－２６", "2019 年 8 月 26 日", "2019—8—26",
        "2019-08-26 00:00:00", "2019-08-26 00:00:00 ",
        "2019-08-26T13:05:00", "2019/8/26 0:00", "'2019-08-26",
        "2019.08.26.", "19.8.26", "19-08-26", "19年8月26日", "\ufeff2019-08-26",
        20190826, 20190826.0, 43703, 43703.0, 43703.75, "43703",
        date(2019, 8, 26), datetime(2019, 8, 26, 13, 5, tzinfo=UTC),
        "2019-08-26T00:00:00+08:00",
    ],
)  # fmt: skip
def test_spellings_of_one_day_are_one_day(written: Written) -> None:
    assert read(written) == (date(2019, 8, 26), "day")


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("1979年4月", date(1979, 4, 1)),
        ("1979年04月份", date(1979, 4, 1)),
        ("201809", date(2018, 9, 1)),
        (201809, date(2018, 9, 1)),
        ("2018.12", date(2018, 12, 1)),
        (2018.12, date(2018, 12, 1)),
        (2018.2, date(2018, 2, 1)),
        ("2015.1", date(2015, 1, 1)),
        ("2015.10", date(2015, 10, 1)),
        ("2015-1", date(2015, 1, 1)),
        ("2015/01", date(2015, 1, 1)),
        ("79年4月", date(1979, 4, 1)),
        ("1979-04-00", date(1979, 4, 1)),
        ("19790400", date(1979, 4, 1)),
    ],
)
def test_a_month_stays_a_month(written: Written, month: date) -> None:
    assert read(written) == (month, "month")


@pytest.mark.parametrize(
    ("written", "year"),
    [("2019年", 2019), ("2019", 2019), (2019, 2019), (2019.0, 2019), ("19年", 2019),
     ("10年", 2010), ("07年", 2007), ("26年", 2026), ("79年", 1979), ("1979-00-00", 1979)],
)  # fmt: skip
def test_a_year_stays_a_year(written: Written, year: int) -> None:
    assert read(written) == (date(year, 1, 1), "year")


@pytest.mark.parametrize("written", ["28年", "27年1月", "26年12月", "26.11.23", "45年"])
def test_two_digits_that_would_lie_too_far_back_are_ambiguous(written: str) -> None:
    assert problem(written) == "ambiguous"


def test_two_digits_never_reach_before_what_is_possible() -> None:
    assert read("49年") == (date(1949, 1, 1), "year")
    assert problem("49年", not_before=date(1960, 1, 1)) == "ambiguous"
    last_day_of_1949 = read_date("49年", today=TODAY, not_before=date(1949, 12, 31))
    assert isinstance(last_day_of_1949, ReadDate)


def test_today_itself_is_not_yet_past() -> None:
    assert read("26.11.22") == (TODAY, "day")


def test_a_number_that_lost_its_zero_is_ambiguous() -> None:
    assert problem(2015.1) == "ambiguous"


@pytest.mark.parametrize("written", ["", "  ", "无", "—", "/", "不详", "\u200b"])
def test_no_date_is_said_to_be_none(written: str) -> None:
    assert problem(written) == "empty"


@pytest.mark.parametrize(
    "written",
    ["去年", "5年", "2019年8", "8月26日", "2019-8-26-1", "99", 12, 12.5, 3.14159, 2018.123,
     float("nan"), float("inf"), -1, "2019年8月26日左右", "1234567890123"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(written: Written) -> None:
    assert problem(written) == "unreadable"


@pytest.mark.parametrize(
    "written", ["2019-02-29", "2019年13月", "20190231", "201813", "2019-00-05", "0000-01-01"]
)
def test_a_day_that_never_was_is_refused(written: str) -> None:
    assert problem(written) == "impossible"


@pytest.mark.parametrize("written", ["1879年4月", "2919-01-01", date(1800, 1, 1)])
def test_a_slip_in_the_century_is_out_of_range(written: Written) -> None:
    assert problem(written) == "range"


def test_the_caller_says_what_is_possible_and_both_ends_are() -> None:
    founding, today = date(1921, 7, 1), TODAY
    assert problem("1921年6月", not_before=founding) == "range"
    assert problem("2026-11-23", not_after=today) == "range"
    for written in ("1921年7月", "1921年", "2026-11-22", "2026年"):
        found = read_date(written, today=today, not_before=founding, not_after=today)
        assert isinstance(found, ReadDate)


def test_a_month_and_a_year_know_their_last_day() -> None:
    assert ReadDate(date(2024, 2, 1), "month").last == date(2024, 2, 29)
    assert ReadDate(date(2024, 1, 1), "year").last == date(2024, 12, 31)
    assert ReadDate(TODAY, "day").last == TODAY


SPELLINGS = ["{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}", "{0:%Y%m%d}",
             "{0.year}年{0.month}月{0.day}日", "{0.year}.{0.month}.{0.day}"]  # fmt: skip


@given(days, st.sampled_from(SPELLINGS))
def test_every_day_reads_back_from_every_spelling(day: date, spelling: str) -> None:
    assert read(spelling.format(day)) == (day, "day")


@given(days)
def test_every_day_reads_back_from_its_serial(day: date) -> None:
    serial = (day - date(1899, 12, 30)) / timedelta(days=1)
    assert read(serial) == (day, "day")


@given(st.dates(min_value=date(1947, 1, 1), max_value=TODAY))
def test_two_digits_find_every_day_of_a_working_life(day: date) -> None:
    assert read(f"{day:%y.%m.%d}") == (day, "day")


@given(st.text(max_size=20) | st.integers() | st.floats() | st.dates() | st.datetimes())
def test_nothing_written_makes_the_reader_fail(written: Written) -> None:
    found = read_date(written, today=TODAY)
    assert isinstance(found, ReadDate | DateProblem)
    if isinstance(found, ReadDate):
        assert found.value <= found.last


@given(st.text("0123456789年月日.-/ ", max_size=14))
def test_nothing_that_looks_like_a_date_makes_the_reader_fail(written: str) -> None:
    assert isinstance(read_date(written, today=TODAY), ReadDate | DateProblem)
