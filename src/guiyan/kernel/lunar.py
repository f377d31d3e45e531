"""The Spring Festival of a year, by the lunar calendar."""

import functools
from datetime import date

from lunar_python import Lunar


@functools.cache
def spring_festival(year: int) -> date:
    """The first day of the first lunar month (正月初一) that begins in this solar year.

    Kept: the reckoning of one year takes milliseconds, and a night asks for it once a member.
    """
    solar = Lunar.fromYmd(year, 1, 1).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())
