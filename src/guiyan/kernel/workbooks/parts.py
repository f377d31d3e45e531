"""What the XML inside an xlsx may hold: no declarations, no macros, no links outward, no abyss."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from guiyan.kernel.workbooks import refusals
from guiyan.kernel.workbooks.refusals import WorkbookRefused

_MAX_DEPTH: Final = 64
_MAX_TOKEN_BYTES: Final = 4 * 1024 * 1024
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,8})\Z")
_DIGITS: Final = "0123456789"
_PARSED_PARTS: Final = frozenset({"worksheet", "sharedStrings", "styles", "officeDocument"})
_HARMLESS_OUTSIDE: Final = frozenset({"hyperlink", "image"})


@dataclass(slots=True)
class Findings:
    """What was met across all parts of one workbook."""

    shared_lengths: array[int] = field(default_factory=lambda: array("I"))
    shared_uses: dict[int, int] = field(default_factory=dict)
    characters: int = 0
    area: int = 0
    has_formula_without_result: bool = False

    def check_text(self) -> None:
        """All text laid out stays within bounds, a shared string counted each time it is shown."""
        lengths = self.shared_lengths
        shown = sum(
            lengths[index] * times
            for index, times in self.shared_uses.items()
            if 0 <= index < len(lengths)
        )
        if shown + self.characters > refusals.MAX_TEXT_CHARACTERS:
            raise refusals.bomb()


def scan_part(chunks: Iterable[bytes], findings: Findings) -> None:
    """One XML part is read through in constant memory and refused at the first thing forbidden."""
    scan = _Scan(findings)
    parser = scan.parser
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > _MAX_TOKEN_BYTES:
                raise refusals.bomb()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise refusals.broken() from error


class _Scan:
    """Follows the elements of one part; what is looked at depends on the root element."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._root
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._declaration
        self.parser.EntityDeclHandler = self._declaration
        self.depth = 0
        self.row = self.column = 0
        self.row_text = "0"
        self.columns: dict[str, int] = {}
        self.top = self.left = refusals.MAX_ROWS
        self.bottom = self.right = 0
        self.has_formula = self.has_result = self.is_shared = self.is_text_result = False
        self.text: list[str] = []
        self.length = 0

    def _declaration(self, *_: object) -> None:
        raise WorkbookRefused(
            "entities", "文件里有外部实体声明，不予打开。请用 Excel 或 WPS 另存后再上传。"
        )

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        self.depth = 1
        root = _local(name)
        if root in ("macrosheet", "dialogsheet"):
            raise refusals.macros()
        followers = {
            "worksheet": self._in_sheet,
            "sst": self._in_shared,
            "Relationships": self._in_relationships,
            "Types": self._in_types,
        }
        self.parser.StartElementHandler = followers.get(root, self._deeper)
        if root == "worksheet":
            self.parser.EndElementHandler = self._end_in_sheet
        elif root == "sst":
            self.parser.EndElementHandler = self._end_in_shared
            self.parser.CharacterDataHandler = self._measure

    def _deeper(self, _name: str = "", _attributes: dict[str, str] | None = None) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise refusals.bomb()

    def _end(self, _name: str) -> None:
        self.depth -= 1

    def _in_sheet(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1  # written out: a large sheet passes here millions of times
        if self.depth > _MAX_DEPTH:
            raise refusals.bomb()
        local = _local(name) if ":" in name else name
        if local == "c":
            self._cell(attributes)
        elif local == "v":
            self._filled()
            self.parser.CharacterDataHandler = self._collect if self.is_shared else self._measure
        elif local == "f":
            self.has_formula = True
            self._filled()
        elif local == "is":
            self._filled()
            self.parser.CharacterDataHandler = self._measure
        elif local == "row":
            self.row = _whole(attributes.get("r"), self.row + 1)
            self.row_text = str(self.row)
            self.column = 0
        elif local in ("oleObject", "control"):
            raise refusals.embedded_objects()

    def _cell(self, attributes: dict[str, str]) -> None:
        self.has_formula = self.has_result = False
        kind = attributes.get("t")
        self.is_shared = kind == "s"
        self.is_text_result = kind == "str"
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
            return
        letters = reference.rstrip(_DIGITS)
        column = self.columns.get(letters)
        if column is None:
            if _REFERENCE.match(reference) is None:
                raise refusals.broken()
            column = self.columns[letters] = column_number(letters)
        self.column = column
        number = reference[len(letters) :]
        if number != self.row_text:
            if _REFERENCE.match(reference) is None:
                raise refusals.broken()
            self.row_text = number
            self.row = int(number)

    def _filled(self) -> None:
        """Only cells that hold something count: whole rows are often merely coloured to the end."""
        if self.top <= self.row <= self.bottom and self.left <= self.column <= self.right:
            return
        self.top = min(self.top, self.row)
        self.left = min(self.left, self.column)
        self.bottom = max(self.bottom, self.row)
        self.right = max(self.right, self.column)
        if self.column > refusals.MAX_COLUMNS:
            raise refusals.too_many_columns()
        if self.row > refusals.MAX_ROWS:
            raise refusals.too_many_rows()
        if self.findings.area + self._area() > refusals.MAX_AREA:
            raise refusals.too_large_area()

    def _area(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def _end_in_sheet(self, name: str) -> None:
        self.depth -= 1
        local = _local(name) if ":" in name else name
        if local in ("v", "is"):
            self.parser.CharacterDataHandler = None
            # A formula that shows an empty text has a result; one never calculated has none.
            self.has_result = bool(self.length or self.text) or self.is_text_result
            self._count_text()
        elif local == "c" and self.has_formula and not self.has_result:
            self.findings.has_formula_without_result = True
        elif self.depth == 0 and self.bottom:
            self.findings.area += self._area()

    def _count_text(self) -> None:
        if self.text:
            index = _whole(self.text[0] if len(self.text) == 1 else "".join(self.text), -1)
            uses = self.findings.shared_uses
            uses[index] = uses.get(index, 0) + 1
            self.text = []
        self.findings.characters += self.length
        self.length = 0

    def _collect(self, characters: str) -> None:
        if len(self.text) > 16:
            raise refusals.broken()
        self.text.append(characters)

    def _measure(self, characters: str) -> None:
        self.length += len(characters)
        if self.length > refusals.MAX_CELL_CHARACTERS * 2:
            raise refusals.bomb()

    def _in_shared(self, name: str, attributes: dict[str, str]) -> None:
        self._deeper()

    def _end_in_shared(self, name: str) -> None:
        self.depth -= 1
        if _local(name) == "si":
            self.findings.shared_lengths.append(self.length)
            self.length = 0

    def _in_relationships(self, name: str, attributes: dict[str, str]) -> None:
        self._deeper()
        kind = attributes.get("Type", "").rpartition("/")[2]
        if kind == "vbaProject":
            raise refusals.macros()
        if kind in ("oleObject", "package"):
            raise refusals.embedded_objects()
        if attributes.get("TargetMode") == "External" and kind not in _HARMLESS_OUTSIDE:
            raise refusals.external_links()
        # A sheet under another ending would be read without having been looked at.
        if kind in _PARSED_PARTS and not attributes.get("Target", "").lower().endswith(".xml"):
            raise refusals.broken()

    def _in_types(self, name: str, attributes: dict[str, str]) -> None:
        self._deeper()
        kind = attributes.get("ContentType", "").lower()
        if "macroenabled" in kind or "vbaproject" in kind:
            raise refusals.macros()
        if "externallink" in kind:
            raise refusals.external_links()


def column_number(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def _whole(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    try:
        return int(text)
    except ValueError as error:
        raise refusals.broken() from error
