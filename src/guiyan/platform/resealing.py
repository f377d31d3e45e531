"""What an old key sealed is sealed again with the new one, whichever room keeps it (design §7.9).

A room says which of its columns are sealed and for which context; values sealed for a few days
only (drafts of a form, stored files) are not sealed again, they go.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import BinaryField, Count, F, Func, Model, QuerySet, Value

from guiyan.kernel.crypto import sealed_key_id
from guiyan.platform.jobs import enqueue, job
from guiyan.platform.keys import key_ring

AT_ONCE = 2_000
LENGTH_BYTES = 4  # a stored file is a sequence of sealed pieces, each after its length


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column with sealed values and the context for which each row's is sealed."""

    model: str
    column: str
    context: Callable[[Any], str]

    @property
    def rows(self) -> QuerySet[Model]:
        """The rows with a value, each with the id of its key as bytes."""
        all_rows = apps.get_model(self.model)._default_manager.all()
        some = all_rows.exclude(**{f"{self.column}__isnull": True}).exclude(**{self.column: b""})
        found: QuerySet[Model] = some.annotate(sealed_by=_key_of(self.column))
        return found


_columns: list[SealedColumn] = []


def sealed_column(model: str, column: str, context: Callable[[Any], str]) -> None:
    """Say that a column is sealed; `model` is "room.Model"."""
    _columns.append(SealedColumn(model, column, context))


def values_by_key() -> Counter[str]:
    """How many values each key (by its id) still has to open: rows of every room, and files.

    Runs in a transaction with system scope.
    """
    found: Counter[str] = Counter()
    for column in _columns:
        counted = column.rows.order_by().values_list("sealed_by").annotate(rows=Count("pk"))
        for sealed_by, rows in counted:
            found[bytes(sealed_by).hex()] += rows
    for file in Path(settings.FILES_DIR).glob("??/*.sealed"):
        with file.open("rb") as sealed:
            if piece := sealed.read(LENGTH_BYTES + 64)[LENGTH_BYTES:]:
                found[sealed_key_id(piece)] += 1
    return found


def reseal_some(limit: int) -> int:
    """Seal again up to `limit` values that an old key sealed; returns how many it did."""
    done = 0
    primary = bytes.fromhex(key_ring().primary_id())
    for column in _columns:
        rows = list(column.rows.exclude(sealed_by=primary)[: limit - done])
        for row in rows:
            context = column.context(row)
            plain = key_ring().open_sealed(bytes(getattr(row, column.column)), context=context)
            setattr(row, column.column, key_ring().seal(plain, context=context))
        apps.get_model(column.model)._default_manager.bulk_update(
            rows, [column.column], batch_size=500
        )
        done += len(rows)
    return done


@job("platform.reseal", cron="50 18 * * *")
def reseal() -> None:
    """In steps, each a transaction of its own; each night too, for what slipped in meanwhile."""
    if reseal_some(AT_ONCE) == AT_ONCE:
        enqueue(reseal)


def _key_of(column: str) -> Func:
    """A sealed value begins with version and algorithm; its key's id is the third to sixth byte."""
    return Func(F(column), Value(3), Value(4), function="substring", output_field=BinaryField())
