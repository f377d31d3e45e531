"""Writes of dues: put, closed by an act, opened again, cancelled, given to another, moved along."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import QuerySet

from guiyan.field import due_counts
from guiyan.field.models import Due
from guiyan.field.models.dues import STILL_OPEN, asked_for
from guiyan.field.rules.dues import NewDue, is_overdue_on, why_not_a_window
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_new_columns
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden

_COLUMNS = tuple(NewDue.__dataclass_fields__)
# All stays in one statement, however many persons they go to.
_GIVE = """
update field_due set owner_account_id = given.owner_id
  from unnest(%s::uuid[], %s::uuid[]) as given (case_id, owner_id)
 where field_due.case_id = given.case_id and field_due.closing = ''
   and field_due.subject_kind in ('case', 'call')
"""


@command(None)
def put_dues(*, by: Actor, dues: Sequence[NewDue]) -> int:
    """Each due stands once for its kind, subject and period, however often it is put; returns how
    many are new. For staff and the worker; raises ValueError for a window that ends before it begins.
    """
    _refuse_others(by)
    if wrong := next((why for due in dues if (why := why_not_a_window(due))), ""):
        raise ValueError(wrong)
    columns: dict[str, Sequence[object]] = {
        name: [getattr(due, name) for due in dues] for name in _COLUMNS
    }
    closing = [""] * len(dues)
    columns = {"id": [uuid4() for _ in dues], "closing": closing, **columns}
    late = _late_and_new(dues)
    many = insert_new_columns(Due, columns)
    due_counts.note_changes((d.path, d.kind, d.due_on, d.expires_on, 1) for d in late)
    audit.note(subject_kind="dues", put=many)
    return many


@command(None)
def close_dues(
    *, by: Actor, subject_id: UUID, kinds: Sequence[str], closed_by: UUID, on: date
) -> list[str]:
    """An act does what was asked for on the day on which it happened: what opens later waits for its
    own act, and what had expired by then stays undone. On which day it is noted makes no difference.

    Returns the kinds that were closed.
    """
    _refuse_others(by)
    rows = Due.objects.filter(asked_for(on), subject_id=subject_id, kind__in=kinds)
    closed = _end(rows, "done", on, closed_by)
    audit.note(subject_kind="dues", subject_id=subject_id, closed=closed)
    return closed


@command(None)
def reopen_dues(
    *,
    by: Actor,
    closed_by: UUID,
    due_from: date | None = None,
    subject_ids: Sequence[UUID] | None = None,
) -> int:
    """What had closed or cancelled them was none after all: they are owed again.

    With `due_from` only those that are due on that day or later, with `subject_ids` only theirs.
    """
    _refuse_others(by)
    ended = Due.objects.select_for_update().filter(closed_by=closed_by).exclude(closing="")
    if due_from is not None:
        ended = ended.filter(due_on__gte=due_from)
    if subject_ids is not None:
        ended = ended.filter(subject_id__in=subject_ids)
    rows = list(ended)
    Due.objects.filter(id__in=[row.id for row in rows]).update(
        closing="", closed_on=None, closed_by=None
    )
    _count(rows, 1)
    audit.note(subject_kind="dues", subject_id=closed_by, reopened=len(rows))
    return len(rows)


@command(None)
def cancel_dues(
    *,
    by: Actor,
    subject_ids: Sequence[UUID],
    kinds: Sequence[str] = (),
    period: str = "",
    due_until: date | None = None,
    closed_by: UUID | None = None,
) -> int:
    """Nobody owes this any longer: a stay ended, a member is exempt, a pause begins.

    With `period` only that one; with `due_until` only what is due by that day; `closed_by` names the
    relief, so that `reopen_dues` finds them again.
    """
    _refuse_others(by)
    rows = Due.objects.filter(STILL_OPEN, subject_id__in=subject_ids)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if period:
        rows = rows.filter(period=period)
    if due_until is not None:
        rows = rows.filter(due_on__lte=due_until)
    cancelled = _end(rows, "cancelled", by.today, closed_by)
    audit.note(subject_kind="dues", cancelled=len(cancelled))
    return len(cancelled)


@command(None)
def give_dues(*, by: Actor, owners: Mapping[UUID, UUID | None]) -> int:
    """What is open about each of these stays is from now on this person's (None: nobody's yet).

    Dues of the stay itself ("case") and of calls passed on about it ("call"): what the home side
    owes stays with it.
    """
    _refuse_others(by)
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, [list(owners), list(owners.values())])
        many: int = cursor.rowcount
    audit.note(subject_kind="dues", given=many)
    return many


@command(None)
def take_dues(
    *, by: Actor, subject_ids: Sequence[UUID], kinds: Sequence[str], owner_account_id: UUID | None
) -> int:
    """Whoever takes a duty over owes from now what was open with it."""
    _refuse_others(by)
    rows = Due.objects.filter(STILL_OPEN, subject_id__in=list(subject_ids), kind__in=kinds)
    many = rows.update(owner_account_id=owner_account_id)
    audit.note(subject_kind="dues", taken=many)
    return many


@command(None)
def move_dues(
    *,
    by: Actor,
    case_id: UUID,
    organisation_id: UUID,
    path: str,
    owner_account_id: UUID | None,
    kinds: Sequence[str] = (),
) -> int:
    """A stay went to another host: what is owed goes along, with its windows as they were promised.

    `kinds` keeps apart what the home side owes; empty means all.
    """
    _refuse_others(by)
    rows = Due.objects.filter(STILL_OPEN, case_id=case_id)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    moving = list(rows.select_for_update())
    _move(moving, path, organisation_id=organisation_id, owner_account_id=owner_account_id)
    audit.note(subject_kind="case", subject_id=case_id, moved=len(moving))
    return len(moving)


@command(None)
def readdress_dues(
    *,
    by: Actor,
    subject_id: UUID,
    kinds: Sequence[str],
    case_id: UUID | None,
    subject_kind: str,
    organisation_id: UUID,
    path: str,
) -> int:
    """What is open about a subject is owed elsewhere, by nobody in particular yet, about that stay;
    its window stays as it was promised."""
    _refuse_others(by)
    rows = Due.objects.filter(STILL_OPEN, subject_id=subject_id, kind__in=kinds)
    moving = list(rows.select_for_update())
    _move(
        moving,
        path,
        case_id=case_id,
        subject_kind=subject_kind,
        organisation_id=organisation_id,
        owner_account_id=None,
    )
    audit.note(subject_kind="dues", subject_id=subject_id, moved=len(moving))
    return len(moving)


@command(None)
def carry_dues(
    *,
    by: Actor,
    case_id: UUID,
    next_case_id: UUID,
    organisation_id: UUID,
    path: str,
    kinds: Sequence[str],
) -> int:
    """One stay ended and the next began: what is open of these kinds is owed there, with its
    windows, by the same person, until another is named. What is owed there already stays as it is.
    """
    _refuse_others(by)
    known = set(Due.objects.filter(subject_id=next_case_id).values_list("kind", "period"))
    rows = Due.objects.filter(STILL_OPEN, subject_id=case_id, kind__in=kinds).select_for_update()
    going = [due for due in rows if (due.kind, due.period) not in known]
    _move(
        going,
        path,
        subject_id=next_case_id,
        case_id=next_case_id,
        organisation_id=organisation_id,
    )
    audit.note(subject_kind="case", subject_id=next_case_id, carried=len(going))
    return len(going)


def _move(moving: Sequence[Due], path: str, **facts: UUID | str | None) -> None:
    """Locked rows are owed at another place from now on, and counted there."""
    _count(moving, -1)
    Due.objects.filter(id__in=[due.id for due in moving]).update(path=path, **facts)
    for due in moving:
        due.path = path
    _count(moving, 1)


def _late_and_new(dues: Sequence[NewDue]) -> list[NewDue]:
    """Those that are overdue when they are put, and not there yet: only they change a count."""
    day = due_counts.counted_day()
    if day is None:
        return []
    late = [due for due in dues if is_overdue_on(day, due.due_on, due.expires_on)]
    if not late:
        return []
    rows = Due.objects.filter(subject_id__in={due.subject_id for due in late})
    known = set(rows.values_list("subject_id", "kind", "period"))
    return [due for due in late if (due.subject_id, due.kind, due.period) not in known]


def _end(rows: QuerySet[Due], closing: str, on: date, closed_by: UUID | None) -> list[str]:
    ending = list(rows.select_for_update())
    _count(ending, -1)
    Due.objects.filter(id__in=[due.id for due in ending]).update(
        closing=closing, closed_on=on, closed_by=closed_by
    )
    return sorted({due.kind for due in ending})


def _count(dues: Iterable[Due], change: int) -> None:
    due_counts.note_changes((d.path, d.kind, d.due_on, d.expires_on, change) for d in dues)


def _refuse_others(by: Actor) -> None:
    if not (by.is_staff or by.kind == "system"):
        raise Forbidden("dues")
