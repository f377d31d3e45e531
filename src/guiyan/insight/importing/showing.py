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
_MANY_DIGITS: Final = 7
_SHOWN_START: Final = 3


@dataclass(frozen=True, slots=True)
class ShownProblem:
    place: str
    column: str
    message: str
    is_error: bool


def shown_problems(batch: BatchFacts) -> list[ShownProblem]:
    """Errors first, then by row; at most `SHOWN_PROBLEMS`, the marked workbook has all."""
    ordered = sorted(batch.problems, key=lambda each: (each.severity != "error", each.row))
    return [
        ShownProblem(
            place=f"{'' if each.column is None else column_letters(each.column + 1)}{each.row}",
            column="" if each.column is None else batch.labels.get(each.column, ""),
            message=each.message,
            is_error=each.severity == "error",
        )
        for each in ordered[:SHOWN_PROBLEMS]
    ]


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
