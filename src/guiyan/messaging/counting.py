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
        for some in _parts([one for one, _path in ordered]):
            held = MonthCount.objects.filter(member_id__any=some, month=month)
            held = held.select_for_update().order_by("member_id")
            len(held.values_list("id", flat=True))


def add(member_ids: Sequence[UUID], month: str, change: int = 1) -> None:
    with beyond_scope("a member's four a month count together, whichever side writes"):
        for some in _parts(member_ids):
            rows = MonthCount.objects.filter(member_id__any=some, month=month)
            rows.update(messages=F("messages") + change)


def _parts(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
