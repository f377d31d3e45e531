"""The steps of an import, each as the tests take it: previewed, committed, undone, counted."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.integration.insight.conftest import SAMPLES

from guiyan.insight.importing import commands
from guiyan.insight.importing.types import BatchFacts
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped

pytestmark = pytest.mark.django_db

Bring = Callable[..., BatchFacts]
MOVED_IN, MOVED_OUT = SAMPLES / "moved_in.xlsx", SAMPLES / "moved_out_gb18030.csv"
PREMISES = SAMPLES / "premises.xlsx"


def counted(batch: BatchFacts) -> tuple[int, ...]:
    return tuple(
        batch.counts[key] for key in ("rows", "new", "changed", "duplicate", "wrong", "skipped")
    )


def found(batch: BatchFacts) -> Counter[tuple[str, str]]:
    return Counter((each.code, each.severity) for each in batch.problems)


def previewed(by: Actor, batch: BatchFacts) -> BatchFacts:
    with scoped(by.scope):
        return commands.preview(by=by, batch_id=batch.id)


def committed(by: Actor, batch: BatchFacts) -> BatchFacts:
    with scoped(by.scope):
        return commands.commit(by=by, batch_id=batch.id)


def undone(by: Actor, batch: BatchFacts) -> BatchFacts:
    with scoped(by.scope):
        return commands.undo(by=by, batch_id=batch.id, reason="传错了文件")


def written_csv(folder: Path, *lines: str) -> Path:
    path = folder / "名册.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
