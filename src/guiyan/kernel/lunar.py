"""The Spring Festival of a year, by the lunar calendar."""

from datetime import date

from lunar_python import Lunar


def spring_festival(year: int) -> date:
    """The first day of the first lunar month (正月初一) that begins in this solar year."""
    solar = Lunar.fromYmd(year, 1, 1).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())
