"""What flows keeps of a member goes with the file."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Q

from guiyan.flows import counts
from guiyan.flows.events import CasesGone
from guiyan.flows.models import Case
from guiyan.members.ending import Keeper
from guiyan.platform.events import publish


def last_ends(before: date) -> Iterable[tuple[UUID, date]]:
    """The members none of whose stays is open, with the day on which the last one ended. One query."""
    return (
        Case.objects.order_by()
        .values("member_id")
        .annotate(last=Max("ended_on"), open=Count("pk", filter=Q(ended_on__isnull=True)))
        .filter(open=0, last__lt=before)
        .values_list("member_id", "last")
        .iterator(chunk_size=2_000)
    )


def erase_stays(member_ids: Sequence[UUID]) -> None:
    """The stays of these members with their steps and letters; the registers' counts follow."""
    cases = list(Case.objects.filter(member_id__in=list(member_ids)))
    counts.note_changes(
        ((case.home_path, case.host_path, case.state), (None, None, case.state)) for case in cases
    )
    remove([case.id for case in cases])


def remove(case_ids: Sequence[UUID]) -> None:
    """Take rows of cases away, those that follow on one another too, and tell upper rooms."""
    rows = Case.objects.filter(id__in=list(case_ids))
    rows.update(previous_case=None)
    rows.delete()
    if case_ids:
        publish(CasesGone(tuple(case_ids)))


KEEPER = Keeper("flows", erase_stays, last_ends)
