"""The country's divisions as shipped: every level from province to village, streamed from one file.

The file is an outline. Its first line is a header: source, version and one count per level.
Each further line is `MARK DIGITS <tab> NAME`. MARK is the level (none for a village, which nearly
every line is); DIGITS are the code's digits beyond the parent's, left out where they are the ones
of the sibling before plus one. `scripts/pack_divisions.py` writes it.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from importlib.resources import files
from io import TextIOWrapper

CODE_DIGITS = 12
# The day up to which the National Bureau of Statistics had kept the codes that are packed here.
AS_OF = date(2023, 6, 30)
_FILE = files(__package__) / "divisions.tsv.xz"


class DivisionLevel(IntEnum):
    """Level of a division; the lower the number, the wider the place (GB/T 2260, GB/T 10114)."""

    PROVINCE = 1
    PREFECTURE = 2
    COUNTY = 3
    TOWNSHIP = 4
    VILLAGE = 5

    @property
    def digits(self) -> int:
        """How many leading digits of the code belong to this level (国统字〔2009〕91号)."""
        return _DIGITS[self]


_DIGITS = dict(zip(DivisionLevel, (2, 4, 6, 9, 12), strict=True))
LEVEL_OF_MARK = dict(zip("PCAT", DivisionLevel, strict=False)) | {"": DivisionLevel.VILLAGE}
_ALL_MARKS = "".join(LEVEL_OF_MARK)


@dataclass(frozen=True, slots=True)
class PackedDivision:
    """One division: code (12 digits, right-padded with zeros), name, level, and its parent.

    Code *and* level tell divisions apart: Kinmen (350527000000) stands in the source as county,
    as its only township and as its only village under one code. A province has no parent. The
    parent of a township is the prefecture where that has no counties (Dongguan, Zhongshan,
    Danzhou, Jiayuguan), so a parent is to be read here, never cut from the code.
    """

    code: str
    name: str
    level: DivisionLevel
    parent_code: str | None
    parent_level: DivisionLevel | None


def packed_divisions() -> Iterator[PackedDivision]:
    """Every division of the country, parents before their children, codes rising.

    Streams: memory stays at a few megabytes however far one reads.
    """
    with _unpacked() as lines:
        next(lines)
        yield from _read_outline(lines)


def counts() -> Mapping[DivisionLevel, int]:
    """How many divisions the file holds at each level; reads the header only."""
    with _unpacked() as lines:
        numbers = next(lines).split("\t")[2:]
    return {level: int(count) for level, count in zip(DivisionLevel, numbers, strict=True)}


def source() -> str:
    """Name and version of the public package that the divisions were taken from."""
    with _unpacked() as lines:
        name, version = next(lines).split("\t")[:2]
    return f"{name} {version}"


@contextmanager
def _unpacked() -> Iterator[Iterator[str]]:
    with _FILE.open("rb") as packed, TextIOWrapper(lzma.LZMAFile(packed), "utf-8") as lines:
        yield lines


def _read_outline(lines: Iterable[str]) -> Iterator[PackedDivision]:
    open_above: list[tuple[DivisionLevel, str]] = []
    digits = ""
    for line in lines:
        key, _, name = line.rstrip("\n").partition("\t")
        level = LEVEL_OF_MARK[key[:1] if key[:1].isalpha() else ""]
        while open_above and open_above[-1][0] >= level:
            open_above.pop()
        parent_level, parent = open_above[-1] if open_above else (None, "")
        own = key.lstrip(_ALL_MARKS)
        digits = parent + own if own else str(int(digits) + 1)
        if level is not DivisionLevel.VILLAGE:
            open_above.append((level, digits))
        parent_code = padded(parent) if parent else None
        yield PackedDivision(padded(digits), name, level, parent_code, parent_level)


def padded(digits: str) -> str:
    """A code of any level written with its full twelve digits."""
    return digits.ljust(CODE_DIGITS, "0")
