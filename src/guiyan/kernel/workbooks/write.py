"""Registers out: complete at any size, in constant memory, long numbers as text."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, Literal

import xlsxwriter

from guiyan.kernel.workbooks.read import Cell
from guiyan.kernel.workbooks.written import as_text, guarded_for_excel

ROWS_A_SHEET: Final = 1_000_000
_PROGRESS_EVERY: Final = 1_000
_NOT_IN_SHEET_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_SHEET_NAME: Final = 31
_WATERMARK_LIMIT: Final = 120  # a page header holds 255, and each & is doubled

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export; width in characters; the kind says how it is aligned.

    A whole number in a column of numbers can be summed; everything else is text.
    """

    title: str
    width: int = 12
    kind: Literal["text", "centred", "wrapped", "number"] = "text"


def write_register(
    path: str | Path,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    header_note: str = "",
    watermark: str = "",
    progress: Progress | None = None,
    rows_a_sheet: int = ROWS_A_SHEET,
) -> int:
    """Every row is written, on further sheets when one is full; every cell is typed as text.

    header_note stands under the title (who exported what, when, for which reason); watermark is
    printed on every page. progress is told the rows written so far. Returns the number of rows.
    """
    written = 0
    waiting = iter(rows)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        looks = _looks(book)
        for number in _sheets():
            first = next(waiting, None)
            if first is None and number > 1:
                break
            sheet = book.add_worksheet(_sheet_name(title, number))
            start = _head(sheet, title, columns, header_note, watermark, looks)
            if first is None:
                break
            page = chain([first], islice(waiting, rows_a_sheet - 1))
            for line, row in enumerate(page, start=start):
                _write_row(sheet, line, row, columns, looks)
                written += 1
                if progress and written % _PROGRESS_EVERY == 0:
                    progress(written)
    if progress:
        progress(written)
    return written


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of several registers of a workbook."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def write_sheets(
    path: str | Path, sheets: Sequence[Sheet], *, header_note: str = "", watermark: str = ""
) -> None:
    """A report: several short registers, one a sheet, looking like any other."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        looks = _looks(book)
        for one in sheets:
            sheet = book.add_worksheet(_sheet_name(one.title, 1))
            start = _head(sheet, one.title, one.columns, header_note, watermark, looks)
            for line, row in enumerate(one.rows, start=start):
                _write_row(sheet, line, row, one.columns, looks)


def write_csv(
    path: str | Path,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    progress: Progress | None = None,
) -> int:
    """The same register as text in UTF-8 with its mark, safe to open in Excel. Returns the rows."""
    written = 0
    with open(path, "w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([guarded_for_excel(column.title) for column in columns])
        for row in rows:
            writer.writerow([guarded_for_excel(as_text(value)) for value in row])
            written += 1
            if progress and written % _PROGRESS_EVERY == 0:
                progress(written)
    if progress:
        progress(written)
    return written


def _sheets() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


# xlsxwriter ships no types; its sheets and formats are opaque here.
def _looks(book: Any) -> dict[str, Any]:
    text = {"num_format": "@", "valign": "top"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "note": book.add_format({"font_color": "#595959"}),
        "head": book.add_format(
            {"bold": True, "bg_color": "#F2F2F2", "bottom": 1, "text_wrap": True, "num_format": "@"}
        ),
        "text": book.add_format(text),
        "centred": book.add_format({**text, "align": "center"}),
        "wrapped": book.add_format({**text, "text_wrap": True}),
        "number": book.add_format({"num_format": "0", "valign": "top", "align": "right"}),
    }


def _head(
    sheet: Any,
    title: str,
    columns: Sequence[Column],
    header_note: str,
    watermark: str,
    looks: dict[str, Any],
) -> int:
    """Title, note and column titles; returns the row where the register begins."""
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, looks[column.kind])
    sheet.write_string(0, 0, title, looks["title"])
    line = 1
    if header_note:
        sheet.write_string(line, 0, header_note, looks["note"])
        line += 1
    for index, column in enumerate(columns):
        sheet.write_string(line, index, column.title, looks["head"])
    sheet.freeze_panes(line + 1, 0)
    sheet.repeat_rows(line)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if watermark:
        sheet.set_header("&C" + watermark[:_WATERMARK_LIMIT].replace("&", "&&"))
    sheet.set_footer("&C&P / &N")
    return line + 1


def _write_row(
    sheet: Any, line: int, row: Sequence[Cell], columns: Sequence[Column], looks: dict[str, Any]
) -> None:
    for index, value in enumerate(row):
        kind = columns[index].kind
        if kind == "number" and isinstance(value, int):
            sheet.write_number(line, index, value, looks[kind])
        elif text := as_text(value):
            sheet.write_string(line, index, text, looks[kind])


def _sheet_name(title: str, number: int) -> str:
    plain = _NOT_IN_SHEET_NAMES.sub(" ", title).strip("' ") or "名册"
    ending = f"（{number}）" if number > 1 else ""
    return plain[: _SHEET_NAME - len(ending)].strip("' ") + ending
