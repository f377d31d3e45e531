"""Terms counted as the rules count them: calendar months, and working days with make-up days.

The days off and the make-up days (调休) of a year are announced by the State Council in the autumn
before it; until then only weekends are known, and a term that needs that year is an estimate.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

from chinese_calendar.constants import holidays as published_holidays
from chinese_calendar.constants import workdays as published_make_up_days

CHINA: Final = ZoneInfo("Asia/Shanghai")  # all of China keeps one time
_ONE_DAY = timedelta(days=1)


def day_of(moment: datetime) -> date:
    """The day in China on which something happened; until eight in the morning the one before it
    is still written in UTC."""
    return moment.astimezone(CHINA).date()


def add_months(day: date, months: int) -> date:
    """The same day of another month, or its last day where it has no such day (31 August + 6 is
    28 February). Six months are not 180 days.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Whole calendar months from start to end; negative when end comes first.

    The greatest n with `add_months(start, n) <= end`, mirrored for the other direction.
    """
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def last_day_of_month(day: date) -> date:
    """The last day of this day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days are worked: the weekdays, less holidays, with make-up days; `years` are known.

    In any other year only weekends are off, and `is_estimated` says so.
    """

    holidays: frozenset[date] = field(default_factory=frozenset)
    make_up_days: frozenset[date] = field(default_factory=frozenset)
    years: frozenset[int] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        """Raises ValueError when a day is both off and worked, or lies outside the known years."""
        if both := self.holidays & self.make_up_days:
            raise ValueError(f"Both holiday and make-up day: {min(both)}")
        for day in self.holidays | self.make_up_days:
            if day.year not in self.years:
                raise ValueError(f"{day} is listed, but {day.year} is not among the known years")

    @classmethod
    def published(cls, years: Iterable[int]) -> Self:
        """The announced days of those of the years that the packaged table knows (2004 onward)."""
        known = frozenset(years) & {day.year for day in published_holidays}
        return cls(
            holidays=frozenset(day for day in published_holidays if day.year in known),
            make_up_days=frozenset(day for day in published_make_up_days if day.year in known),
            years=known,
        )

    def is_working_day(self, day: date) -> bool:
        """Make-up days are worked, holidays are not, otherwise Monday to Friday are."""
        if day in self.make_up_days:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def is_estimated(self, year: int) -> bool:
        """True while the days off of that year are not in the table."""
        return year not in self.years

    def is_estimate_between(self, start: date, end: date) -> bool:
        """True when a term from start to end touches a year that is not in the table."""
        first, last = sorted((start.year, end.year))
        return any(self.is_estimated(year) for year in range(first, last + 1))


def add_working_days(day: date, count: int, working_days: WorkingDays) -> date:
    """The count-th working day after `day`, which itself is not counted; before it when negative.

    Nothing added to a day off gives the next working day.
    """
    step = _ONE_DAY if count >= 0 else -_ONE_DAY
    left = abs(count)
    while left or not working_days.is_working_day(day):
        day += step
        if left and working_days.is_working_day(day):
            left -= 1
    return day


def working_days_between(start: date, end: date, working_days: WorkingDays) -> int:
    """Working days after start up to and including end; negative when end comes first."""
    if end < start:
        return -working_days_between(end, start, working_days)
    days = ((start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
    return sum(working_days.is_working_day(day) for day in days)
