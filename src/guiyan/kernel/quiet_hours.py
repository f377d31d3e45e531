"""When nobody is disturbed: from eight in the evening until eight in the morning (trust.md R11)."""

from datetime import datetime, time, timedelta

from guiyan.kernel.calendar import CHINA, day_of

QUIET_FROM, QUIET_TO = time(20), time(8)


def is_quiet(at: datetime) -> bool:
    """From eight in the evening until eight in the morning, where the member lives (R11)."""
    here = at.astimezone(CHINA).time()
    return here >= QUIET_FROM or here < QUIET_TO


def next_open(at: datetime) -> datetime:
    """The first moment from `at` on that lies outside the quiet hours."""
    if not is_quiet(at):
        return at
    day = day_of(at)
    if at.astimezone(CHINA).time() >= QUIET_FROM:
        day += timedelta(days=1)
    return datetime.combine(day, QUIET_TO, CHINA)
