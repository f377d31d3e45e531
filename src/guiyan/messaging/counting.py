"""At most four a month: counted where two that send at once wait for each other (trust.md R10)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import F

from guiyan.kernel.calendar import day_of
from guiyan.messaging.models import MonthCount
from guiyan.messaging.rules import MOST_A_MONTH
from guiyan.platform.bulk import insert_rows
from guiyan.platform.scope import beyond_scope

AT_ONCE = 5_000


def month_of(moment: datetime) -> str:
    """The month in China in which a message goes out, whenever it was written."""
    return f"{day_of(moment):%Y-%m}"


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


def recount(member_id: UUID, path: str, was: str, month: str) -> bool:
    """A message that goes out in another month than it was counted in counts in that one; False
    when four went out in it already."""
    lock([(member_id, path)], month)
    full = MonthCount.objects.filter(member_id=member_id, month=month, messages__gte=MOST_A_MONTH)
    if full.exists():
        return False
    add([member_id], month)
    add([member_id], was, -1)
    return True


def merge(kept_id: UUID, gone_id: UUID) -> dict[str, int]:
    """What two files got, one person got. Returns how many of each month were added."""
    rows = list(MonthCount.objects.filter(member_id=gone_id, messages__gt=0))
    for row in rows:
        lock([(kept_id, row.path)], row.month)
        add([kept_id], row.month, row.messages)
    return {row.month: row.messages for row in rows}


def _parts(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
