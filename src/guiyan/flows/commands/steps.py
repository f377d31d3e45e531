"""Steps of an open case: every transition that the machine knows, and what each carries along."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from guiyan.flows import rules
from guiyan.flows.commands.advancing import (
    add_event,
    advance,
    carry_history,
    checked_case,
    refuse_stale,
    sides_in,
)
from guiyan.flows.commands.folding import fold_into_home_file
from guiyan.flows.commands.opening import Opening, open_rows
from guiyan.flows.events import CaseAdvanced, MemberMovedOn
from guiyan.flows.queries import case_facts, locked_case
from guiyan.flows.rules import CaseAct, CaseState
from guiyan.flows.types import CaseFacts, Stay
from guiyan.members import commands as member_commands
from guiyan.members import queries as member_queries
from guiyan.orgs import queries as org_queries
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import refuse
from guiyan.platform.events import publish
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope

# Steps that need nothing but a word; the others have a command of their own.
SIMPLE_STEPS = frozenset(
    {
        CaseAct.TAKE_IN,
        CaseAct.NOT_HERE,
        CaseAct.CONFIRM,
        CaseAct.DENY,
        CaseAct.SLIP_ACCEPTED,
        CaseAct.BEGIN_TRANSFER,
        CaseAct.CANCEL_TRANSFER,
        CaseAct.COME_HOME,
        CaseAct.WITHDRAW,
    }
)


@command(Permission.ANSWER_CASES)
def take_step(
    *, by: Actor, case_id: UUID, act: str, version: int | None = None, reason: str = ""
) -> CaseFacts:
    """One of the simple steps: take in, not here, confirm, deny, begin or cancel a transfer, come
    home, withdraw, or the other side's slip has come back accepted. Confirming a claim joins the
    host's file with home's own, where both bear one ID number.

    Raises Refused "not-now" or "not-yours", Conflict when somebody was faster, NotFound.
    """
    step = CaseAct(act)
    if step not in SIMPLE_STEPS:
        raise ValueError(f"{act} has a command of its own")
    case = checked_case(by, case_id, step, version)
    if step is CaseAct.CONFIRM:
        fold_into_home_file(by, case)
    return case_facts(advance(by, case, step, note=reason))


@command(Permission.ANSWER_CASES)
def notify_host(
    *, by: Actor, case_id: UUID, host_organisation_id: UUID, version: int | None = None
) -> CaseFacts:
    """Home has found out where: the host is told and answers from now on."""
    case = checked_case(by, case_id, CaseAct.NOTIFY, version)
    host = org_queries.organisation(host_organisation_id)
    return case_facts(advance(by, case, CaseAct.NOTIFY, host=host))


@command(Permission.ANSWER_CASES)
def note_abroad(
    *, by: Actor, case_id: UUID, is_abroad: bool, place: str, version: int | None = None
) -> CaseFacts:
    """Home has found out that the member is abroad, or is not: no body of the place answers, home
    itself keeps in touch (regulation art. 34, R-07). Raises Refused "not-now" once a host is told.
    """
    case = checked_case(by, case_id, CaseAct.NOTIFY, version)
    case.is_abroad, case.host_text = is_abroad, place.strip()[:200]
    case.version += 1
    case.save(update_fields=["is_abroad", "host_text", "version", "changed_at"])
    event = "abroad" if is_abroad else "not_abroad"
    add_event(by, case, event, case.state, note=case.host_text)
    audit.note(subject_kind="case", subject_id=case.id, member_id=case.member_id, event=event)
    publish(CaseAdvanced(case.id))
    return case_facts(case)


@command(Permission.ANSWER_CASES)
def complete_transfer(
    *, by: Actor, case_id: UUID, version: int | None = None, reason: str = ""
) -> CaseFacts:
    """The host's slip: the member now belongs to the branch that looked after them (R-03, R-09).

    The case keeps its home of before, so the home that sent the member keeps the record. Where
    the host is outside this deployment, the file stays with home until its time is over.
    """
    case = checked_case(by, case_id, CaseAct.COMPLETE_TRANSFER, version)
    ended = advance(by, case, CaseAct.COMPLETE_TRANSFER, note=reason)
    if case.host_path is not None:
        new_home = replace(
            sides_in(case),
            home_organisation_id=case.host_organisation_id,
            home_path=case.host_path,
            home_text="",
        )
        member_commands.set_sides_of_many(by=by, sides=[new_home])
    return case_facts(ended)


@command(Permission.ANSWER_CASES)
def move_on(
    *,
    by: Actor,
    case_id: UUID,
    stay: Stay,
    next_host_organisation_id: UUID | None = None,
    version: int | None = None,
    reason: str = "",
) -> CaseFacts:
    """The member went on to another place: this stay ends, the next opens, history goes along.

    A next host in this deployment is notified; without one, home answers and finds out where.
    """
    case = checked_case(by, case_id, CaseAct.MOVE_ON, version)
    ended = advance(by, case, CaseAct.MOVE_ON, note=reason)
    host = None
    if next_host_organisation_id is not None:
        host = org_queries.organisation(next_host_organisation_id)
    home = None
    if case.home_organisation_id is not None:
        home = org_queries.organisation(case.home_organisation_id)
    with beyond_scope("the next stay belongs to the member's home and to the next host"):
        member = member_queries.get_member_for(by, case.member_id)
        onward = Opening(
            member=member,
            state=CaseState.NOTIFIED if host else CaseState.DECLARED,
            stay=replace(stay, home_text=stay.home_text or case.home_text),
            home=home,
            host=host,
            previous_case_id=case.id,
        )
        opened = open_rows(by, [onward])[0]
        carry_history(ended.id, opened.id)
    publish(MemberMovedOn(ended.id, opened.id))
    return opened


@command(Permission.ANSWER_CASES)
def mark_contact_lost(
    *, by: Actor, case_id: UUID, since: date | None, version: int | None = None, reason: str
) -> CaseFacts:
    """A person says since when nobody reaches the member (R-10), or that contact is back (None).

    The program only asks for it after the months of the parameter; it never decides.
    """
    case = locked_case(by, case_id)
    refuse_stale(case, version)
    refuse(rules.may_mark_lost(CaseState(case.state), since, by.today))
    case.contact_lost_since = since
    case.version += 1
    case.save(update_fields=["contact_lost_since", "version", "changed_at"])
    event = "contact_lost" if since else "contact_found"
    add_event(by, case, event, case.state, note=reason)
    audit.note(subject_kind="case", subject_id=case.id, member_id=case.member_id, event=event)
    return case_facts(case)
