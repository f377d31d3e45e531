"""Dates as people write them in registers: 1979年4月, 2019/8/26, 201809, 19年, 43338."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from guiyan.kernel.calendar import add_months
from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.written import HYPHENS, normal_width, without_invisible, without_spaces

Precision = Literal["day", "month", "year"]

# Further back, two digits are a guess that a person should make.
TWO_DIGIT_YEARS_REACH = 80
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199

_EXCEL_DAY_ZERO = date(
    1899, 12, 30
)  # serial 61 is 1 March 1900; Excel believes in 29 February 1900
_EXCEL_SERIALS = range(10_000, 80_000)  # 1927 to 2119
_NO_DATE = {"", "无", "-", "—", "/", "不详", "未知", "不清楚", "不明", "空"}
_TIME_BEHIND = re.compile(r"[T\s]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
_BETWEEN = re.compile(rf"[./,、。{re.escape(HYPHENS)}]+")
_SPELLINGS = (
    re.compile(r"(\d{4}|\d{2})年(?:(\d{1,2})月(?:份|(\d{1,2})[日号]?)?)?"),
    re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?"),
    re.compile(r"(\d{2})-(\d{1,2})(?:-(\d{1,2}))?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})?"),
)


class DateProblem(Finding):
    """Why what was written is no date. Codes: empty, unreadable, impossible, ambiguous, range."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as exact as it was written; `value` is the first day that it can mean."""

    value: date
    precision: Precision

    @property
    def last(self) -> date:
        """The last day that it can mean."""
        months = {"day": 0, "month": 1, "year": 12}[self.precision]
        return add_months(self.value, months) - timedelta(days=1) if months else self.value


_EMPTY = DateProblem("empty", _("没有填写日期，请补上；不知道的可以只填年份。"))
_UNREADABLE = DateProblem("unreadable", _("看不懂这个日期，请写成“2019-08-26”或“2019年8月”。"))
_IMPOSSIBLE = DateProblem("impossible", _("没有这一天，请核对月份和日子。"))
_AMBIGUOUS = DateProblem("ambiguous", _("分不清是哪一年哪一月，请写全四位年份和两位月份。"))
_RANGE = DateProblem("range", _("这个日期太早或太晚，请核对年份。"))


def read_date(
    written: str | int | float | date | datetime,
    *,
    today: date,
    not_before: date | None = None,
    not_after: date | None = None,
) -> ReadDate | DateProblem:
    """A date keeps the exactness with which it was written: a day, a month or a year.

    Two digits mean the latest such year that is not after `today`; more than 80 years back or
    before `not_before` they are ambiguous (28年 in 2026). Numbers are Excel serials, 8 or 6 digits,
    or year.month. A date is out of range when every day it can mean is outside
    `not_before`…`not_after`, both of which are still inside.
    """
    found = _read(written, today, not_before)
    if isinstance(found, DateProblem):
        return found
    if not EARLIEST_YEAR <= found.value.year <= LATEST_YEAR:
        return _RANGE
    if not_before is not None and found.last < not_before:
        return _RANGE
    if not_after is not None and found.value > not_after:
        return _RANGE
    return found


def _read(
    written: str | int | float | date | datetime, today: date, not_before: date | None
) -> ReadDate | DateProblem:
    if isinstance(written, datetime):
        return ReadDate(written.date(), "day")
    if isinstance(written, date):
        return ReadDate(written, "day")
    if isinstance(written, float) and not written.is_integer():
        return _of_fraction(written)
    text = str(int(written)) if isinstance(written, float) else str(written)
    return _of_text(text, today, not_before)


def _of_fraction(number: float) -> ReadDate | DateProblem:
    """2018.12 is December 2018; 2015.1 may have been 2015.10 before the cell dropped the zero.

    A serial with a fraction is a day with a time of day.
    """
    if not math.isfinite(number):
        return _UNREADABLE
    if int(number) in _EXCEL_SERIALS:
        return _of_serial(int(number))
    year, _dot, month = f"{number:.10g}".partition(".")
    if len(year) != 4 or len(month) > 2:
        return _UNREADABLE
    return _AMBIGUOUS if month == "1" else _made(int(year), int(month), None)


def _of_text(written: str, today: date, not_before: date | None) -> ReadDate | DateProblem:
    text = normal_width(without_invisible(written)).strip()
    text = without_spaces(_TIME_BEHIND.sub("", text)).lstrip("'")
    if text in _NO_DATE:
        return _EMPTY
    if re.fullmatch(r"\d{5}", text) and int(text) in _EXCEL_SERIALS:
        return _of_serial(int(text))
    text = _BETWEEN.sub("-", text).rstrip("-")
    for spelling in _SPELLINGS:
        if found := spelling.fullmatch(text):
            year, month, day = (int(part) if part else None for part in found.groups())
            if year is not None and len(found[1]) == 2:
                return _of_two_digits(year, month, day, today, not_before)
            return _made(year or 0, month, day)
    return _UNREADABLE


def _of_serial(serial: int) -> ReadDate:
    return ReadDate(_EXCEL_DAY_ZERO + timedelta(days=serial), "day")


def _of_two_digits(
    year: int, month: int | None, day: int | None, today: date, not_before: date | None
) -> ReadDate | DateProblem:
    century = today.year // 100 * 100
    newer = _made(century + year, month, day)
    if isinstance(newer, ReadDate) and newer.value <= today:
        found: ReadDate | DateProblem = newer
    else:
        found = _made(century - 100 + year, month, day)
    if isinstance(found, DateProblem):
        return found
    is_far = today.year - found.value.year > TWO_DIGIT_YEARS_REACH
    is_early = not_before is not None and found.last < not_before
    return _AMBIGUOUS if is_far or is_early else found


def _made(year: int, month: int | None, day: int | None) -> ReadDate | DateProblem:
    """Zeros stand for "not known": 1979-04-00 is a month, 1979-00-00 a year."""
    precision: Precision = "year" if not month else "month" if not day else "day"
    if not month and day:
        return _IMPOSSIBLE
    try:
        return ReadDate(date(year, month or 1, day or 1), precision)
    except ValueError:
        return _IMPOSSIBLE
