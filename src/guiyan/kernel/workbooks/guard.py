"""Hostile files are refused before they are parsed, each with one clear line (trust F44–F46)."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO, Final, Literal

from guiyan.kernel.workbooks import refusals
from guiyan.kernel.workbooks.archive import check_archive, inflate
from guiyan.kernel.workbooks.compound import check_compound
from guiyan.kernel.workbooks.parts import Findings, scan_part
from guiyan.kernel.workbooks.refusals import WorkbookRefused

Format = Literal["xlsx", "xls", "csv"]
Source = bytes | str | Path

_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FORMATS: Final[dict[str, Format]] = {".xlsx": "xlsx", ".xls": "xls", ".csv": "csv", ".txt": "csv"}
_XML: Final = (".xml", ".rels")
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file that may be opened: what it is, and what a reader must know beforehand."""

    format: Format
    unpacked_bytes: int
    encoding: str | None = None  # of text: utf-8-sig, utf-8 or gb18030
    has_formula_without_result: bool = False


def inspect(source: Source, *, name: str) -> Inspection:
    """A file is opened only when it is what its name says and holds nothing but cells.

    source: the bytes, or a path; name: the file name under which it was sent.
    Raises WorkbookRefused with a stable code and one line for the person. Memory stays flat.
    """
    suffix = PurePath(name).suffix.lower()
    with opened(source) as stream:
        size = stream.seek(0, 2)
        if size == 0:
            raise WorkbookRefused("empty", "文件是空的。请检查后重新上传。")
        if size > refusals.MAX_FILE_BYTES:
            limit = refusals.MAX_FILE_BYTES // 1024 // 1024
            raise WorkbookRefused(
                "too-large", "文件超过 %(limit)s MB。请分成几个文件上传。", limit=str(limit)
            )
        stream.seek(0)
        start = stream.read(4096)
        expected = _format_of(suffix)
        if expected == "xlsx":
            return _inspect_xlsx(stream, start, suffix)
        if expected == "xls":
            return _inspect_xls(stream, start, suffix)
        return _inspect_text(stream, start, suffix, size)


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """The bytes or the path as one seekable stream."""
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    else:
        with open(source, "rb") as stream:
            yield stream


def _format_of(suffix: str) -> Format:
    if suffix in (".xlsm", ".xltm", ".xlam"):
        raise refusals.macros()
    try:
        return _FORMATS[suffix]
    except KeyError:
        raise WorkbookRefused(
            "unsupported",
            "不支持这种文件（%(suffix)s）。请另存为 xlsx、xls 或 csv 再上传。",
            suffix=suffix or "?",
        ) from None


def _inspect_xlsx(stream: BinaryIO, start: bytes, suffix: str) -> Inspection:
    if start.startswith(_COMPOUND):
        check_compound(stream)  # says so when it is an encrypted workbook
    if not start.startswith(_ZIP):
        raise refusals.not_its_name(suffix)
    entries = check_archive(stream, suffix=suffix)
    findings = Findings()
    for entry in entries:
        lowered = entry.filename.lower()
        chunks = inflate(stream, entry)
        if lowered.endswith(_XML):
            scan_part(chunks, findings)
        else:
            _check_other_part(chunks)
    findings.check_text()
    return Inspection(
        "xlsx",
        sum(entry.file_size for entry in entries),
        has_formula_without_result=findings.has_formula_without_result,
    )


def _check_other_part(chunks: Iterator[bytes]) -> None:
    """Pictures and old drawings are not parsed, but they hold neither archives nor declarations."""
    before = b""
    for number, chunk in enumerate(chunks):
        if number == 0 and chunk.startswith((_ZIP, _COMPOUND)):
            raise refusals.embedded_objects()
        window = (before + chunk).upper()
        if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
            raise WorkbookRefused(
                "entities", "文件里有外部实体声明，不予打开。请用 Excel 或 WPS 另存后再上传。"
            )
        before = chunk[-16:]


def _inspect_xls(stream: BinaryIO, start: bytes, suffix: str) -> Inspection:
    if not start.startswith(_COMPOUND):
        if start.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<"):
            raise WorkbookRefused(
                "not-its-name",
                "这个 xls 其实是网页。请用 Excel 或 WPS 打开后另存为 xlsx 再上传。",
            )
        raise refusals.not_its_name(suffix)
    return Inspection("xls", check_compound(stream))


def _inspect_text(stream: BinaryIO, start: bytes, suffix: str, size: int) -> Inspection:
    if start.startswith((_ZIP, _COMPOUND)):
        raise refusals.not_its_name(suffix)
    for encoding in _ENCODINGS:
        if _decodes(stream, encoding):
            if encoding == "utf-8-sig" and not start.startswith(codecs.BOM_UTF8):
                encoding = "utf-8"
            _check_lines(stream, encoding)
            return Inspection("csv", size, encoding=encoding)
    raise WorkbookRefused("encoding", "看不出文字编码。请另存为 UTF-8 编码的 csv 或 xlsx 再上传。")


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    stream.seek(0)
    try:
        while chunk := stream.read(_CHUNK):
            if "\0" in decoder.decode(chunk):
                raise refusals.not_its_name(".csv")
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _check_lines(stream: BinaryIO, encoding: str) -> None:
    stream.seek(0)
    lines = 0
    while line := stream.readline(_CHUNK):
        lines += 1
        if lines > refusals.MAX_ROWS:
            raise refusals.too_many_rows()
        if max(line.count(b","), line.count(b"\t"), line.count(b";")) >= refusals.MAX_COLUMNS:
            raise refusals.too_many_columns()
