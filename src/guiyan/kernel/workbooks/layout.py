"""Finding the table in a messy workbook: its sheet, its header, its columns and its last row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from guiyan.kernel.workbooks import headers
from guiyan.kernel.workbooks.headers import Labels
from guiyan.kernel.workbooks.kinds import Kind
from guiyan.kernel.workbooks.read import Row, Sheet, Workbook, refuse_when_empty

_HEADER_WITHIN: Final = 40  # rows from the top in which a header is looked for
_REQUIRED_WORTH: Final = 2.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table stands. Rows are numbered as the sheet shows them; columns from 0."""

    sheet: str
    header_rows: tuple[int, ...]
    first_row: int
    last_row: int  # the last row with anything in it; notes below the table included
    labels: Mapping[int, tuple[str, ...]]
    mapping: Mapping[str, int]
    missing: tuple[str, ...]  # required columns that nothing was found for
    confidence: float  # 0 to 1; below 1 a person should look at the mapping

    @property
    def fingerprint(self) -> str:
        """The same for every workbook with this header, so that a correction can be remembered."""
        text = headers.fingerprint_text(self.labels)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def unmapped(self) -> tuple[int, ...]:
        """Columns with a header that nobody wants."""
        used = set(self.mapping.values())
        return tuple(
            index
            for index, label in sorted(self.labels.items())
            if index not in used and headers.plain(label[-1]) != headers.RESULT_HEADER
        )

    def label(self, column: int) -> str:
        """A column's header as a person reads it, group before title."""
        return " / ".join(" ".join(part.split()) for part in self.labels.get(column, ()))

    def with_mapping(self, mapping: Mapping[str, int], kind: Kind) -> Layout:
        """The same table under a mapping that a person gave or that was remembered.

        Raises ValueError when a key is not of the kind, a column is not in the header,
        or a column is given twice.
        """
        keys = {column.key for column in kind.columns}
        if not set(mapping) <= keys:
            raise ValueError(f"unknown columns: {sorted(set(mapping) - keys)}")
        if not set(mapping.values()) <= set(self.labels):
            raise ValueError("a column outside the header")
        if len(set(mapping.values())) != len(mapping):
            raise ValueError("a column given twice")
        missing = tuple(key for key in kind.required if key not in mapping)
        return replace(self, mapping=dict(mapping), missing=missing, confidence=1.0)


@dataclass(frozen=True, slots=True)
class _Candidate:
    sheet: Sheet
    rows: tuple[Row, ...]
    labels: Labels
    mapping: dict[str, int]
    worth: float
    likeness: float


def find_layout(workbook: Workbook, kind: Kind) -> Layout:
    """The table is where most of the kind's columns are named in one or two neighbouring rows.

    When nothing fits, the row with most texts is offered with an empty mapping, for a person to
    correct. Raises WorkbookRefused when the workbook is empty.
    """
    candidates = [candidate for sheet in workbook.sheets for candidate in _candidates(sheet, kind)]
    if not candidates:
        refuse_when_empty(workbook)
    best = max(
        candidates or [_widest(workbook)],
        key=lambda candidate: (
            candidate.worth,
            candidate.sheet.is_visible,
            -candidate.rows[0].number,
        ),
    )
    return _layout(best, kind)


def layout_at(
    workbook: Workbook, kind: Kind, *, sheet: str, header_rows: tuple[int, ...]
) -> Layout:
    """The table under a header that a person points at: one row, or two neighbouring ones.

    Raises LookupError when there is no such sheet or row.
    """
    chosen = next((each for each in workbook.sheets if each.name == sheet), None)
    if chosen is None:
        raise LookupError(sheet)
    wanted = [row for row in chosen.rows() if row.number in header_rows]
    if not wanted or len(wanted) != len(header_rows):
        raise LookupError(header_rows)
    labels = headers.single_labels(wanted[-1])
    if len(wanted) == 2:
        labels = headers.double_labels(wanted[0], wanted[1], chosen.merged) or labels
    return _layout(_candidate(chosen, tuple(wanted), labels, kind), kind)


def _candidates(sheet: Sheet, kind: Kind) -> Iterator[_Candidate]:
    head = list(islice(sheet.rows(), _HEADER_WITHIN))
    for position, row in enumerate(head):
        single = _candidate(sheet, (row,), headers.single_labels(row), kind)
        found = [single]
        if position + 1 < len(head):
            following = head[position + 1]
            labels = headers.double_labels(row, following, sheet.merged)
            if labels:
                found.append(_candidate(sheet, (row, following), labels, kind))
        for candidate in found:
            if len(candidate.mapping) >= 2 and candidate.worth > _REQUIRED_WORTH:
                yield candidate


def _candidate(sheet: Sheet, rows: tuple[Row, ...], labels: Labels, kind: Kind) -> _Candidate:
    mapping, likeness = headers.mapping(labels, kind)
    required = sum(_REQUIRED_WORTH for key in kind.required if key in mapping)
    return _Candidate(sheet, rows, labels, mapping, likeness + required, likeness)


def _widest(workbook: Workbook) -> _Candidate:
    best: _Candidate | None = None
    for sheet in workbook.sheets:
        for row in islice(sheet.rows(), _HEADER_WITHIN):
            labels = headers.single_labels(row)
            if best is None or len(labels) > len(best.labels):
                best = _Candidate(sheet, (row,), labels, {}, 0.0, 0.0)
    if best is None:
        raise LookupError("no rows")
    return best


def _layout(candidate: _Candidate, kind: Kind) -> Layout:
    missing = tuple(key for key in kind.required if key not in candidate.mapping)
    named = len(candidate.mapping)
    certainty = candidate.likeness / named if named else 0.0
    return Layout(
        sheet=candidate.sheet.name,
        header_rows=tuple(row.number for row in candidate.rows),
        first_row=candidate.rows[-1].number + 1,
        last_row=_last_filled(candidate.sheet),
        labels=candidate.labels,
        mapping=candidate.mapping,
        missing=missing,
        confidence=0.0 if missing else round(min(1.0, certainty), 2),
    )


def _last_filled(sheet: Sheet) -> int:
    last = 0
    for row in sheet.rows():
        if any(cell is not None for cell in row.cells):
            last = row.number
    return last
