"""Counts of the registers: a delta in the write's own transaction, folded by the worker.

No province row is touched by a village's write, so nobody waits for anybody (design, decision 12).
"""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, F, QuerySet, Value

from guiyan.flows.models import Case, CountDelta, RegisterCount
from guiyan.orgs.queries import ancestor_paths
from guiyan.platform.recounting import count_anew
from guiyan.platform.scope import beyond_scope
from guiyan.platform.turns import wait_for_turn

_COUNTING = "flows.counting"
_COLUMNS = {"out": "home_path", "in": "host_path"}
Standing = tuple[str | None, str | None, str]  # home path, host path, state


def note_change(before: Standing | None, after: Standing) -> None:
    """Record that a case went from one standing to another; None when it was just opened."""
    note_changes([(before, after)])


def note_changes(changes: Iterable[tuple[Standing | None, Standing]]) -> None:
    """The same for many cases: rows of equal path, side and state are added up first."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for before, after in changes:
        if before is not None:
            sums.subtract(_cells(before))
        sums.update(_cells(after))
    CountDelta.objects.bulk_create(
        CountDelta(path=path, side=side, state=state, change=change)
        for (path, side, state), change in sums.items()
        if change
    )


def _cells(standing: Standing) -> list[tuple[str, str, str]]:
    home, host, state = standing
    return [(path, side, state) for path, side in ((home, "out"), (host, "in")) if path]


def fold() -> int:
    """Add waiting deltas to the counts of their organisation and of all above; returns how many.

    One worker at a time counts.
    """
    wait_for_turn(_COUNTING)
    with beyond_scope("counts of every organisation are kept by the worker"):
        deltas = list(CountDelta.objects.all()[:5000])
        sums: Counter[tuple[str, str, str]] = Counter()
        for delta in deltas:
            for path in ancestor_paths(delta.path):
                sums[path, delta.side, delta.state] += delta.change
        for (path, side, state), change in sums.items():
            _add(path, side, state, change)
        CountDelta.objects.filter(id__in=[delta.id for delta in deltas]).delete()
    return len(deltas)


def remake() -> int:
    """Count everything anew, after organisations moved or merged; returns the cells written.

    The one place that reads all cases; a job does it, and no page waits for it.
    """
    wait_for_turn(_COUNTING)
    with beyond_scope("counts of every organisation are kept by the worker"):
        sums: Counter[tuple[str, str, str]] = Counter()
        for path, side, state, many in count_anew(
            CountDelta, _found("out").union(_found("in"), all=True)
        ):
            for above in ancestor_paths(path):
                sums[above, side, state] += many
        RegisterCount.objects.all().delete()
        RegisterCount.objects.bulk_create(
            (
                RegisterCount(path=path, side=side, state=state, count=count)
                for (path, side, state), count in sums.items()
            ),
            batch_size=2000,
        )
    return len(sums)


def _found(side: str) -> QuerySet[Case, tuple[str, str, str, int]]:
    """Path, side, state and how many, of all cases that have this side."""
    column = _COLUMNS[side]
    rows = Case.objects.filter(**{f"{column}__isnull": False}).order_by()
    return rows.values_list(column, Value(side), "state").annotate(many=Count("id"))


def _add(path: str, side: str, state: str, change: int) -> None:
    cell = RegisterCount.objects.filter(path=path, side=side, state=state)
    if not cell.update(count=F("count") + change):
        RegisterCount.objects.create(path=path, side=side, state=state, count=change)
