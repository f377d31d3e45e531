"""How an import is shown: words for its states, problems by place, samples without identity."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guiyan.insight.importing.types import BatchFacts
from guiyan.kernel.workbooks.kinds import KINDS
from guiyan.kernel.workbooks.parts import column_letters

STATES: Final[dict[str, str | Promise]] = {
    "uploaded": _("已上传，待核对列"),
    "reading": _("正在读取"),
    "previewed": _("待确认"),
    "committing": _("正在导入"),
    "committed": _("已导入"),
    "undone": pgettext_lazy("import", "已撤销"),
    "refused": _("不能导入"),
}
VERDICTS: Final[dict[str, str | Promise]] = {
    "rows": _("共有行数"),
    "new": _("新增"),
    "changed": _("已有，将更新"),
    "duplicate": _("重复，不再导入"),
    "wrong": _("有错，不导入"),
    "skipped": _("小计、备注等，跳过"),
}
SHOWN_PROBLEMS: Final = 200
SHOWN_PLACES: Final = 3
# Where one goes on once a workbook is in.
NEXT: Final[dict[str, tuple[tuple[str | Promise, str], ...]]] = {
    "moved-in": (
        (_("看流入党员台账"), "insight:moved_in"),
        (_("给还没有支部的编入支部"), "flows:placement"),
    ),
    "moved-out": (
        (_("看流出党员台账"), "insight:moved_out"),
        (_("看等本单位办理的"), "flows:answers"),
    ),
    "members": ((_("看党员档案"), "members:members"),),
    "organisations": ((_("看党组织"), "orgs:organisations"),),
}
_MANY_DIGITS: Final = 7
_SHOWN_START: Final = 3


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """One sentence about one column, wherever it holds: at how many places, and at which first."""

    places: str
    count: int
    column: str
    message: str
    is_error: bool


def shown_problems(batch: BatchFacts) -> list[ShownProblem]:
    """Errors first, then by row, the same said of many rows once; at most `SHOWN_PROBLEMS`, the
    marked workbook has all."""
    ordered = sorted(batch.problems, key=lambda each: (each.severity != "error", each.row))
    groups: dict[tuple[str, int | None, str], list[int]] = {}
    for each in ordered:
        groups.setdefault((each.severity, each.column, each.message), []).append(each.row)
    return [
        ShownProblem(
            places="、".join(_place(column, row) for row in rows[:SHOWN_PLACES]),
            count=len(rows),
            column="" if column is None else batch.labels.get(column, ""),
            message=message,
            is_error=severity == "error",
        )
        for (severity, column, message), rows in list(groups.items())[:SHOWN_PROBLEMS]
    ]


def _place(column: int | None, row: int) -> str:
    return f"{'' if column is None else column_letters(column + 1)}{row}"


def shown_counts(batch: BatchFacts) -> list[tuple[str | Promise, int]]:
    return [(label, batch.counts.get(key, 0)) for key, label in VERDICTS.items()]


def shown_sample(batch: BatchFacts) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of the first rows as understood."""
    if not batch.sample:
        return [], []
    kind = KINDS[batch.kind]
    keys = [key for key in batch.sample[0] if key not in ("row", "verdict")]
    headers = [kind.column(key).names[0] for key in keys]
    return headers, [[row["row"], *(row.get(key, "") for key in keys)] for row in batch.sample]


def masked_samples(samples: dict[int, list[str]]) -> dict[int, list[str]]:
    """Values that help to tell columns apart; of long numbers only the first three digits."""
    return {column: [_masked(value) for value in values] for column, values in samples.items()}


def _masked(value: str) -> str:
    if sum(sign.isdigit() for sign in value) < _MANY_DIGITS or re.match(r"\d{4}-\d\d-\d\d", value):
        return value
    return value[:_SHOWN_START] + re.sub(r"\w", "*", value[_SHOWN_START:])
