"""Numbers that pass every check and can be nobody's: for the demo and for tests."""

from datetime import date
from typing import Final

from guiyan.kernel.id_numbers import id_check_character

# Each county code ending in 99 is unallocated, so that no living person has such a number.
MEIGU_AREA: Final = "513499"
_EARLY: Final = date(1975, 8, 12)


def invented_id(area: str = MEIGU_AREA, born: date = _EARLY, sequence: int = 1) -> str:
    """An ID number with a right checksum; odd sequences are men's."""
    body = f"{area}{born:%Y%m%d}{sequence % 1000:03d}"
    return body + id_check_character(body)


def invented_phone(sequence: int = 1) -> str:
    """A mobile number that no operator can have: 12 is no operator's prefix."""
    return f"12{sequence % 1_000_000_000:09d}"
