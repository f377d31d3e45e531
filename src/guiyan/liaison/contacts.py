"""Writes of contacts: one was tried, and one recorded by a slip is taken back."""

from datetime import date, datetime, timedelta
from uuid import UUID

from guiyan.field import commands as field_commands
from guiyan.field.types import NewDue
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseFacts
from guiyan.kernel.calendar import day_of
from guiyan.liaison import rules
from guiyan.liaison.cadence.kinds import NAMES, done_by
from guiyan.liaison.models import Contact
from guiyan.liaison.six_clears.commands import withdraw_clears
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, refuse
from guiyan.platform.permissions import Permission

_ASKED_FOR_AFTER = timedelta(days=30)


@command(Permission.RECORD_CONTACT)
def record_contact(
    *,
    by: Actor,
    case_id: UUID,
    how: str,
    was_reached: bool,
    note: str = "",
    at: datetime | None = None,
    was_talk: bool = False,
    why_not: str = "",
    next_on: date | None = None,
    contact_id: UUID | None = None,
) -> UUID:
    """A contact was tried: how, and whether the member was reached. A note is not asked for.

    One that reached the member closes what was due (cadence.kinds); any try does the contact that
    was agreed for the day, and `next_on` agrees on another one. `contact_id`: chosen by a phone.
    """
    case = flow_queries.get_case_for(by, case_id)
    moment = at or now()
    refuse(rules.may_record(how, is_open=case.is_open))
    refuse(rules.may_say(was_reached=was_reached, why_not=why_not, at=moment, now=now()))
    refuse(rules.may_agree(next_on, today=by.today))
    contact = Contact.objects.create(
        **({"id": contact_id} if contact_id else {}),
        case_id=case_id,
        at=moment,
        how=how,
        was_reached=was_reached,
        by_account_id=by.account_id,
        by_name=by.name,
        note=note[:300],
        was_talk=was_talk,
        why_not=why_not,
        next_on=next_on,
    )
    done = done_by(how, was_reached=was_reached, was_talk=was_talk)
    closed: list[str] = []
    if done:
        # Home and host each owe their own: a contact does what lies in the actor's scope.
        closed = field_commands.close_dues(
            by=by,
            subject_id=case_id,
            kinds=sorted(done),
            closed_by=contact.id,
            on=day_of(moment),
        )
    if next_on is not None:
        field_commands.put_dues(by=by, dues=_agreed(by, case, next_on, contact.id))
    audit.note(
        subject_kind="case",
        subject_id=case_id,
        member_id=case.member_id,
        how=how,
        was_reached=was_reached,
        closed=closed,
    )
    return contact.id


@command(Permission.RECORD_CONTACT)
def undo_contact(*, by: Actor, contact_id: UUID) -> UUID:
    """Recorded by a slip: within ten minutes the same person takes it back, and what it had closed
    is owed again. The row stays, marked; what was noted in it goes. Returns the case's id.

    Raises NotFound for somebody else's, Refused "too-late" or "withdrawn".
    """
    contact, case = _own_contact(by, contact_id)
    refuse(
        rules.may_undo(
            noted_at=contact.noted_at, is_withdrawn=contact.withdrawn_at is not None, now=now()
        )
    )
    _withdraw(by, contact, case)
    audit.note(subject_kind="case", subject_id=case.id, member_id=case.member_id)
    return case.id


@command(Permission.RECORD_CONTACT)
def take_back_contact(*, by: Actor, contact_id: UUID, said_at: datetime) -> None:
    """The same from a phone: pressed within ten minutes after the contact, whenever it arrives, or
    arrived within ten minutes of it.

    One that never arrived, or waits for a person, has closed nothing. Raises Refused "too-late".
    """
    if not Contact.objects.filter(id=contact_id, withdrawn_at__isnull=True).exists():
        audit.note(subject_kind="contact", subject_id=contact_id, withdrawn=0)
        return
    contact, case = _own_contact(by, contact_id)
    if rules.may_undo(noted_at=contact.noted_at, is_withdrawn=False, now=now()):
        refuse(rules.may_take_back(at=contact.at, said_at=said_at))
    _withdraw(by, contact, case)
    audit.note(subject_kind="case", subject_id=case.id, member_id=case.member_id)


def _own_contact(by: Actor, contact_id: UUID) -> tuple[Contact, CaseFacts]:
    contact = Contact.objects.select_for_update().filter(id=contact_id).first()
    if contact is None or contact.by_account_id != by.account_id:
        raise NotFound("contact")
    return contact, flow_queries.get_case_for(by, contact.case_id)


def _withdraw(by: Actor, contact: Contact, case: CaseFacts) -> None:
    contact.withdrawn_at = now()
    contact.save(update_fields=["withdrawn_at"])
    if case.is_open:  # about a stay that is over nothing is owed, whatever was recorded
        field_commands.reopen_dues(by=by, closed_by=contact.id)
    if contact.next_on is not None:
        field_commands.cancel_dues(
            by=by, subject_ids=[case.id], kinds=["next"], period=_period(contact.id)
        )
    withdraw_clears(by=by, contact_id=contact.id)


def _period(contact_id: UUID) -> str:
    """What was agreed in one contact goes with that contact alone: taken back and recorded anew for
    the same day, it is agreed again, and what was agreed before stands."""
    return str(contact_id)


def _agreed(by: Actor, case: CaseFacts, day: date, contact_id: UUID) -> list[NewDue]:
    """The next contact, as it was agreed on: in the list of who agreed, on that day."""
    on_host = by.scope.covers(case.host_path)
    organisation_id = case.host_organisation_id if on_host else case.home_organisation_id
    path = case.host_path if on_host else case.home_path
    if organisation_id is None or path is None:
        return []
    return [
        NewDue(
            kind="next",
            case_id=case.id,
            subject_kind="case",
            subject_id=case.id,
            organisation_id=organisation_id,
            path=path,
            owner_account_id=by.account_id,
            opens_on=day,
            due_on=day,
            expires_on=day + _ASKED_FOR_AFTER,
            period=_period(contact_id),
            source=NAMES["next"],
        )
    ]
