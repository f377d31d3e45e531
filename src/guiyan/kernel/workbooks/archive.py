"""What the outside of an xlsx (a zip archive) may look like, judged before a byte is unpacked."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from guiyan.kernel.workbooks import refusals
from guiyan.kernel.workbooks.refusals import WorkbookRefused

_CHUNK: Final = 256 * 1024
_END: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x06"
_LOCAL: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1 | 0x40
_PACKED: Final = (".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".gz", ".7z", ".rar", ".jar")


def check_archive(stream: BinaryIO, *, suffix: str) -> list[zipfile.ZipInfo]:
    """An archive is opened only when its central directory is small, plain and honest in size.

    Reads the directory only, so a bomb costs nothing. Returns the entries in directory order.
    """
    _check_directory_size(stream)
    try:
        entries = zipfile.ZipFile(stream).infolist()
    except (
        zipfile.BadZipFile,
        UnicodeDecodeError,
        ValueError,
        OverflowError,
        NotImplementedError,  # a part says that it needs a zip of the future
    ) as error:
        raise refusals.broken() from error
    if len(entries) > refusals.MAX_PARTS:
        raise refusals.bomb()
    names = [entry.orig_filename.lower() for entry in entries]
    for entry in entries:
        _check_entry(entry)
    if len(set(names)) != len(names):
        raise refusals.broken()
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise _why_not_a_workbook(names, suffix)
    if sum(entry.file_size for entry in entries) > refusals.MAX_UNPACKED_BYTES:
        raise refusals.bomb()
    return entries


def inflate(stream: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """An entry unpacks to exactly the size and checksum that the directory declares, or is refused.

    The standard reader would stop silently at the declared size; another reader may not, so the
    packed bytes are unpacked here to their own end.
    """
    packed = _packed_bytes(stream, entry)
    size = checksum = 0
    for chunk in packed if entry.compress_type == zipfile.ZIP_STORED else _unpack(packed):
        size += len(chunk)
        if size > entry.file_size:
            raise refusals.bomb()
        checksum = zlib.crc32(chunk, checksum)
        yield chunk
    if size != entry.file_size or checksum != entry.CRC:
        raise refusals.broken()


def _unpack(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for block in packed:
            waiting = block
            while waiting and not inflater.eof:
                yield inflater.decompress(waiting, _CHUNK)
                waiting = inflater.unconsumed_tail
        while not inflater.eof:
            rest = inflater.decompress(inflater.unconsumed_tail, _CHUNK)
            if not rest:
                raise refusals.broken()
            yield rest
    except zlib.error as error:
        raise refusals.broken() from error


def _packed_bytes(stream: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    stream.seek(entry.header_offset)
    header = stream.read(30)
    if len(header) < 30 or not header.startswith(_LOCAL):
        raise refusals.broken()
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    position = entry.header_offset + 30 + name_length + extra_length
    left = entry.compress_size
    while left:
        stream.seek(position)
        block = stream.read(min(_CHUNK, left))
        if not block:
            raise refusals.broken()
        position += len(block)
        left -= len(block)
        yield block


def _check_directory_size(stream: BinaryIO) -> None:
    """The directory itself must be small: a million empty entries would fill the memory too."""
    stream.seek(0, 2)
    start = max(0, stream.tell() - 65_557 - 76)
    stream.seek(start)
    tail = stream.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        raise refusals.broken()
    count, size = struct.unpack("<HI", tail[end + 10 : end + 16])
    if count == 0xFFFF or size == 0xFFFFFFFF:
        end_64 = tail.rfind(_END_64, 0, end)
        if end_64 < 0:
            raise refusals.broken()
        count, size = struct.unpack("<QQ", tail[end_64 + 32 : end_64 + 48])
    if count > refusals.MAX_PARTS or size > refusals.MAX_DIRECTORY_BYTES:
        raise refusals.bomb()


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    lowered = name.lower()
    if "\0" in name or "\\" in name or ":" in name or name.startswith("/"):
        raise _unsafe_name()
    if ".." in name.split("/"):
        raise _unsafe_name()
    if entry.flag_bits & _ENCRYPTED:
        raise refusals.encrypted()
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refusals.broken()
    if (
        entry.file_size > refusals.RATIO_MATTERS_FROM_BYTES
        and entry.file_size > refusals.MAX_RATIO * max(entry.compress_size, 1)
    ):
        raise refusals.bomb()
    _check_content(lowered)


def _check_content(name: str) -> None:
    if "vbaproject" in name or "macrosheets/" in name or "activex/" in name:
        raise refusals.macros()
    if "externallinks/" in name or name.endswith(("xl/connections.xml", "xl/webextensions.xml")):
        raise refusals.external_links()
    if "embeddings/" in name or "oleobject" in name or name.endswith(_PACKED):
        raise refusals.embedded_objects()


def _why_not_a_workbook(names: list[str], suffix: str) -> WorkbookRefused:
    if "xl/workbook.bin" in names:
        return WorkbookRefused("unsupported", "不支持 xlsb 格式。请另存为 xlsx 再上传。")
    return refusals.not_its_name(suffix)


def _unsafe_name() -> WorkbookRefused:
    return WorkbookRefused(
        "unsafe-path", "文件包里有指向别处的路径，不予打开。请用 Excel 或 WPS 另存后再上传。"
    )
