"""What a contact person's phone brings back: a contact with what was learnt in it, or one taken back.

Each is recorded by the same commands as on the page. The words (note, six clears, a request for
help) come sealed. What a rule refuses is not lost: nobody can mend it on the phone, so a person
looks at it.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guiyan.field.offline import Operation, Outcome, Touched
from guiyan.flows import queries as flow_queries
from guiyan.kernel.calendar import day_of
from guiyan.liaison import rules
from guiyan.liaison.contacts import record_contact, take_back_contact
from guiyan.liaison.keeping import acting_on, acting_on_contact
from guiyan.liaison.on_phone.packets import is_on_list
from guiyan.liaison.six_clears.commands import Said, note_clears
from guiyan.liaison.six_clears.rules import CLEARS, LONGEST, SAYERS
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.permissions import Permission

KIND = "liaison.contact"
UNDO = "liaison.undo_contact"


class ContactBody(BaseModel):
    """How it was tried and whether it reached the member; the day, when it was not just now."""

    model_config = ConfigDict(extra="forbid")
    how: Literal["call", "sms", "wechat", "visit", "letter", "told_by_other"]
    was_reached: bool
    was_talk: bool = False
    why_not: str = Field("", max_length=20)
    on: date | None = None
    next_on: date | None = None
    asks_help: bool = False

    @model_validator(mode="after")
    def _says_one_thing(self) -> "ContactBody":
        if self.why_not and (self.was_reached or self.why_not not in rules.WHY_NOT):
            raise ValueError("why_not")
        return self


class UndoBody(BaseModel):
    """A slip: the operation that it supersedes is the contact."""

    model_config = ConfigDict(extra="forbid")


def hold_stays(touched: Sequence[Touched]) -> None:
    """What two phones say of the same members closes the same dues: the stays in one order first."""
    flow_queries.hold_cases({one.subject_id for one in touched})


def apply_contacts(by: Actor, operations: Sequence[Operation]) -> list[Outcome]:
    return [_one(by, operation, _record) for operation in operations]


def apply_undoes(by: Actor, operations: Sequence[Operation]) -> list[Outcome]:
    return [_one(by, operation, _take_back) for operation in operations]


def _one(by: Actor, one: Operation, act: Callable[[Actor, Operation], Outcome]) -> Outcome:
    """One that is refused spoils no other, and waits for a person."""
    try:
        with transaction.atomic():
            return act(by, one)
    except Refused as refused:
        return Outcome("quarantined", None, refused.code)
    except NotFound:
        return Outcome("quarantined", None, "member-reassigned")


def _record(by: Actor, one: Operation) -> Outcome:
    """The contact, and what was learnt in it, of a member on one's own list; a secretary of the
    member may take over what came too late."""
    with acting_on(by, one.subject_id) as acting:
        return _record_as(acting, one)


def _record_as(by: Actor, one: Operation) -> Outcome:
    body = one.body
    assert isinstance(body, ContactBody)
    case = flow_queries.get_case_for(by, one.subject_id)
    if not (is_on_list(by, case.id) or by.may(Permission.ASSIGN_CONTACT_PERSON)):
        return Outcome("quarantined", None, "member-reassigned")
    at = moment_of(one, body.on)
    record_contact(
        by=by,
        case_id=case.id,
        how=body.how,
        was_reached=body.was_reached,
        note=one.opened.get("note", "").strip(),
        at=at,
        was_talk=body.was_talk,
        why_not=body.why_not,
        next_on=_still_to_come(body.next_on, by.today),
        contact_id=one.id,
    )
    if said := said_in(one.opened, asks_help=body.asks_help):
        note_clears(
            by=by,
            member_id=case.member_id,
            said=said,
            as_of=day_of(at),
            contact_id=one.id,
            case_id=case.id,
        )
    return Outcome("applied")


def _take_back(by: Actor, one: Operation) -> Outcome:
    """Nothing to do where the contact itself still waits: it is closed as superseded."""
    if one.supersedes is not None:
        said_at = moment_of(one, None)
        with acting_on_contact(by, one.supersedes) as acting:
            take_back_contact(by=acting, contact_id=one.supersedes, said_at=said_at)
    return Outcome("applied")


def moment_of(one: Operation, on: date | None) -> datetime:
    """When it was by the server's clock: what the phone's clock said, less by how far it was wrong,
    and never later than now. A day that was named stands for its noon."""
    latest = now()
    at = one.at_device - timedelta(seconds=one.skew_s) if one.at_device else latest
    if on is not None and on != day_of(at):
        at = rules.noon_of(on)
    return min(at, latest)


def _still_to_come(day: date | None, today: date) -> date | None:
    """A day that was agreed on and has passed before the line came back: tomorrow, so that it is
    not forgotten."""
    return None if day is None else max(day, today + timedelta(days=1))


def said_in(opened: dict[str, str], *, asks_help: bool) -> list[Said]:
    """The six clears as they were typed; help is asked for with the difficulty."""
    said_by = opened.get("said_by", "")
    said_by = said_by if said_by in SAYERS else "member"
    found = []
    for code in CLEARS:
        text = opened.get(code, "").strip()[:LONGEST]
        if text:
            sayer = "member" if code == "mind" else said_by
            found.append(Said(code, text, sayer, asks_help and code == "difficulty"))
    return found
