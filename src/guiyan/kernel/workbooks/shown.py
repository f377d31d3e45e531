"""What a cell of an xlsx shows where the fast reader gives another value, or none.

Two things: a formula that was never calculated shows its own text (it is not run), and a number
under a format with fixed digits shows them: 2020.1 under 0.00 is 2020.10, that is October.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from typing import IO, BinaryIO, Final
from xml.etree.ElementTree import Element
from xml.parsers import expat

from defusedxml.ElementTree import parse

from guiyan.kernel.workbooks import refusals
from guiyan.kernel.workbooks.parts import column_number

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FIXED: Final = re.compile(r"(0+)(?:\.(0+))?(?:_[ )])?\Z")
_BUILT_IN: Final = {2: "0.00"}
_REFERENCE: Final = re.compile(r"([A-Za-z]+)([0-9]+)\Z")
_CHUNK: Final = 256 * 1024

Shown = dict[tuple[int, int], str]  # 1-based row, 0-based column


def fixed_formats(archive: zipfile.ZipFile) -> dict[int, tuple[int, int]]:
    """Style number to (digits before the point, digits after) where either is fixed."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    with archive.open("xl/styles.xml") as stream:
        root = _root(stream)
    codes = dict(_BUILT_IN)
    for number_format in root.iter(f"{_MAIN}numFmt"):
        codes[int(number_format.get("numFmtId", "0"))] = number_format.get("formatCode", "")
    return {
        style: digits
        for style, cell_format in enumerate(_cell_formats(root))
        if (digits := _digits(codes.get(int(cell_format.get("numFmtId", "0")), "")))
    }


def _root(stream: IO[bytes]) -> Element:
    root = parse(stream).getroot()
    if root is None:
        raise refusals.broken()
    return root


def _cell_formats(root: Element) -> list[Element]:
    formats = root.find(f"{_MAIN}cellXfs")
    return [] if formats is None else list(formats)


def _digits(code: str) -> tuple[int, int] | None:
    match = _FIXED.match(code)
    if match is None:
        return None
    before, after = len(match[1]), len(match[2] or "")
    return (before, after) if before > 1 or after else None


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name to the part of the archive that holds its cells."""
    with archive.open("xl/_rels/workbook.xml.rels") as stream:
        targets = {
            rel.get("Id", ""): posixpath.normpath(posixpath.join("/xl", rel.get("Target", "")))[1:]
            for rel in _root(stream)
        }
    with archive.open("xl/workbook.xml") as stream:
        sheets = _root(stream).iter(f"{_MAIN}sheet")
        return {sheet.get("name", ""): targets.get(sheet.get(_REL, ""), "") for sheet in sheets}


def shown_in(archive: zipfile.ZipFile, part: str, formats: dict[int, tuple[int, int]]) -> Shown:
    """The cells of one sheet whose shown text the fast reader doesn't give. One streaming pass."""
    scan = _Scan(formats)
    with archive.open(part) as stream:
        _feed(scan.parser, stream.read)
    return scan.shown


def workbook_shown(stream: BinaryIO) -> dict[str, Shown]:
    """Shown texts by sheet name; the whole workbook is read only when a style could matter."""
    with zipfile.ZipFile(stream) as archive:
        formats = fixed_formats(archive)
        present = set(archive.namelist())
        return {
            name: shown_in(archive, part, formats)
            for name, part in sheet_parts(archive).items()
            if part in present
        }


def has_fixed_formats(stream: BinaryIO) -> bool:
    with zipfile.ZipFile(stream) as archive:
        return bool(fixed_formats(archive))


def _feed(parser: expat.XMLParserType, read: Callable[[int], bytes]) -> None:
    while chunk := read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


class _Scan:
    def __init__(self, formats: dict[int, tuple[int, int]]) -> None:
        self.formats = formats
        self.shown: Shown = {}
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.row = self.column = 0
        self.kind = ""
        self.style = 0
        self.formula: list[str] | None = None
        self.value: list[str] | None = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._cell(attributes)
        elif local == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = -1
        elif local == "f":
            self.formula = []
            self.parser.CharacterDataHandler = self.formula.append
        elif local == "v":
            self.value = []
            self.parser.CharacterDataHandler = self.value.append

    def _cell(self, attributes: dict[str, str]) -> None:
        self.formula = self.value = None
        self.kind = attributes.get("t", "n")
        self.style = int(attributes.get("s", "0"))
        match = _REFERENCE.match(attributes.get("r", ""))
        if match is None:
            self.column += 1
        else:
            self.row, self.column = int(match[2]), column_number(match[1]) - 1

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in ("f", "v"):
            self.parser.CharacterDataHandler = None
        elif local == "c":
            text = self._text()
            if text is not None:
                self.shown[self.row, self.column] = text

    def _text(self) -> str | None:
        if not self.value:
            shows_nothing = self.value is not None and self.kind == "str"
            if self.formula is None or shows_nothing:
                return None
            return "=" + "".join(self.formula)
        digits = self.formats.get(self.style)
        if digits is None or self.kind != "n":
            return None
        before, after = digits
        number = float("".join(self.value))
        width = before + (after + 1 if after else 0) + (1 if number < 0 else 0)
        return f"{number:0{width}.{after}f}"
