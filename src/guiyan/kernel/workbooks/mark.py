"""The sender's own workbook handed back with its errors marked in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Literal

import openpyxl
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from guiyan.kernel.workbooks import headers
from guiyan.kernel.workbooks.guard import Source, inspect, opened
from guiyan.kernel.workbooks.headers import RESULT_HEADER
from guiyan.kernel.workbooks.layout import Layout
from guiyan.kernel.workbooks.parts import column_letters
from guiyan.kernel.workbooks.read import Cell, Workbook, open_workbook, raw_lines, sniff_delimiter
from guiyan.kernel.workbooks.written import guarded

Severity = Literal["error", "warning", "note"]

_SUFFIX_TEXT: Final = "（导入结果）"
_AUTHOR: Final = "导入检查"
_COLOURS: Final[dict[Severity, str]] = {"error": "FFC7CE", "warning": "FFEB9C", "note": "DDEBF7"}
_GRAVITY: Final[dict[Severity, int]] = {"error": 2, "warning": 1, "note": 0}
# Above this the editing library would need gigabytes; the values alone are handed back then.
_EDITABLE_BYTES: Final = 60 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong where: the sheet's own row number, the column from 0 (None: the whole row)."""

    row: int
    column: int | None
    code: str
    message: str
    severity: Severity = "error"


def mark(
    source: Source, *, name: str, layout: Layout, problems: Iterable[RowProblem]
) -> tuple[bytes, str]:
    """Each wrong cell is coloured and noted, each wrong row says in the last column what to do.

    An xlsx keeps its look, links and formulas; an xls comes back as xlsx with the same values
    (the old format can't be edited without loss); a csv keeps its encoding and delimiter.
    Marking a workbook that was marked before uses the same column again.
    Returns the bytes and a file name. Raises WorkbookRefused as reading does.
    """
    by_row: dict[int, list[RowProblem]] = {}
    for problem in problems:
        by_row.setdefault(problem.row, []).append(problem)
    stem = PurePath(name).stem.removesuffix(_SUFFIX_TEXT) + _SUFFIX_TEXT
    inspection = inspect(source, name=name)
    if inspection.format == "csv":
        content = _marked_text(source, inspection.encoding or "utf-8", layout, by_row)
        return content, stem + PurePath(name).suffix
    read = open_workbook(source, name=name)
    editable = inspection.format == "xlsx" and inspection.unpacked_bytes <= _EDITABLE_BYTES
    book = (_edited(source) if editable else None) or _copied(read)
    column = _result_column(read, layout)
    _mark_sheet(book[layout.sheet], layout, by_row, column)
    answer = io.BytesIO()
    book.save(answer)
    return answer.getvalue(), stem + ".xlsx"


def sentence(problems: Sequence[RowProblem], layout: Layout) -> str:
    """All problems of a row in one sentence, the gravest first, each with its column's name."""
    ordered = sorted(problems, key=lambda problem: -_GRAVITY[problem.severity])
    parts = []
    for problem in ordered:
        label = "" if problem.column is None else layout.label(problem.column)
        parts.append(f"{label}：{problem.message}" if label else problem.message)
    return "；".join(dict.fromkeys(parts))


def _edited(source: Source) -> openpyxl.Workbook | None:
    """The workbook itself; None when the editing library stumbles over its styles, as it can."""
    with opened(source) as stream:
        try:
            return openpyxl.load_workbook(stream)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError):
            return None


def _result_column(workbook: Workbook, layout: Layout) -> int:
    for index, label in layout.labels.items():
        if headers.plain(label[-1]) == RESULT_HEADER:
            return index
    sheet = next(each for each in workbook.sheets if each.name == layout.sheet)
    return sheet.width


def _mark_sheet(
    sheet: Worksheet, layout: Layout, by_row: Mapping[int, list[RowProblem]], column: int
) -> None:
    title = sheet.cell(layout.header_rows[0], column + 1)
    _write_text(title, RESULT_HEADER)
    title.font = Font(bold=True)
    sheet.column_dimensions[column_letters(column + 1)].width = 48
    for number in range(layout.first_row, layout.last_row + 1):
        result = sheet.cell(number, column + 1)
        found = by_row.get(number)
        if found is None:
            if result.value is not None:  # from an earlier round, mended since
                result.value = None
            continue
        _write_text(result, sentence(found, layout))
        result.alignment = Alignment(wrap_text=True, vertical="top")
        result.fill = _fill(found)
        for place in {problem.column for problem in found} - {None}:
            here = [problem for problem in found if problem.column == place]
            _mark_cell(sheet, number, int(place or 0), here)


def _mark_cell(sheet: Worksheet, row: int, column: int, problems: list[RowProblem]) -> None:
    cell = sheet.cell(row, column + 1)
    if isinstance(cell, MergedCell):
        cell = _anchor(sheet, row, column + 1)
    cell.fill = _fill(problems)
    said = "\n".join(dict.fromkeys(problem.message for problem in problems))
    before = cell.comment.text if cell.comment and cell.comment.author != _AUTHOR else ""
    cell.comment = Comment(f"{before}\n{said}" if before else said, _AUTHOR, 120, 280)


def _anchor(sheet: Worksheet, row: int, column: int) -> SheetCell:
    """The cell that shows a merged area's value."""
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            found = sheet.cell(area.min_row, area.min_col)
            if isinstance(found, SheetCell):
                return found
    raise LookupError((row, column))


def _fill(problems: Sequence[RowProblem]) -> PatternFill:
    gravest = max(problems, key=lambda problem: _GRAVITY[problem.severity]).severity
    return PatternFill("solid", start_color=_COLOURS[gravest], end_color=_COLOURS[gravest])


def _write_text(cell: SheetCell | MergedCell, text: str) -> None:
    """A message may quote a cell that begins with =; it is text all the same."""
    if isinstance(cell, MergedCell):
        raise LookupError(cell.coordinate)
    cell.value = text
    cell.data_type = "s"


def _copied(workbook: Workbook) -> openpyxl.Workbook:
    """The same sheets, values and merged areas in a new xlsx, every text typed as text."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in workbook.sheets:
        copy = book.create_sheet(sheet.name)
        for row in sheet.rows():
            for index, value in enumerate(row.cells, start=1):
                _copy_cell(copy, row.number, index, value)
        for area in sheet.merged:
            copy.merge_cells(
                start_row=area.first_row,
                end_row=area.last_row,
                start_column=area.first_column + 1,
                end_column=area.last_column + 1,
            )
    return book


def _copy_cell(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    if value is None:
        return
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        _write_text(cell, value)
    elif not isinstance(cell, MergedCell):
        cell.value = value


def _marked_text(
    source: Source, encoding: str, layout: Layout, by_row: Mapping[int, list[RowProblem]]
) -> bytes:
    with opened(source) as stream:
        text = stream.read().decode(encoding)
    delimiter = sniff_delimiter(text)
    lines = list(raw_lines(text, delimiter))
    column = next(
        (
            index
            for index, label in layout.labels.items()
            if headers.plain(label[-1]) == RESULT_HEADER
        ),
        max(map(len, lines), default=0),
    )
    answer = io.StringIO(newline="")
    writer = csv.writer(
        answer, delimiter=delimiter, lineterminator="\r\n" if "\r\n" in text else "\n"
    )
    for number, cells in enumerate(lines, start=1):
        result = None
        if number == layout.header_rows[0]:
            result = RESULT_HEADER
        elif number in by_row:
            result = guarded(sentence(by_row[number], layout))
        elif len(cells) > column and number >= layout.first_row:
            result = ""
        if result is not None:
            cells = [*cells, *[""] * (column + 1 - len(cells))]
            cells[column] = result
        writer.writerow(cells)
    return answer.getvalue().encode(encoding)
