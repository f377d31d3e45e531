"""A marked copy with the same values, where the sender's own file can't be edited.

For the old xls format, and for workbooks so large that editing them would fill the memory.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter

from guiyan.kernel.workbooks.headers import RESULT_HEADER
from guiyan.kernel.workbooks.layout import Layout
from guiyan.kernel.workbooks.problems import RowProblem, colour
from guiyan.kernel.workbooks.read import Cell, Row, Sheet, Workbook

_MERGES_UP_TO_ROWS: Final = 65_536  # the old format's own limit

Problems = Mapping[int, list[RowProblem]]


def marked_copy(
    workbook: Workbook,
    layout: Layout,
    by_row: Problems,
    sentences: Mapping[int, str],
    column: int,
) -> bytes:
    """The same sheets and values as an xlsx, texts typed as text, marked row by row.

    Merged areas are kept for an xls. A large xlsx is streamed in constant memory without them;
    a blank cell under a merged one still carries down when it is read again.
    """
    answer = io.BytesIO()
    keeps_merged = workbook.format == "xls"
    options = {
        "constant_memory": not keeps_merged,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(answer, options) as book:
        looks = _Looks(book)
        for sheet in workbook.sheets:
            copy = book.add_worksheet(sheet.name)
            if keeps_merged:
                _merge(copy, sheet)
            is_marked = sheet.name == layout.sheet
            if is_marked:
                copy.set_column(column, column, 48)
            for row in sheet.rows():
                _copy_row(copy, row, by_row if is_marked else {}, column, looks)
                if is_marked and row.number == layout.header_rows[0]:
                    copy.write_string(row.number - 1, column, RESULT_HEADER, looks.look())
                elif is_marked and row.number in sentences:
                    look = looks.look(colour(by_row[row.number]))
                    copy.write_string(row.number - 1, column, sentences[row.number], look)
    return answer.getvalue()


class _Looks:
    """One format for each colour with and without a date; xlsxwriter ships no types."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}

    def look(self, shade: str = "", number_format: str = "") -> Any:
        key = (shade, number_format)
        if key not in self._made:
            properties = {"bg_color": f"#{shade}"} if shade else {}
            if number_format:
                properties["num_format"] = number_format
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def _merge(copy: Any, sheet: Sheet) -> None:
    for area in sheet.merged:
        if area.last_row <= _MERGES_UP_TO_ROWS:
            copy.merge_range(
                area.first_row - 1, area.first_column, area.last_row - 1, area.last_column, ""
            )


def _copy_row(copy: Any, row: Row, by_row: Problems, result: int, looks: _Looks) -> None:
    wrong: dict[int, list[RowProblem]] = {}
    for problem in by_row.get(row.number, ()):
        if problem.column is not None:
            wrong.setdefault(problem.column, []).append(problem)
    for index, value in enumerate(row.cells):
        if index != result:
            shade = colour(wrong[index]) if index in wrong else ""
            _copy_cell(copy, row.number - 1, index, value, shade, looks)
    for index, problems in wrong.items():
        if index >= len(row.cells):
            copy.write_blank(row.number - 1, index, None, looks.look(colour(problems)))
        said = "\n".join(dict.fromkeys(problem.message for problem in problems))
        copy.write_comment(row.number - 1, index, said)


def _copy_cell(copy: Any, row: int, column: int, value: Cell, shade: str, looks: _Looks) -> None:
    if value is None:
        if shade:
            copy.write_blank(row, column, None, looks.look(shade))
    elif isinstance(value, str):
        copy.write_string(row, column, value, looks.look(shade))
    elif isinstance(value, bool):
        copy.write_boolean(row, column, value, looks.look(shade))
    elif isinstance(value, datetime):
        copy.write_datetime(row, column, value, looks.look(shade, "yyyy-mm-dd hh:mm:ss"))
    elif isinstance(value, date):
        copy.write_datetime(row, column, value, looks.look(shade, "yyyy-mm-dd"))
    else:
        copy.write_number(row, column, value, looks.look(shade))
