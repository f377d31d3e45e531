"""What is due: a person's own list, a subject's, and what is overdue in a part of the tree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from guiyan.field.models import Due, OverdueCount
from guiyan.field.models.dues import STILL_OPEN, asked_for
from guiyan.field.rules.dues import DueState, state_on
from guiyan.kernel.keyset import decode_cursor, encode_cursor
from guiyan.platform.actor import Actor
from guiyan.platform.planning import many_in_scope

ON_A_PAGE = 50
_KINDS_AT_ONCE = 4  # of one stay, so many may be open together
_MINE = "field.dues"
_OVERDUE = "field.overdue"
# Dues whose subject is the stay itself, whichever side owes them.
_OF_STAYS = Q(subject_id=F("case_id"))


@dataclass(frozen=True, slots=True)
class DueFacts:
    """One due as pages and other rooms see it."""

    id: UUID
    kind: str
    case_id: UUID | None
    subject_kind: str
    subject_id: UUID
    organisation_id: UUID
    path: str
    owner_account_id: UUID | None
    opens_on: date
    due_on: date
    expires_on: date | None
    period: str
    source: str
    closing: str
    closed_on: date | None
    closed_by: UUID | None

    def state(self, on: date) -> DueState:
        return state_on(
            on,
            opens_on=self.opens_on,
            due_on=self.due_on,
            expires_on=self.expires_on,
            closing=self.closing,
        )


@dataclass(frozen=True, slots=True)
class DuePage:
    """At most one page of dues, and the cursor of the next one."""

    dues: list[DueFacts]
    next_cursor: str = ""


_COLUMNS = tuple(DueFacts.__dataclass_fields__)


def _facts(rows: QuerySet[Due]) -> list[DueFacts]:
    return [DueFacts(*row) for row in rows.values_list(*_COLUMNS)]


def dues_for(
    actor: Actor, account_id: UUID, on: date, cursor: str = "", *, limit: int = ON_A_PAGE
) -> DuePage:
    """Whom a person of staff is to contact on a day: each stay once, by its earliest due, and that
    first. Calls that were passed on have a list of their own.

    One query along the index of the person's dues, and two words to the planner.
    """
    mine = Due.objects.filter(asked_for(on), _OF_STAYS, owner_account_id=account_id)
    # As text, so that a subject's other dues are found by the subject: by the index of the person
    # each of them would be looked up among thousands.
    whose = Due.objects.annotate(whose=Cast("owner_account_id", TextField()))
    earlier = whose.filter(
        asked_for(on), whose=str(account_id), subject_id=OuterRef("subject_id")
    ).filter(Q(due_on__lt=OuterRef("due_on")) | Q(due_on=OuterRef("due_on"), id__lt=OuterRef("id")))
    rows = mine.filter(~Exists(earlier)).order_by("due_on", "subject_id")
    if cursor:
        day, subject_id = decode_cursor(cursor, of=_MINE, shape=(date, UUID))
        rows = rows.filter(Q(due_on__gt=day) | Q(due_on=day, subject_id__gt=subject_id))
        rows = rows.filter(due_on__gte=day)
    with many_in_scope(in_order=True):
        found = _facts(rows[: limit + 1])
    if len(found) <= limit:
        return DuePage(found)
    last = found[limit - 1]
    return DuePage(found[:limit], encode_cursor((last.due_on, last.subject_id), of=_MINE))


def dues_of_the_home_side(
    actor: Actor, organisation_id: UUID, path: str, on: date, *, limit: int = ON_A_PAGE
) -> list[DueFacts]:
    """What an organisation owes its own who are away, and no one person does: each stay once, by
    its earliest due; at most one page. One query along the index of the place."""
    rows = Due.objects.filter(
        asked_for(on), path=path, organisation_id=organisation_id,
        owner_account_id__isnull=True, subject_kind="home",
    )  # fmt: skip
    first: dict[UUID, DueFacts] = {}
    for due in _facts(rows.order_by("due_on", "id")[: limit * _KINDS_AT_ONCE]):
        first.setdefault(due.subject_id, due)
    return list(first.values())[:limit]


def dues_ahead(
    actor: Actor,
    account_id: UUID,
    on: date,
    until: date,
    *,
    case_ids: Sequence[UUID] | None = None,
    limit: int = 5_000,
) -> list[DueFacts]:
    """What a person of staff owes on a day and what opens until another, the earliest first: for a
    list that is taken along, of all stays or of these. One query along the index of the person's
    dues."""
    lasting = Q(expires_on__isnull=True) | Q(expires_on__gte=on)
    mine = Due.objects.filter(
        STILL_OPEN & lasting & _OF_STAYS, owner_account_id=account_id, opens_on__lte=until
    )
    if case_ids is not None:
        mine = mine.filter(case_id__in=case_ids)
    return _facts(mine.order_by("due_on", "subject_id", "kind")[:limit])


def dues_of_subjects(
    actor: Actor, subject_ids: Sequence[UUID], on: date
) -> dict[UUID, list[DueFacts]]:
    """All that is asked for on that day of several subjects, the earliest first. One query."""
    rows = Due.objects.filter(asked_for(on), subject_id__in=subject_ids).order_by("due_on", "kind")
    found: dict[UUID, list[DueFacts]] = {}
    for due in _facts(rows):
        found.setdefault(due.subject_id, []).append(due)
    return found


def subjects_owed_by(actor: Actor, kind: str) -> "QuerySet[Due, UUID]":
    """The subjects of open dues of one kind that are the actor's, or nobody's yet, in scope: as a
    sub-query for lists of those subjects."""
    mine = Q(owner_account_id=actor.account_id) | Q(owner_account_id__isnull=True)
    return Due.objects.filter(STILL_OPEN, mine, kind=kind).values_list("subject_id", flat=True)


def open_kinds_of(actor: Actor, subject_id: UUID, on: date) -> list[DueFacts]:
    """What is asked for of one subject on that day. One query."""
    return dues_of_subjects(actor, [subject_id], on).get(subject_id, [])


def begun_between(actor: Actor, kind: str, first: date, last: date) -> Iterator[DueFacts]:
    """What of one kind began to be owed in these days and still is. One query, read as it comes."""
    rows = Due.objects.filter(STILL_OPEN, kind=kind, opens_on__gte=first, opens_on__lte=last)
    for row in rows.values_list(*_COLUMNS).iterator(chunk_size=5_000):
        yield DueFacts(*row)


def still_owed(actor: Actor, kind: str) -> QuerySet[Due]:
    """What of one kind is owed in scope, as rows, to be asked whether there is any."""
    return Due.objects.filter(STILL_OPEN, kind=kind)


def overdue_under(
    actor: Actor, path: str, on: date, cursor: str = "", *, limit: int = ON_A_PAGE
) -> DuePage:
    """What is overdue at an organisation and below it, the earliest first. One query."""
    rows = Due.objects.filter(
        asked_for(on), due_on__lt=on, path__gte=path, path__lt=path + "~"
    ).order_by("due_on", "id")
    return _page(rows, cursor, limit)


def overdue_subjects(
    actor: Actor,
    path: str,
    on: date,
    kinds: Sequence[str],
    cursor: str = "",
    *,
    limit: int = ON_A_PAGE,
) -> DuePage:
    """The same, each subject once, by its earliest overdue due of these kinds. One query."""
    wanted = Due.objects.filter(asked_for(on), due_on__lt=on, kind__in=kinds)
    here = wanted.filter(path__gte=path, path__lt=path + "~")
    earlier = wanted.filter(subject_id=OuterRef("subject_id")).filter(
        Q(due_on__lt=OuterRef("due_on")) | Q(due_on=OuterRef("due_on"), id__lt=OuterRef("id"))
    )
    rows = here.filter(~Exists(earlier)).order_by("due_on", "id")
    return _page(rows, cursor, limit)


def expired_under(
    actor: Actor, path: str, on: date, since: date, kinds: Sequence[str], *, limit: int = ON_A_PAGE
) -> list[DueFacts]:
    """What of these kinds nobody did in its time at an organisation and below it, and expired since
    a day; the latest first, at most one page. One query."""
    rows = Due.objects.filter(STILL_OPEN, kind__in=kinds, path__gte=path, path__lt=path + "~")
    rows = rows.filter(expires_on__lt=on, expires_on__gte=since)
    return _facts(rows.order_by("-expires_on", "id")[:limit])


def overdue_case_ids(
    actor: Actor, path: str, on: date, kinds: Sequence[str]
) -> "QuerySet[Due, UUID | None]":
    """The cases with an overdue due of these kinds there, as a sub-query for lists of cases."""
    rows = Due.objects.filter(asked_for(on), due_on__lt=on, kind__in=kinds)
    rows = rows.filter(path__gte=path, path__lt=path + "~", case_id__isnull=False)
    return rows.values_list("case_id", flat=True)


def _page(rows: QuerySet[Due], cursor: str, limit: int) -> DuePage:
    if cursor:
        day, due_id = decode_cursor(cursor, of=_OVERDUE, shape=(date, UUID))
        rows = rows.filter(Q(due_on__gt=day) | Q(due_on=day, id__gt=due_id), due_on__gte=day)
    found = _facts(rows[: limit + 1])
    if len(found) <= limit:
        return DuePage(found)
    last = found[limit - 1]
    return DuePage(found[:limit], encode_cursor((last.due_on, last.id), of=_OVERDUE))


def overdue_counts(actor: Actor, path: str) -> dict[str, int]:
    """Overdue dues by kind at a body and all below it, from the kept counts. One query."""
    rows = OverdueCount.objects.filter(path=path, count__gt=0)
    return dict(rows.values_list("kind", "count"))
