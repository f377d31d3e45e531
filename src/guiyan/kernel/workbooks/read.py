"""A workbook as sheets of rows of plain values; formulas are read as the text they show."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import Final, Literal, Protocol
from zipfile import BadZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from guiyan.kernel.workbooks import refusals
from guiyan.kernel.workbooks.guard import Format, Inspection, Source, inspect, opened
from guiyan.kernel.workbooks.refusals import WorkbookRefused
from guiyan.kernel.workbooks.shown import Shown, has_fixed_formats, workbook_shown

Cell = str | int | float | bool | date | datetime | None
Delimiter = Literal[",", ";", "\t"]

_DELIMITERS: Final[tuple[Delimiter, ...]] = (",", "\t", ";")
_MAX_WHOLE: Final = 10**18  # beyond, a float shows an exponent in Excel too
_EXCEL_TEXT: Final = re.compile(r'="(.*)"\Z', re.DOTALL)
_TABBED_NUMBER: Final = re.compile(r"\t+([0-9Xx][0-9Xx \-]*)\Z")
_GUARDED: Final = re.compile(r"'('*[=+\-@\t\r＝＋－＠])")
_QUOTED: Final = re.compile(r'"[^"]*"')
_FIELD_LIMIT: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the number that the sheet itself shows for it (1-based)."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged rectangle: rows 1-based, columns 0-based, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Sheet(Protocol):
    """One sheet; ``rows`` may be walked again and again and starts at row 1."""

    @property
    def name(self) -> str: ...
    @property
    def is_visible(self) -> bool: ...
    @property
    def width(self) -> int: ...
    @property
    def merged(self) -> tuple[Merged, ...]: ...
    def rows(self) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class Workbook:
    """An opened workbook; for text also its encoding and delimiter, to answer in the same."""

    name: str
    format: Format
    sheets: tuple[Sheet, ...]
    unpacked_bytes: int
    encoding: str | None = None
    delimiter: Delimiter | None = None


def open_workbook(source: Source, *, name: str) -> Workbook:
    """Any workbook that passes the guard reads as plain cells; nothing in it is ever run.

    source: the bytes or a path; name: the file name under which it was sent.
    Raises WorkbookRefused.
    """
    inspection = inspect(source, name=name)
    if inspection.format == "csv":
        return _open_text(source, name, inspection)
    try:
        return _open_excel(source, name, inspection)
    except PasswordError as error:
        raise refusals.encrypted() from error
    except (CalamineError, BadZipFile, OSError, ValueError, LookupError, SyntaxError) as error:
        raise refusals.broken() from error
    except BaseException as error:
        # The reader is written in Rust; where it panics over a broken file, Python gets an
        # exception that is no Exception and can't be imported.
        if type(error).__name__ == "PanicException":
            raise refusals.broken() from error
        raise


class _ExcelSheet:
    def __init__(self, sheet: CalamineSheet, *, is_visible: bool, shown: Shown) -> None:
        self._sheet = sheet
        self._shown = shown
        self._start_column = sheet.start[1] if sheet.start else 0
        self.name = sheet.name
        self.is_visible = is_visible
        shown_width = max((column + 1 for _, column in shown), default=0)
        self.width = max(sheet.end[1] + 1 if sheet.end else 0, shown_width)
        self.merged = tuple(
            Merged(top + 1, left, bottom + 1, right)
            for (top, left), (bottom, right) in sorted(sheet.merged_cell_ranges or ())
        )

    def rows(self) -> Iterator[Row]:
        shown_rows: dict[int, dict[int, str]] = {}
        for (row, column), text in self._shown.items():
            shown_rows.setdefault(row, {})[column] = text
        lead: tuple[Cell, ...] = (None,) * self._start_column
        number = 0
        for values in self._sheet.iter_rows():
            number += 1
            cells = lead + tuple(map(_plain, values))
            yield Row(number, _overlaid(cells, shown_rows.pop(number, None)))
        for later in range(number + 1, max(shown_rows, default=0) + 1):
            yield Row(later, _overlaid((None,) * self.width, shown_rows.get(later)))


def _overlaid(cells: tuple[Cell, ...], shown: dict[int, str] | None) -> tuple[Cell, ...]:
    if not shown:
        return cells
    mended = list(cells) + [None] * (max(shown) + 1 - len(cells))
    for column, text in shown.items():
        mended[column] = text
    return tuple(mended)


def _plain(value: str | float | bool | date | time | timedelta) -> Cell:
    if isinstance(value, str):
        return value or None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _MAX_WHOLE else value
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return value


def _open_excel(source: Source, name: str, inspection: Inspection) -> Workbook:
    shown: dict[str, Shown] = {}
    with opened(source) as stream:
        if inspection.format == "xlsx":
            matters = inspection.has_formula_without_result or has_fixed_formats(stream)
            stream.seek(0)
            if matters:
                shown = workbook_shown(stream)
                stream.seek(0)
        book = CalamineWorkbook.from_filelike(stream)
        sheets: list[Sheet] = []
        for index, meta in enumerate(book.sheets_metadata):
            if meta.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba):
                raise refusals.macros()
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            sheets.append(
                _ExcelSheet(
                    book.get_sheet_by_index(index),
                    is_visible=meta.visible == SheetVisibleEnum.Visible,
                    shown=shown.get(meta.name, {}),
                )
            )
    return Workbook(name, inspection.format, tuple(sheets), inspection.unpacked_bytes)


class _TextSheet:
    def __init__(self, name: str, text: str, delimiter: Delimiter) -> None:
        self._text = text
        self._delimiter = delimiter
        self.name = name
        self.is_visible = True
        self.merged: tuple[Merged, ...] = ()
        self.width = 0
        for number, cells in enumerate(raw_lines(text, delimiter), start=1):
            self.width = max(self.width, len(cells))
            if self.width > refusals.MAX_COLUMNS:
                raise refusals.too_many_columns()
            if number > refusals.MAX_ROWS:
                raise refusals.too_many_rows()

    def rows(self) -> Iterator[Row]:
        for number, cells in enumerate(raw_lines(self._text, self._delimiter), start=1):
            yield Row(number, tuple(unwrap(cell) or None for cell in cells))


def _open_text(source: Source, name: str, inspection: Inspection) -> Workbook:
    encoding = inspection.encoding or "utf-8"
    with opened(source) as stream:
        text = stream.read().decode(encoding)
    delimiter = sniff_delimiter(text)
    sheet = _TextSheet(PurePath(name).stem, text, delimiter)
    return Workbook(
        name, "csv", (sheet,), inspection.unpacked_bytes, encoding=encoding, delimiter=delimiter
    )


def raw_lines(text: str, delimiter: Delimiter) -> Iterator[list[str]]:
    """The fields of each record exactly as written, protections included."""
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise refusals.broken() from error


def sniff_delimiter(text: str) -> Delimiter:
    """The delimiter splits most of the first lines alike, and into the most parts.

    A TAB put before a long number to keep it as text is thus not taken for one.
    """
    head = _QUOTED.sub("", text[: 64 * 1024]).splitlines()[:50]

    def columns(delimiter: Delimiter) -> tuple[bool, int]:
        counts = [line.count(delimiter) for line in head if line.strip()]
        usual = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
        return (counts.count(usual) * 2 > len(counts), usual)

    return max(_DELIMITERS, key=columns)


def unwrap(cell: str) -> str:
    """Dress put on so that Excel leaves a text alone is taken off: ="127…", TAB, or one '."""
    if cell[:1] not in ("=", "\t", "'"):  # a cell without dress, which nearly all are
        return cell
    if match := _EXCEL_TEXT.match(cell):
        return match[1].replace('""', '"')
    if match := _TABBED_NUMBER.match(cell):
        return match[1]
    if _GUARDED.match(cell):
        return cell[1:]
    return cell


def refuse_when_empty(workbook: Workbook) -> None:
    """A workbook without one filled cell has nothing to import."""
    for sheet in workbook.sheets:
        for row in sheet.rows():
            if any(cell is not None for cell in row.cells):
                return
    raise WorkbookRefused("empty", "工作簿里没有内容。请检查是否选错了文件。")
