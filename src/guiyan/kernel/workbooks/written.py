"""How a text is written so that a spreadsheet shows it as it is and never runs it (trust F46)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from guiyan.kernel.workbooks.read import Cell
from guiyan.kernel.workbooks.refusals import MAX_CELL_CHARACTERS

_CUT: Final = "…（过长，已截断）"
# What Excel, WPS or LibreOffice would take for a formula, full-width signs included.
_STARTS_FORMULA: Final = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_LONG_NUMBER: Final = re.compile(r"0[0-9]+|[0-9]{11,}[0-9Xx]?")


def as_text(value: Cell) -> str:
    """A value as the text that is exported: dates as ISO 8601, truth as 是 and 否."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if len(text) <= MAX_CELL_CHARACTERS:
        return text
    return text[: MAX_CELL_CHARACTERS - len(_CUT)] + _CUT


def guarded(text: str) -> str:
    """A text for csv: one ' before what would be a formula. ``read.unwrap`` takes it off again."""
    return f"'{text}" if _STARTS_FORMULA.match(text) else text


def guarded_for_excel(text: str) -> str:
    """As ``guarded``, and a TAB before a long number, so that its digits are all kept."""
    if _LONG_NUMBER.fullmatch(text):
        return f"\t{text}"
    return guarded(text)
