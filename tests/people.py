"""Invented people: numbers are made while the tests run, with areas and prefixes nobody has."""

import datetime

from guiyan.kernel.id_numbers import id_check_character

# Each county code ending in 99 is unallocated, so that no living person has such a number.
MEIGU_AREA = "513499"


def invented_id(
    area: str = MEIGU_AREA,
    born: datetime.date = datetime.date(1975, 8, 12),
    sequence: int = 1,
) -> str:
    """An ID number with a right checksum; odd sequences are men's."""
    body = f"{area}{born:%Y%m%d}{sequence:03d}"
    return body + id_check_character(body)


def invented_phone(sequence: int = 1) -> str:
    """A mobile number that no operator can have."""
    return f"12{sequence:09d}"
