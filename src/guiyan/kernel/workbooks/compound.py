"""What an old xls (an OLE2 compound file with BIFF records) may hold, read record by record.

Layout after MS-CFB (sectors, FAT, directory) and MS-XLS (records), only as far as needed here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from guiyan.kernel.workbooks import refusals

_FREE_FROM: Final = 0xFFFFFFFA  # sector numbers from here on are markers, not sectors
_MINI_LIMIT: Final = 4096
_MACRO_STORAGES: Final = frozenset({"_vba_project_cur", "vba", "_vba_project", "macros"})
_ENCRYPTED_STREAMS: Final = frozenset({"encryptedpackage", "encryptioninfo"})
_BOF, _FILEPASS, _BOUNDSHEET = 0x0809, 0x002F, 0x0085
_CELLS: Final = frozenset({0x0006, 0x00BD, 0x00BE, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E})
_MULTIPLE: Final = frozenset({0x00BD})


class _Compound:
    """Sectors and the directory of one compound file."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.size = stream.seek(0, 2)
        stream.seek(0)
        self.header = stream.read(512)
        if len(self.header) < 512:
            raise refusals.broken()
        (shift,) = struct.unpack_from("<H", self.header, 30)
        if shift not in (9, 12):
            raise refusals.broken()
        self.sector_bytes = 1 << shift
        self.fat = self._read_fat()

    def sector(self, number: int) -> bytes:
        self.stream.seek((number + 1) * self.sector_bytes)
        return self.stream.read(self.sector_bytes)

    def chain(self, first: int) -> Iterator[bytes]:
        """The sectors of one stream in order; a chain that runs in a circle is broken."""
        number, steps = first, 0
        while number < _FREE_FROM:
            steps += 1
            if number >= len(self.fat) or steps > len(self.fat):
                raise refusals.broken()
            yield self.sector(number)
            number = self.fat[number]

    def _read_fat(self) -> list[int]:
        numbers = list(struct.unpack_from("<109I", self.header, 76))
        (following,) = struct.unpack_from("<I", self.header, 68)
        most = self.size // self.sector_bytes + 1
        per_sector = self.sector_bytes // 4
        while following < _FREE_FROM:
            more = self._numbers(following)
            numbers.extend(more[:-1])
            following = more[-1]
            if len(numbers) > most + 109 + per_sector:
                raise refusals.broken()
        fat: list[int] = []
        for number in numbers:
            if number < _FREE_FROM:
                fat.extend(self._numbers(number))
            if len(fat) > most + 110 * per_sector:
                raise refusals.broken()
        return fat

    def _numbers(self, sector: int) -> tuple[int, ...]:
        content = self.sector(sector)
        if len(content) < self.sector_bytes:
            raise refusals.broken()
        return struct.unpack(f"<{self.sector_bytes // 4}I", content)

    def directory(self) -> Iterator[tuple[str, int, int]]:
        """Name in lower case, first sector, and size in bytes of every entry."""
        (first,) = struct.unpack_from("<I", self.header, 48)
        for content in self.chain(first):
            for start in range(0, len(content) - 127, 128):
                (length,) = struct.unpack_from("<H", content, start + 64)
                name = content[start : start + max(0, min(length, 64) - 2)]
                sector, size = struct.unpack_from("<II", content, start + 116)
                if length:
                    yield name.decode("utf-16-le", "replace").lower(), sector, size


def check_compound(stream: BinaryIO) -> int:
    """An xls is opened when it is neither encrypted nor holds macros, and its cells stay in bounds.

    Returns the bytes of its workbook stream. Reads record heads only.
    """
    compound = _Compound(stream)
    entries = list(compound.directory())
    names = {name for name, _, _ in entries}
    if names & _ENCRYPTED_STREAMS:
        raise refusals.encrypted()
    if names & _MACRO_STORAGES:
        raise refusals.macros()
    for name, first, size in entries:
        if name in ("workbook", "book"):
            if size >= _MINI_LIMIT:
                _check_records(compound.chain(first))
            return size
    raise refusals.not_its_name(".xls")


def _check_records(sectors: Iterator[bytes]) -> None:
    area = 0
    box: _Box | None = None
    for kind, body in _records(sectors):
        if kind == _FILEPASS:
            raise refusals.encrypted()
        if kind == _BOUNDSHEET and len(body) > 5 and body[5] in (1, 6):
            raise refusals.macros()
        if kind == _BOF:
            area += box.area if box else 0
            box = _Box()
        elif kind in _CELLS and box is not None and len(body) >= 4:
            box.add(kind, body)
            if area + box.area > refusals.MAX_AREA:
                raise refusals.too_large_area()


class _Box:
    """The rectangle around the cells of one sheet."""

    def __init__(self) -> None:
        self.top = self.left = 0xFFFF
        self.bottom = self.right = -1

    def add(self, kind: int, body: bytes) -> None:
        row, column = struct.unpack_from("<HH", body, 0)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind in _MULTIPLE else column
        self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        self.left, self.right = min(self.left, column), max(self.right, column, last)
        if self.right >= refusals.MAX_COLUMNS:
            raise refusals.too_many_columns()

    @property
    def area(self) -> int:
        if self.bottom < 0:
            return 0
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def _records(sectors: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    waiting = bytearray()
    for sector in sectors:
        waiting += sector
        position = 0
        while len(waiting) - position >= 4:
            kind, length = struct.unpack_from("<HH", waiting, position)
            if len(waiting) - position < 4 + length:
                break
            yield kind, bytes(waiting[position + 4 : position + 4 + length])
            position += 4 + length
        del waiting[:position]
