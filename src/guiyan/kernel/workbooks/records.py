"""The rows of a found table as records; what is no record is named, not lost."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from guiyan.kernel.workbooks import headers
from guiyan.kernel.workbooks.kinds import SERIAL, Kind
from guiyan.kernel.workbooks.layout import Layout
from guiyan.kernel.workbooks.read import Cell, Merged, Row, Sheet, Workbook

Skipped = Literal["blank", "subtotal", "note", "marked-duplicate", "repeated-header"]

_TOTAL: Final = re.compile(r".{0,16}(小计|合计|总计|共计|累计)[:]?[0-9]*(户|人|家|个)?\Z")
_DUPLICATE: Final = re.compile(r"\(?(重复|重复行|与上重复|同上重复)\)?\Z")
_NOTE: Final = re.compile(
    r"(备注|附注|注|说明|填表|填报|制表|审核|统计|单位负责人|负责人|联系人|经办人|盖章)"
    r"[^:]{0,8}[:]"
)
_NOTE_CELLS: Final = 4


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """One row of the sheet: the wanted cells by key, or why it is no record."""

    row_number: int
    values: Mapping[str, Cell]
    skipped: Skipped | None = None


def records(workbook: Workbook, layout: Layout, kind: Kind) -> Iterator[SheetRecord]:
    """Every row below the header is a record, or is skipped for a reason that is named.

    One pass, one row in memory. A column that carries down speaks for the rows merged with it
    and for blank cells below it, until a sub-total ends the group.
    """
    sheet = next(each for each in workbook.sheets if each.name == layout.sheet)
    carry = _Carry(sheet, layout, kind)
    header = {index: headers.plain(label[-1]) for index, label in layout.labels.items()}
    for row in sheet.rows():
        if row.number < layout.first_row:
            continue
        if row.number > layout.last_row:
            return
        values = {key: _cell(row, index) for key, index in layout.mapping.items()}
        reason = _reason(row, values, header)
        if reason is None:
            carry.fill(row.number, values)
        elif reason == "subtotal":
            carry.forget()
        yield SheetRecord(row.number, values, reason)


class _Carry:
    """Values that hold for the rows below the one they are written in."""

    def __init__(self, sheet: Sheet, layout: Layout, kind: Kind) -> None:
        self._columns = [
            (column.key, layout.mapping[column.key])
            for column in kind.columns
            if column.carry_down and column.key in layout.mapping
        ]
        self._areas = {
            key: sorted(
                (area for area in sheet.merged if area.first_column <= index <= area.last_column),
                key=lambda area: area.first_row,
            )
            for key, index in self._columns
        }
        self._last: dict[str, Cell] = {}
        self._merged: dict[str, tuple[Merged, Cell]] = {}

    def fill(self, number: int, values: dict[str, Cell]) -> None:
        for key, _ in self._columns:
            area = _area_of(self._areas[key], number)
            if values[key] is not None:
                self._last[key] = values[key]
                if area is not None:
                    self._merged[key] = (area, values[key])
                continue
            within = self._merged.get(key)
            if area is not None and within is not None and within[0] == area:
                values[key] = within[1]
            else:
                values[key] = self._last.get(key)

    def forget(self) -> None:
        self._last.clear()


def _area_of(areas: list[Merged], number: int) -> Merged | None:
    position = bisect_right(areas, number, key=lambda area: area.first_row) - 1
    if position >= 0 and areas[position].last_row >= number:
        return areas[position]
    return None


def _cell(row: Row, index: int) -> Cell:
    cell = row.cells[index] if index < len(row.cells) else None
    return None if isinstance(cell, str) and not cell.strip() else cell


def _reason(row: Row, values: dict[str, Cell], header: dict[int, str]) -> Skipped | None:
    filled = [
        (index, cell) for index in range(len(row.cells)) if (cell := _cell(row, index)) is not None
    ]
    texts = [(index, cell) for index, cell in filled if isinstance(cell, str)]
    if len(texts) <= 2 and any(_TOTAL.match(headers.plain(text)) for _, text in texts):
        return "subtotal"
    if any("重" in text and _DUPLICATE.match(headers.plain(text)) for _, text in texts):
        return "marked-duplicate"
    if _is_note(filled):
        return "note"
    if all(cell is None for key, cell in values.items() if key != SERIAL):
        return "blank"
    if len(texts) > 1 and all(header.get(index) == headers.plain(text) for index, text in texts):
        return "repeated-header"
    return None


def _is_note(filled: Sequence[tuple[int, Cell]]) -> bool:
    if not filled or len(filled) > _NOTE_CELLS:
        return False
    first = filled[0][1]
    if not isinstance(first, str):
        return False
    return bool(_NOTE.match(_without_space(first)))


def _without_space(text: str) -> str:
    """A note's text with its width and spaces evened, its colons kept."""
    return "".join(text.replace("：", ":").split())
