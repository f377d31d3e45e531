"""How many dues are overdue at each organisation: counted each night, corrected by deltas by day.

No county's page counts live (design, decision 12). The counts stand as of one day, which a delta
asks for, so that an act after midnight and before the count is not counted twice.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, Q

from guiyan.field.models import CountedDay, Due, OverdueCount, OverdueDelta
from guiyan.field.models.dues import STILL_OPEN
from guiyan.field.rules.dues import is_overdue_on
from guiyan.orgs.queries import ancestor_paths
from guiyan.platform.recounting import count_anew
from guiyan.platform.scope import beyond_scope
from guiyan.platform.turns import wait_for_turn

_COUNTING = "field.counting"
# path, kind, due day, last day, and +1 or −1
Change = tuple[str, str, date, date | None, int]


def counted_day() -> date | None:
    return CountedDay.objects.values_list("day", flat=True).first()


def note_changes(changes: Iterable[Change]) -> None:
    """Dues came or went; those that were overdue on the counted day change a count."""
    day = counted_day()
    if day is None:
        return
    sums: Counter[tuple[str, str]] = Counter()
    for path, kind, due_on, expires_on, change in changes:
        if is_overdue_on(day, due_on, expires_on):
            sums[path, kind] += change
    OverdueDelta.objects.bulk_create(
        OverdueDelta(path=path, kind=kind, change=change)
        for (path, kind), change in sorted(sums.items())
        if change
    )


def fold() -> int:
    """Add waiting deltas to the counts of their organisation and of all above; returns how many.
    One worker at a time counts."""
    wait_for_turn(_COUNTING)
    with beyond_scope("counts of every organisation are kept by the worker"):
        deltas = list(OverdueDelta.objects.all()[:5000])
        sums: Counter[tuple[str, str]] = Counter()
        for delta in deltas:
            for path in ancestor_paths(delta.path):
                sums[path, delta.kind] += delta.change
        for (path, kind), change in sums.items():
            cell = OverdueCount.objects.filter(path=path, kind=kind)
            if not cell.update(count=F("count") + change):
                OverdueCount.objects.create(path=path, kind=kind, count=change)
        OverdueDelta.objects.filter(id__in=[delta.id for delta in deltas]).delete()
    return len(deltas)


def remake(day: date) -> int:
    """Count everything anew as of a day: each night, and after organisations moved or merged."""
    wait_for_turn(_COUNTING)
    with beyond_scope("counts of every organisation are kept by the worker"):
        overdue = Due.objects.filter(STILL_OPEN, due_on__lt=day).filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=day)
        )
        sums: Counter[tuple[str, str]] = Counter()
        rows = overdue.values_list("path", "kind").annotate(many=Count("id")).order_by()
        for path, kind, many in count_anew(OverdueDelta, rows):
            for above in ancestor_paths(path):
                sums[above, kind] += many
        OverdueCount.objects.all().delete()
        OverdueCount.objects.bulk_create(
            (
                OverdueCount(path=path, kind=kind, count=count)
                for (path, kind), count in sums.items()
            ),
            batch_size=2000,
        )
        CountedDay.objects.update_or_create(id=1, defaults={"day": day})
    return len(sums)
