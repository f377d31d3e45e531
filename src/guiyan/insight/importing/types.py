"""What pages, the command line and other rooms get to know of an import."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from guiyan.insight.fields import UNDO_DAYS
from guiyan.kernel.workbooks.parts import column_letters
from guiyan.kernel.workbooks.problems import RowProblem


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """One workbook on its way in, or that has come in."""

    id: UUID
    path: str
    organisation_id: UUID
    organisation_name: str
    kind: str
    file_name: str
    state: str
    refusal: str
    sheet: str
    labels: dict[int, str]
    mapping: dict[str, int]
    is_certain: bool
    counts: dict[str, int]
    problems: list[RowProblem]
    sample: list[dict[str, str]]
    progress: int
    total: int
    undone: dict[str, int]
    created_by_name: str
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None

    @property
    def is_running(self) -> bool:
        return self.state in ("reading", "committing")

    @property
    def is_in(self) -> bool:
        return self.state == "committed"

    @property
    def undone_until(self) -> datetime | None:
        """Then what files said before is erased, so nothing leads back; None before it is in."""
        return self.committed_at + timedelta(days=UNDO_DAYS) if self.committed_at else None

    def may_be_undone(self, at: datetime) -> bool:
        return self.is_in and self.undone_until is not None and at <= self.undone_until

    @property
    def percent(self) -> int:
        return self.progress * 100 // self.total if self.total else 0


def problems_at(problems: Iterable[RowProblem], sheet: str) -> list[dict[str, Any]]:
    """Each problem by sheet, row and column letter (empty: the whole row), for programs."""
    return [
        {
            "sheet": sheet,
            "row": each.row,
            "column": "" if each.column is None else column_letters(each.column + 1),
            "code": each.code,
            "severity": each.severity,
            "message": each.message,
        }
        for each in problems
    ]
