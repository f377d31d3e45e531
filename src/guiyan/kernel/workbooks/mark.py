"""The sender's own workbook handed back with its errors marked in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Final

import openpyxl
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from guiyan.kernel.workbooks import headers
from guiyan.kernel.workbooks.guard import Source, opened
from guiyan.kernel.workbooks.headers import RESULT_HEADER
from guiyan.kernel.workbooks.layout import Layout
from guiyan.kernel.workbooks.marked_copy import marked_copy
from guiyan.kernel.workbooks.parts import column_letters
from guiyan.kernel.workbooks.problems import RowProblem, colour, sentence
from guiyan.kernel.workbooks.read import Workbook, open_workbook, raw_lines, sniff_delimiter
from guiyan.kernel.workbooks.written import guarded

_SUFFIX_TEXT: Final = "（导入结果）"
_AUTHOR: Final = "导入检查"
# Above this the editing library would need half a gigabyte; the values alone are handed back.
_EDITABLE_BYTES: Final = 30 * 1024 * 1024


def mark(
    source: Source, *, name: str, layout: Layout, problems: Iterable[RowProblem]
) -> tuple[bytes, str]:
    """Each wrong cell is coloured and noted, each wrong row says in the last column what to do.

    An xlsx keeps its look, links and formulas (a very large one only its values); an xls comes
    back as xlsx with the same values; a csv keeps its encoding and delimiter.
    Marking a workbook that was marked before uses the same column again.
    Returns the bytes and a file name. Raises WorkbookRefused as reading does.
    """
    by_row: dict[int, list[RowProblem]] = {}
    for problem in problems:
        by_row.setdefault(problem.row, []).append(problem)
    stem = PurePath(name).stem.removesuffix(_SUFFIX_TEXT) + _SUFFIX_TEXT
    read = open_workbook(source, name=name)
    if read.format == "csv":
        content = _marked_text(source, read.encoding or "utf-8", layout, by_row)
        return content, stem + PurePath(name).suffix
    column = _result_column(read, layout)
    editable = read.format == "xlsx" and read.unpacked_bytes <= _EDITABLE_BYTES
    book = _edited(source) if editable else None
    if book is None:
        sentences = {row: sentence(found, layout) for row, found in by_row.items()}
        return marked_copy(read, layout, by_row, sentences, column), stem + ".xlsx"
    _mark_sheet(book[layout.sheet], layout, by_row, column)
    answer = io.BytesIO()
    book.save(answer)
    return answer.getvalue(), stem + ".xlsx"


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
    shade = colour(problems)
    return PatternFill("solid", start_color=shade, end_color=shade)


def _write_text(cell: SheetCell | MergedCell, text: str) -> None:
    """A message may quote a cell that begins with =; it is text all the same."""
    if isinstance(cell, MergedCell):
        raise LookupError(cell.coordinate)
    cell.value = text
    cell.data_type = "s"


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
