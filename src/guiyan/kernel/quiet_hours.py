"""When nobody is disturbed: from eight in the evening until eight in the morning (trust.md R11)."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

HERE: Final = ZoneInfo("Asia/Shanghai")
QUIET_FROM, QUIET_TO = time(20), time(8)


def is_quiet(at: datetime) -> bool:
    """From eight in the evening until eight in the morning, where the member lives (R11)."""
    here = at.astimezone(HERE).time()
    return here >= QUIET_FROM or here < QUIET_TO


def next_open(at: datetime) -> datetime:
    """The first moment from `at` on that lies outside the quiet hours."""
    if not is_quiet(at):
        return at
    here = at.astimezone(HERE)
    day = here.date() + timedelta(days=1) if here.time() >= QUIET_FROM else here.date()
    return datetime.combine(day, QUIET_TO, HERE)
