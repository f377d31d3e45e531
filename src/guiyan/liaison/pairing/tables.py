"""Two tables of people, each row judged: read as UTF-8 or GB18030, wrong rows named by their line."""

import csv
import io
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from guiyan.liaison.pairing.rules import Liaison, Person

ENCODINGS = ("utf-8-sig", "gb18030")
MOST_BYTES = 512 * 1024 * 1024
LONGEST = 200
LONGEST_CELL = 100_000
MOST_LANGUAGES = 8
MOST_LIMIT = 1_000_000
PROBLEMS_KEPT = 1_000
RUN_AS_FORMULA = ("=", "+", "-", "@", "\t")


class Cells(NamedTuple):
    """A row's cells by column; an absent column is empty."""

    id: str
    lon: str
    lat: str
    languages: str
    trade: str
    limit: str
    reads: str


# What people write above a column.
NAMES = {
    "id": "id", "编号": "id", "person": "id", "liaison": "id",
    "lon": "lon", "lng": "lon", "longitude": "lon", "经度": "lon",
    "lat": "lat", "latitude": "lat", "纬度": "lat",
    "languages": "languages", "language": "languages", "语言": "languages",
    "trade": "trade", "行业": "trade",
    "limit": "limit", "上限": "limit",
    "reads": "reads", "文字": "reads", "识字语言": "reads", "会读的文字": "reads", "能读": "reads",
}  # fmt: skip
SIGNS = str.maketrans("；,，、", ";;;;")
One = TypeVar("One", Person, Liaison)


class TableRefused(Exception):
    """The file as a whole can't be read; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that can't be used, at its line of the file; what is done instead stands in the message."""

    line: int
    column: str
    code: str
    message: str


@dataclass(slots=True)
class Judged:
    """The rows that can be used, and what was wrong with the others."""

    problems: list[Problem]
    problem_count: int = 0
    left_out: int = 0

    def note(self, line: int, column: str, code: str, message: str) -> None:
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(Problem(line, column, code, message))


def read_people(path: Path) -> tuple[list[Person], Judged]:
    """Members to be paired. A row without a usable id is left out; an unusable place is unknown."""

    def made(cells: Cells, line: int, judged: Judged) -> Person:
        longitude, latitude = _point(cells, line, judged)
        return Person(
            cells.id,
            longitude,
            latitude,
            _languages("languages", cells.languages, line, judged),
            cells.trade,
            _languages("reads", cells.reads, line, judged),
        )

    return _read(path, made)


def read_liaisons(path: Path) -> tuple[list[Liaison], Judged]:
    """Contact persons. One whose limit can't be read is left out, so that nobody gets too many."""

    def made(cells: Cells, line: int, judged: Judged) -> Liaison | None:
        limit = _limit(cells.limit)
        if limit is not None and limit < 0:
            message = "上限要写 0 或更大的整数；这一行没有采用。"
            judged.note(line, "limit", "limit", message)
            return None
        longitude, latitude = _point(cells, line, judged)
        return Liaison(
            cells.id,
            longitude,
            latitude,
            _languages("languages", cells.languages, line, judged),
            cells.trade,
            limit,
            _languages("reads", cells.reads, line, judged),
        )

    return _read(path, made)


def _read(path: Path, made: Callable[[Cells, int, Judged], One | None]) -> tuple[list[One], Judged]:
    judged, found, seen = Judged([]), list[One](), set[str]()
    for line, cells in _rows(path, judged):
        if problem := _id_problem(cells.id, seen):
            judged.note(line, "id", *problem)
            judged.left_out += 1
            continue
        one = made(cells, line, judged)
        if one is None:
            judged.left_out += 1
            continue
        seen.add(cells.id)
        found.append(one)
    return found, judged


def _rows(path: Path, judged: Judged) -> Iterator[tuple[int, Cells]]:
    """Each row with the line on which it ends, its cells by column."""
    csv.field_size_limit(LONGEST_CELL)  # of the whole process; the last reader's word counts
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        header = next(reader, [])
        places = {column: index for index, column in _layout(header)}
        absent = len(header)  # what stands beyond the header is cut off there and counts as empty
        chosen: Any = itemgetter(*(places.get(column, absent) for column in Cells._fields))
        before = reader.line_num
        for row in reader:
            if reader.line_num > before + 1:  # quotes that are no pair would hide people
                message = "格子里有换行，也许引号没有成对；请核对这一行和它前面几行。"
                judged.note(reader.line_num, "", "line-break", message)
            before = reader.line_num
            if not "".join(row).strip():
                continue
            if len(row) != absent:
                row = [*row[:absent], *[""] * (absent - len(row))]
            row.append("")
            yield reader.line_num, Cells._make(map(str.strip, chosen(row)))
    except csv.Error as error:
        message = f"第 {reader.line_num} 行读不下去（{error}）。请检查引号，或重新导出为 csv。"
        raise TableRefused("broken", message) from error


def _layout(header: Sequence[str]) -> list[tuple[int, str]]:
    places = [
        (index, NAMES[name.strip().lower()])
        for index, name in enumerate(header)
        if name.strip().lower() in NAMES
    ]
    columns = [column for _, column in places]
    if "id" not in columns:
        raise TableRefused("no-id", "第一行里没有 id 这一列。请在第一行写列名，至少要有 id。")
    doubled = next((column for column in columns if columns.count(column) > 1), "")
    if doubled:
        raise TableRefused("doubled-column", f"{doubled} 这一列写了两次。请只留一列。")
    return places


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TableRefused("too-large", "文件超过 512 MB。请分成几个文件。")
        content = path.read_bytes()
    except OSError as error:
        raise TableRefused("unreadable", f"打不开 {path.name}：{error.strerror}。") from error
    if b"\0" in content:
        raise TableRefused("not-text", f"{path.name} 不是文本文件。请另存为 csv。")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = f"看不出 {path.name} 的文字编码。请另存为 UTF-8 编码的 csv。"
    raise TableRefused("encoding", message)


def _id_problem(key: str, seen: set[str]) -> tuple[str, str] | None:
    if not key:
        return "no-id", "没有编号；这一行没有采用。"
    if len(key) > LONGEST:
        return "id-too-long", f"编号超过 {LONGEST} 个字；这一行没有采用。"
    if key.startswith(RUN_AS_FORMULA):
        return "formula", "编号以 = + - @ 开头，会被表格软件当作公式；这一行没有采用。"
    if key in seen:
        return "doubled", "编号与前面的一行相同；这一行没有采用。"
    return None


def _point(cells: Cells, line: int, judged: Judged) -> tuple[float | None, float | None]:
    """Both degrees or neither."""
    lon, lat = cells.lon, cells.lat
    if not lon and not lat:
        return None, None
    longitude, latitude = _degrees(lon), _degrees(lat)
    if -180 <= longitude <= 180 and -90 <= latitude <= 90:
        return longitude, latitude
    column = "lat" if -180 <= longitude <= 180 else "lon"
    judged.note(line, column, "degrees", "经纬度写得不对；这一行按位置不详处理。")
    return None, None


def _degrees(text: str) -> float:
    """Not a number, which lies between no two, where none is written."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _languages(column: str, text: str, line: int, judged: Judged) -> tuple[str, ...]:
    codes = _codes(text) if text else ()
    if codes is None:
        judged.note(line, column, "languages", "语言写得不对；这一行按语言不详处理。")
        return ()
    return codes


@lru_cache(maxsize=10_000)
def _codes(text: str) -> tuple[str, ...] | None:
    """The languages of one cell, each once; None where they can't be meant so."""
    codes = dict.fromkeys(code.strip().lower() for code in text.translate(SIGNS).split(";"))
    codes.pop("", None)
    if len(codes) > MOST_LANGUAGES or any(len(code) > 20 for code in codes):
        return None
    return tuple(codes)


def _limit(text: str) -> int | None:
    """None where nothing is written; -1 where it is no whole number. Nobody has more than
    MOST_LIMIT, however large a number was written."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        return -1
    digits = text.lstrip("0") or "0"
    return int(digits) if len(digits) < len(str(MOST_LIMIT)) else MOST_LIMIT
