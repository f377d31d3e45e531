"""Cells of one record read by the rules of the field; what is odd is found, not guessed.

A cell that identifies and is wrong makes the row wrong. Any other odd cell is left empty with a
warning beside it, so that one bad date keeps nobody out of the register.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from guiyan.kernel.calendar import add_months
from guiyan.kernel.dates import DateProblem, ReadDate, read_date
from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.id_numbers import IdNumber, read_id_number
from guiyan.kernel.phones import PhoneProblem, national_form, read_phone
from guiyan.kernel.workbooks.problems import Severity
from guiyan.kernel.workbooks.read import Cell
from guiyan.kernel.written import normal_width, without_invisible, without_spaces

Cells = Mapping[str, Cell]

ADULT_MONTHS: Final = 18 * 12  # nobody joins before 18 (党章, article 1)
_NOTHING: Final = frozenset({"", "无", "-", "—", "——", "/", "\\", "空", "没有", "暂无", "N/A"})
_UNKNOWN: Final = frozenset({"不详", "未知", "不清楚", "不明"})
_YES: Final = frozenset({"是", "有", "持", "已持有", "√", "Y", "YES", "TRUE", "1"})
_NO: Final = frozenset({"否", "无", "没有", "未持有", "×", "N", "NO", "FALSE", "0"})
_FORMULA: Final = re.compile(r"\s*(?:[=＝@＠]|[+\-＋－]\s*[A-Za-z]+\s*[(!|])")
_FORCED_TEXT: Final = re.compile(r'\s*="[^"]*"\s*\Z')


@dataclass(frozen=True, slots=True)
class CellFinding:
    """What is odd in one row: the column by its key (empty: the whole row)."""

    key: str
    code: str
    message: str
    severity: Severity = "warning"


FORMULA: Final = Finding("formula", _("这一格是公式文本，没有读取，也不会运行；请改成要填的内容。"))
FUTURE: Final = Finding("future", _("这个日期还没有到，没有读取；请核对年份。"))
TOO_EARLY: Final = Finding("too-early", _("按出生日期，入党时不满18岁，没有读取；请核对。"))
BEFORE_BIRTH: Final = Finding("before-birth", _("这个日期早于出生日期，没有读取；请核对。"))
NOT_YES_OR_NO: Final = Finding("yes-or-no", _("看不懂是“是”还是“否”，没有读取；请改填其一。"))


class RecordReader:
    """Reads the cells of one record and gathers what it finds."""

    def __init__(self, cells: Cells, today: date) -> None:
        self._cells = cells
        self.today = today
        self.findings: list[CellFinding] = []

    @property
    def is_wrong(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)

    def has(self, key: str) -> bool:
        return self._cells.get(key) is not None

    def note(self, key: str, finding: Finding, *, is_error: bool = False) -> None:
        """Put a finding beside a column."""
        severity: Severity = "error" if is_error else "warning"
        self.findings.append(CellFinding(key, finding.code, finding.message, severity))

    def text(self, key: str, longest: int = 200) -> str:
        """The text of a cell on one line; empty for a formula and for words like 无."""
        written = self._written(key)
        text = " ".join(normal_width(without_invisible(written)).split())
        return "" if text in _NOTHING else text[:longest]

    def word(self, key: str, longest: int = 60) -> str:
        """As text, without the blanks that pad it: 经 商 is 经商; 不详 is empty."""
        word = without_spaces(self.text(key))
        return "" if word in _UNKNOWN else word[:longest]

    def day(self, key: str, *, born_on: date | None = None) -> ReadDate | None:
        """A day, month or year that has come and does not precede the birth."""
        return self._date(key, born_on, BEFORE_BIRTH)

    def date_of_joining(self, key: str, *, born_on: date | None) -> ReadDate | None:
        """A date of joining: not before the 18th birthday."""
        adult_on = add_months(born_on, ADULT_MONTHS) if born_on else None
        return self._date(key, adult_on, TOO_EARLY)

    def identity(self, key: str = "id_number") -> IdNumber | None:
        """An ID number; a wrong one makes the row wrong (GB 11643)."""
        written = self._written(key).strip()
        if written in _NOTHING or written in _UNKNOWN:
            return None
        number = read_id_number(written, today=self.today)
        if not isinstance(number, IdNumber):
            self.note(key, number, is_error=True)
            return None
        for warning in number.warnings:
            self.note(key, warning)
        return number

    def phone(self, key: str = "phone") -> str:
        """A telephone number as people here write it; one that can't be dialled is left out."""
        cell = self._cells.get(key)
        if isinstance(cell, str):
            cell = self._written(key).strip()
            if cell in _NOTHING or cell in _UNKNOWN:
                return ""
        if cell is None or isinstance(cell, (bool, date)):
            return ""
        phone = read_phone(cell)
        if isinstance(phone, PhoneProblem):
            self.note(key, phone)
            return ""
        for warning in phone.warnings:
            self.note(key, warning)
        extension = f" 转 {phone.extension}" if phone.extension else ""
        return national_form(phone.normal) + extension

    def says_none(self, key: str) -> bool:
        """True when somebody wrote that there is none, which is more than an empty cell."""
        cell = self._cells.get(key)
        return isinstance(cell, str) and cell.strip() in {"无", "没有"}

    def yes(self, key: str) -> bool | None:
        """是 or 否; None when nothing is said."""
        word = without_spaces(normal_width(self._written(key))).upper()
        if word in _YES or word in _NO:
            return word in _YES
        if word and word not in _NOTHING and word not in _UNKNOWN:
            self.note(key, NOT_YES_OR_NO)
        return None

    def _date(self, key: str, earliest: date | None, too_early: Finding) -> ReadDate | None:
        cell = self._cells.get(key)
        if cell is None or isinstance(cell, bool) or not self._written(key):
            return None
        read = read_date(cell, today=self.today, not_before=earliest)
        if isinstance(read, DateProblem):
            if read.code == "range" and earliest is not None:
                self.note(key, too_early)
            elif read.code != "empty":
                self.note(key, read)
            return None
        if read.value > self.today:
            self.note(key, FUTURE)
            return None
        return read

    def _written(self, key: str) -> str:
        cell = self._cells.get(key)
        if cell is None:
            return ""
        text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
        if _FORMULA.match(text) and not _FORCED_TEXT.match(text):
            if not any(f.key == key and f.code == FORMULA.code for f in self.findings):
                self.note(key, FORMULA)
            return ""
        return text
