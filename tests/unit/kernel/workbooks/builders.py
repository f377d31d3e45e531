"""Workbooks built at run time: plain ones, old ones, and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_END = "</sheetData></worksheet>"


def xlsx(*sheets: Sequence[Sequence[object]], merges: Sequence[str] = ()) -> bytes:
    """A workbook with these rows, the first sheet merged as told."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"表{number}")
        for row, cells in enumerate(rows, start=1):
            for column, value in enumerate(cells, start=1):
                if value is None:
                    continue
                cell = sheet.cell(row, column)
                cell.value = value  # type: ignore[assignment]
                if isinstance(value, str):
                    cell.data_type = "s"
        for area in merges if number == 1 else ():
            sheet.merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def altered(content: bytes, parts: Mapping[str, str | bytes]) -> bytes:
    """The same archive with parts put in or replaced."""
    answer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(answer, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            if name not in parts:
                after.writestr(name, before.read(name))
        for name, part in parts.items():
            after.writestr(name, part)
    return answer.getvalue()


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def bomb(unpacked_bytes: int) -> bytes:
    """A small archive whose one sheet unpacks to so many bytes."""
    answer = io.BytesIO()
    with zipfile.ZipFile(answer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as stream:
            block = b" " * (1024 * 1024)
            for _ in range(unpacked_bytes // len(block)):
                stream.write(block)
    return answer.getvalue()


def xls(
    cells: Mapping[tuple[int, int], str | float], extra: bytes = b"", *, sheet_kind: int = 0
) -> bytes:
    """An old workbook (BIFF8 in an OLE2 file) with one sheet 名册; rows and columns from 0."""
    name = "名册"
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for (row, column), value in sorted(cells.items()):
        head = struct.pack("<HHH", row, column, 0)
        if isinstance(value, str):
            body = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
            sheet += _record(0x0204, head + body)
        else:
            sheet += _record(0x0203, head + struct.pack("<d", value))
    sheet += extra + _record(0x000A, b"")
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    begin += _record(0x0042, struct.pack("<H", 1200))
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    length = len(begin) + 4 + 6 + len(title) + 4
    stream = begin + _record(0x0085, struct.pack("<IBB", length, 0, sheet_kind) + title)
    stream += _record(0x000A, b"") + sheet
    return compound({"Workbook": stream})


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE2 file with these streams; each is padded beyond the limit of the small ones."""
    padded = {
        name: content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
        for name, content in streams.items()
    }
    sectors = [b"", b""]  # the table and the directory come first
    table = [0xFFFFFFFD, 0xFFFFFFFE]
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for number, (name, content) in enumerate(padded.items(), start=1):
        first = len(table)
        count = len(content) // 512
        table.extend([first + step + 1 for step in range(count - 1)] + [0xFFFFFFFE])
        sectors.extend(content[start : start + 512] for start in range(0, len(content), 512))
        right = number + 1 if number < len(padded) else 0xFFFFFFFF
        entries.append(_entry(name, 2, first, len(content), right=right))
    assert len(table) <= 128 and len(entries) <= 4
    sectors[0] = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    sectors[1] = b"".join(entries).ljust(512, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + b"".join(sectors)


def _entry(
    name: str,
    kind: int,
    first: int,
    size: int,
    *,
    child: int = 0xFFFFFFFF,
    right: int = 0xFFFFFFFF,
) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, right, child)
        + b"\0" * 36
        + struct.pack("<IQ", first, size)
    )


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body
