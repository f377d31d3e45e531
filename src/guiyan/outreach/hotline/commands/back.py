"""Missed calls: one due for each number, closed by a call made; numbers are not opened in bulk."""

from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from guiyan.field import commands as dues
from guiyan.kernel.phones import national_form
from guiyan.outreach.hotline import queries, rules
from guiyan.outreach.hotline.due import (
    blinds_of,
    number_in,
    put_call_back,
    sealed_number,
)
from guiyan.outreach.hotline.queries import KIND
from guiyan.outreach.hotline.types import CallFacts, OpenedNumber
from guiyan.outreach.models import Call, NumberOpening, OperatorStop
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, refuse
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission


@command(Permission.ANSWER_HOTLINE)
def note_missed(*, by: Actor, point_id: UUID, number: str) -> CallFacts:
    """A call that nobody picked up is owed a call back by who is on duty; the same number again is
    the same due, once more missed. Raises Refused for what can't be dialled."""
    point, path = queries.hotline_for(by, point_id)
    call_id, phone = uuid4(), number_in(number)
    again = Call.objects.select_for_update().filter(
        point_id=point.id, number_blind__in=blinds_of(phone), state="missed"
    )
    row = again.first()
    if row is None:
        owner = queries.account_on_duty(point.id, path, now())
        row = Call(
            id=call_id,
            point_id=point.id,
            organisation_id=point.organisation_id,
            path=path,
            kind="missed",
            state="missed",
            last_at=now(),
            owner_account_id=owner,
            by_account_id=by.account_id,
            by_name=by.name,
            **sealed_number(call_id, phone),
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            put_call_back(by, row, owner)
        except IntegrityError:  # somebody noted it at the same moment
            row = again.get()
    if row.id != call_id:
        row.times, row.last_at = row.times + 1, now()
        row.save(update_fields=["times", "last_at"])
    audit.note(subject_kind="call", subject_id=row.id, times=row.times)
    return queries.missed_call_for(by, row.id)


@command(Permission.ANSWER_HOTLINE)
def open_number(*, by: Actor, call_id: UUID) -> OpenedNumber:
    """The number of a missed call, for who calls it back. Who opens many without saying what came
    of the calls is stopped, and security is told (F32); returned, not raised, so that it stands."""
    row = _locked(call_id)
    queries.wait_for_own_openings(by)
    if queries.is_stopped(by):
        audit.note(subject_kind="call", subject_id=row.id, is_stopped=True)
        return OpenedNumber(is_stopped=True)
    opened = queries.opened_without_a_call(by, besides=call_id)
    if rules.is_too_many(opened):
        OperatorStop.objects.create(
            path=by.path, account_id=queries.account_of(by), name=by.name, opened=opened
        )
        audit.note(subject_kind="call", subject_id=row.id, is_stopped=True)
        return OpenedNumber(is_stopped=True)
    NumberOpening.objects.create(call_id=row.id, path=row.path, account_id=queries.account_of(by))
    audit.note(subject_kind="call", subject_id=row.id)
    context = queries.seal_context("number", row.id)
    number = key_ring().open_sealed(bytes(row.number_sealed or b""), context=context).decode()
    return OpenedNumber(national_form(number))


@command(Permission.ANSWER_HOTLINE)
def record_try(*, by: Actor, call_id: UUID, was_reached: bool, is_talking: bool = False) -> None:
    """Called back: reached closes it, otherwise it is still owed. While they are talking it is owed
    until the call is written down, but was no try in vain."""
    row = _locked(call_id)
    if not is_talking:
        row.tries += 1
        row.save(update_fields=["tries"])
    _account_for(by, row)
    if was_reached:
        close_missed(by, row, "reached")
    audit.note(subject_kind="call", subject_id=row.id, was_reached=was_reached)


@command(Permission.ANSWER_HOTLINE)
def set_aside(*, by: Actor, call_id: UUID) -> None:
    """After three tries in vain the caller is left in peace."""
    row = _locked(call_id)
    refuse(rules.may_set_aside(row.tries))
    close_missed(by, row, "set_aside")
    audit.note(subject_kind="call", subject_id=row.id)


@command(Permission.ADMINISTER_ACCOUNTS)
def release_operator(*, by: Actor, stop_id: UUID, reason: str) -> None:
    """Security has looked into it: the operator opens numbers again."""
    row = OperatorStop.objects.select_for_update().filter(id=stop_id, released_at=None).first()
    if row is None:
        raise NotFound("stop")
    row.released_at, row.released_by, row.reason = now(), by.name, reason.strip()[:300]
    row.save(update_fields=["released_at", "released_by", "reason"])
    NumberOpening.objects.filter(account_id=row.account_id, accounted_at=None).update(
        accounted_at=now()
    )
    audit.note(subject_kind="account", subject_id=row.account_id)


def close_missed(by: Actor, row: Call, outcome: str) -> None:
    """The caller was called back, or left in peace: the due is done."""
    row.state, row.outcome, row.closed_at = "done", outcome, now()
    row.save(update_fields=["state", "outcome", "closed_at"])
    _account_for(by, row)
    dues.close_dues(by=by, subject_id=row.id, kinds=[KIND], closed_by=row.id, on=by.today)


def _account_for(by: Actor, row: Call) -> None:
    NumberOpening.objects.filter(
        call_id=row.id, account_id=queries.account_of(by), accounted_at__isnull=True
    ).update(accounted_at=now())


def _locked(call_id: UUID) -> Call:
    row = Call.objects.select_for_update().filter(id=call_id, state="missed").first()
    if row is None:
        raise NotFound("call")
    return row
