"""At most four a month: counted where two that send at once wait for each other (trust.md R10)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from django.db.models import F

from guiyan.messaging.models import MonthCount
from guiyan.platform.bulk import insert_rows
from guiyan.platform.scope import beyond_scope

AT_ONCE = 5_000


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def lock(members: Sequence[tuple[UUID, str]], month: str) -> None:
    """Hold the counts of these members (id, path) until the transaction ends, in one order."""
    ordered = sorted(members)
    with beyond_scope("a member's four a month count together, whichever side writes"):
        rows = [
            MonthCount(id=uuid4(), key=f"{one}:{month}", member_id=one, path=path, month=month)
            for one, path in ordered
        ]
        insert_rows(rows, unless_taken="key")
        for some in _parts([row.key for row in rows]):
            held = MonthCount.objects.select_for_update().filter(key__in=some).order_by("key")
            len(held.values_list("id", flat=True))


def add(member_ids: Sequence[UUID], month: str, change: int = 1) -> None:
    with beyond_scope("a member's four a month count together, whichever side writes"):
        for some in _parts([f"{one}:{month}" for one in member_ids]):
            MonthCount.objects.filter(key__in=some).update(messages=F("messages") + change)


def _parts(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]
