"""A workbook of one kind as lines: opened, its table found, each record read by the rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from guiyan.insight.importing.cells import CellFinding, RecordReader
from guiyan.insight.importing.lines import Importer, Line
from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.workbooks.guard import Source
from guiyan.kernel.workbooks.kinds import Kind
from guiyan.kernel.workbooks.layout import Layout, find_layout
from guiyan.kernel.workbooks.problems import RowProblem
from guiyan.kernel.workbooks.read import Workbook, open_workbook
from guiyan.kernel.workbooks.records import SheetRecord, records

R = TypeVar("R")

# Rows that say nothing are skipped in silence; one that its writer marked as doubled is counted so.
_MARKED_DUPLICATE: Final = Finding("marked-duplicate", _("这一行标明是重复的，没有导入。"))


@dataclass(frozen=True, slots=True)
class Table:
    """An opened workbook with its table found, under the mapping in force."""

    workbook: Workbook
    layout: Layout
    kind: Kind


def open_table(
    source: Source, *, name: str, kind: Kind, mapping: Mapping[str, int] | None = None
) -> Table:
    """Raises WorkbookRefused for a file that is not opened, ValueError for an impossible mapping."""
    workbook = open_workbook(source, name=name)
    layout = find_layout(workbook, kind)
    if mapping is not None:
        layout = layout.with_mapping(mapping, kind)
    return Table(workbook, layout, kind)


def read_lines(table: Table, importer: Importer[R], today: date) -> list[Line[R]]:
    """Every row below the header: new until judged, wrong, or skipped for a reason."""
    return [
        _line(record, importer, today)
        for record in records(table.workbook, table.layout, table.kind)
        if record.skipped != "blank"
    ]


def samples_of(table: Table, how_many: int = 3) -> dict[int, list[str]]:
    """A few values below each header, for the person who maps the columns."""
    sheet = next(each for each in table.workbook.sheets if each.name == table.layout.sheet)
    found: dict[int, list[str]] = {index: [] for index in table.layout.labels}
    for row in sheet.rows():
        if row.number < table.layout.first_row:
            continue
        for index, values in found.items():
            cell = row.cells[index] if index < len(row.cells) else None
            if cell is not None and len(values) < how_many:
                values.append(str(cell)[:40])
        if all(len(values) >= how_many for values in found.values()):
            break
        if row.number > table.layout.first_row + 200:
            break
    return found


def problems_of(lines: Sequence[Line[R]], layout: Layout) -> Iterator[RowProblem]:
    """What was found, at its place in the sheet."""
    for line in lines:
        for finding in line.findings:
            yield _problem(line.number, finding, layout)


def _problem(number: int, finding: CellFinding, layout: Layout) -> RowProblem:
    column = layout.mapping.get(finding.key)
    return RowProblem(number, column, finding.code, finding.message, finding.severity)


def _line(record: SheetRecord, importer: Importer[R], today: date) -> Line[R]:
    if record.skipped == _MARKED_DUPLICATE.code:
        line: Line[R] = Line(record.row_number, None, [], "duplicate")
        line.note("", _MARKED_DUPLICATE)
        return line
    if record.skipped is not None:
        return Line(record.row_number, None, [], "skipped")
    reader = RecordReader(record.values, today)
    row = importer.read(reader)
    return Line(record.row_number, row, reader.findings, "wrong" if row is None else "new")
