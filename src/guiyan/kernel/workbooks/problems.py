"""What is wrong in a workbook, where, and how it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from guiyan.kernel.workbooks.layout import Layout

Severity = Literal["error", "warning", "note"]

_COLOURS: Final[dict[Severity, str]] = {"error": "FFC7CE", "warning": "FFEB9C", "note": "DDEBF7"}
_GRAVITY: Final[dict[Severity, int]] = {"error": 2, "warning": 1, "note": 0}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong where: the sheet's own row number, the column from 0 (None: the whole row)."""

    row: int
    column: int | None
    code: str
    message: str
    severity: Severity = "error"


def colour(problems: Sequence[RowProblem]) -> str:
    """The gravest problem gives the colour, as RRGGBB."""
    return _COLOURS[max(problems, key=lambda problem: _GRAVITY[problem.severity]).severity]


def sentence(problems: Sequence[RowProblem], layout: Layout) -> str:
    """All problems of a row in one sentence, the gravest first, each with its column's name."""
    ordered = sorted(problems, key=lambda problem: -_GRAVITY[problem.severity])
    parts = []
    for problem in ordered:
        label = "" if problem.column is None else layout.label(problem.column)
        parts.append(f"{label}：{problem.message}" if label else problem.message)
    return "；".join(dict.fromkeys(parts))
