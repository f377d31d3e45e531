"""How well a column's header text names a wanted column, and how two header rows become one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from guiyan.kernel.workbooks.kinds import Kind, WantedColumn
from guiyan.kernel.workbooks.read import Cell, Merged, Row

RESULT_HEADER: Final = "导入结果"

_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NOISE: Final = re.compile(r"[\s*:_、,.·\"'“”]+")
_MAX_LABEL: Final = 40

Labels = dict[int, tuple[str, ...]]  # column to its header texts, group first


def plain(text: str) -> str:
    """A header without width, spaces, line breaks and stars; letters in lower case."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()


def without_aside(text: str) -> str:
    """A header without what stands in brackets: 联系电话（必填） is 联系电话."""
    return plain(_ASIDE.sub("", unicodedata.normalize("NFKC", text)))


def single_labels(row: Row) -> Labels:
    """The labels of a header of one row."""
    return {
        index: (str(cell).strip(),)
        for index, cell in enumerate(row.cells)
        if isinstance(cell, str) and 0 < len(cell.strip()) <= _MAX_LABEL
    }


def double_labels(upper: Row, lower: Row, merged: tuple[Merged, ...]) -> Labels | None:
    """The labels of a header of two rows, group titles above; None when they aren't such a pair.

    A title with something under it is a group: it is merged sideways, or blank cells follow it.
    One title above everything is the table's own title, not a group.
    """
    groups = _groups(upper, merged)
    below = _texts(lower)
    if not set(below) & set(groups):
        return None
    if len(_texts(upper)) == 1 and min(below) in groups:
        return None
    labels: Labels = {index: (text,) for index, text in _texts(upper).items()}
    for index, text in below.items():
        if index in labels and index not in groups:
            return None
        title = _text(upper, groups[index]) if index in groups else None
        labels[index] = (text,) if title is None else (title, text)
    return labels


def _texts(row: Row) -> dict[int, str]:
    return {i: text for i in range(len(row.cells)) if (text := _text(row, i)) is not None}


def _groups(row: Row, merged: tuple[Merged, ...]) -> dict[int, int]:
    """WantedColumn to the column where its group title stands."""
    groups: dict[int, int] = {}
    for area in merged:
        if area.first_row <= row.number <= area.last_row and area.first_column < area.last_column:
            for index in range(area.first_column, min(area.last_column, len(row.cells)) + 1):
                groups[index] = area.first_column
    if groups:
        return groups
    start: int | None = None
    for index in range(len(row.cells)):
        if _text(row, index) is not None:
            start = index
        elif start is not None:
            groups[start] = groups[index] = start
    return groups


def _text(row: Row, index: int) -> str | None:
    cell: Cell = row.cells[index] if index < len(row.cells) else None
    if not isinstance(cell, str) or not cell.strip() or len(cell) > _MAX_LABEL:
        return None
    return cell.strip()


def score(label: tuple[str, ...], column: WantedColumn) -> float:
    """From 0 (another column) to 1 (its own name); under 1 a person should look."""
    candidates = [label[-1], "".join(label), label[0]] if len(label) > 1 else [label[0]]
    weights = (1.0, 0.98, 0.5)
    return max(
        weight * _likeness(text, column) for text, weight in zip(candidates, weights, strict=False)
    )


def _likeness(text: str, column: WantedColumn) -> float:
    exact, bare = plain(text), without_aside(text)
    best = 0.0
    for place, name in enumerate(column.names):
        wanted = plain(name)
        worth = 1 - place * 0.01
        if exact == wanted:
            best = max(best, worth)
        elif bare == wanted:
            best = max(best, worth * 0.95)
        elif len(wanted) > 1 and bare.endswith(wanted):
            best = max(best, worth * 0.6)
        elif len(wanted) > 1 and wanted in bare:
            best = max(best, worth * 0.5)
    return best


def mapping(labels: Labels, kind: Kind) -> tuple[dict[str, int], float]:
    """Which column is which, best match first and none twice, and the sum of the likenesses."""
    offers = sorted(
        (
            (-score(label, column), index, column.key)
            for index, label in labels.items()
            if plain(label[-1]) != RESULT_HEADER
            for column in kind.columns
        ),
    )
    found: dict[str, int] = {}
    taken: set[int] = set()
    total = 0.0
    for negative, index, key in offers:
        if negative > -0.4:
            break
        if key in found or index in taken:
            continue
        found[key] = index
        taken.add(index)
        total -= negative
    return found, total


def fingerprint_text(labels: Mapping[int, tuple[str, ...]]) -> str:
    """The header as one line, the same however it is spaced."""
    return "|".join(
        f"{index}:{'/'.join(plain(part) for part in label)}"
        for index, label in sorted(labels.items())
        if plain(label[-1]) != RESULT_HEADER
    )
