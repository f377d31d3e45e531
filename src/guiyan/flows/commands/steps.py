"""Steps of an open case: every transition that the machine knows, and what each carries along."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from guiyan.flows import counts, deadlines, queries, rules
from guiyan.flows.commands.opening import Opening, open_cases
from guiyan.flows.models import Case, CaseEvent
from guiyan.flows.queries import case_facts, locked_case
from guiyan.flows.rules import CaseAct, CaseState
from guiyan.flows.types import CaseFacts, Stay
from guiyan.members import commands as member_commands
from guiyan.members import queries as member_queries
from guiyan.members.types import Sides
from guiyan.orgs import queries as org_queries
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Conflict, refuse
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
    home, withdraw, or the other side's slip has come back accepted.

    Raises Refused "not-now" or "not-yours", Conflict when somebody was faster, NotFound.
    """
    step = CaseAct(act)
    if step not in SIMPLE_STEPS:
        raise ValueError(f"{act} has a command of its own")
    case = checked_case(by, case_id, step, version)
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
def complete_transfer(*, by: Actor, case_id: UUID, reason: str = "") -> CaseFacts:
    """The host's slip: the member now belongs to the branch that looked after them (R-03, R-09)."""
    case = checked_case(by, case_id, CaseAct.COMPLETE_TRANSFER, None)
    ended = advance(by, case, CaseAct.COMPLETE_TRANSFER, note=reason)
    with beyond_scope("the member's home becomes the host's branch"):
        member_commands.set_sides_of_many(
            by=by,
            sides=[
                Sides(
                    member_id=case.member_id,
                    home_organisation_id=case.host_organisation_id,
                    home_path=case.host_path,
                    home_text="",
                    host_organisation_id=case.host_organisation_id,
                    host_path=case.host_path,
                )
            ],
        )
    return case_facts(ended)


@command(Permission.ANSWER_CASES)
def move_on(
    *,
    by: Actor,
    case_id: UUID,
    stay: Stay,
    next_host_organisation_id: UUID | None = None,
    reason: str = "",
) -> CaseFacts:
    """The member went on to another place: this stay ends, the next opens, history goes along.

    A next host in this deployment is notified; without one, home answers and finds out where.
    """
    case = checked_case(by, case_id, CaseAct.MOVE_ON, None)
    ended = advance(by, case, CaseAct.MOVE_ON, note=reason)
    host = None
    if next_host_organisation_id is not None:
        host = org_queries.organisation(next_host_organisation_id)
    home = None
    if case.home_organisation_id is not None:
        home = org_queries.organisation(case.home_organisation_id)
    with beyond_scope("the next stay belongs to the member's home and to the next host"):
        member = member_queries.get_member_for(Actor.system(by.name), case.member_id)
        onward = Opening(
            member=member,
            state=CaseState.NOTIFIED if host else CaseState.DECLARED,
            stay=replace(stay, home_text=stay.home_text or case.home_text),
            home=home,
            host=host,
            previous_case_id=case.id,
        )
        opened = open_cases(by=_reaching(by), openings=[onward])[0]
        _carry_history(ended.id, opened.id)
    return opened


@command(Permission.ANSWER_CASES)
def mark_contact_lost(*, by: Actor, case_id: UUID, since: date | None, reason: str) -> CaseFacts:
    """A person says since when nobody reaches the member (R-10), or that contact is back (None).

    The program only asks for it after the months of the parameter; it never decides.
    """
    case = locked_case(by, case_id)
    case.contact_lost_since = since
    case.version += 1
    case.save(update_fields=["contact_lost_since", "version", "changed_at"])
    event = "contact_lost" if since else "contact_found"
    _add_event(by, case, event, case.state, note=reason)
    audit.note(subject_kind="case", subject_id=case.id, member_id=case.member_id, event=event)
    return case_facts(case)


def checked_case(by: Actor, case_id: UUID, act: CaseAct, version: int | None) -> Case:
    """The locked case, once the act is due, the side is right and nobody was faster."""
    case = locked_case(by, case_id)
    if version is not None and version != case.version:
        raise Conflict("刚才有人改动了这条流动记录。请刷新页面，看过最新情况再办理。")
    refuse(
        rules.may_act(
            act,
            CaseState(case.state),
            queries.sides_of(by, case),
            home_is_outside=case.home_path is None,
        )
    )
    return case


def advance(
    by: Actor, case: Case, act: CaseAct, *, host: OrganisationFacts | None = None, note: str = ""
) -> Case:
    """Write one step: state, sides, who answers and by when, event, counts, the file's sides.

    The checks have been made under the actor's scope; the write itself concerns both sides.
    """
    before = (case.home_path, case.host_path, case.state)
    from_state = case.state
    case.state = rules.next_state(CaseState(case.state), act)
    if host is not None:
        case.host_organisation_id, case.host_path = host.id, host.path
        case.host_division_code = host.stands_in_code
    if act is CaseAct.NOT_HERE:
        case.host_organisation_id = case.host_path = None
    _set_days(by, case)
    case.version += 1
    with beyond_scope("a step changes what both sides see"):
        case.save()
        _add_event(by, case, act, from_state, note=note)
        counts.note_change(before, (case.home_path, case.host_path, case.state))
        if (case.home_path, case.host_path) != before[:2]:
            member_commands.set_sides_of_many(by=by, sides=[_sides(case)])
    audit.note(
        subject_kind="case",
        subject_id=case.id,
        member_id=case.member_id,
        act=str(act),
        state=str(case.state),
    )
    return case


def _set_days(by: Actor, case: Case) -> None:
    state = CaseState(case.state)
    case.answers = rules.who_answers(
        state, home_is_here=case.home_path is not None, host_is_here=case.host_path is not None
    )
    answering = case.home_path if case.answers == "home" else case.host_path
    case.answer_by = deadlines.answer_by(state, answering or "", by.today)
    if state in rules.CLAIMED_STATES:
        case.claimed_on = case.claimed_on or by.today
    elif state not in rules.ENDED:
        case.claimed_on = None
    if state is CaseState.PLACED:
        case.placed_on = case.placed_on or by.today
    if state in rules.ENDED:
        case.ended_on, case.end_reason = by.today, str(state)


def _sides(case: Case) -> Sides:
    return Sides(
        member_id=case.member_id,
        home_organisation_id=case.home_organisation_id,
        home_path=case.home_path,
        home_text=case.home_text,
        host_organisation_id=case.host_organisation_id,
        host_path=case.host_path,
    )


def _add_event(by: Actor, case: Case, event: str, from_state: str, *, note: str = "") -> None:
    CaseEvent.objects.create(
        case=case,
        event=event,
        from_state=from_state,
        to_state=case.state,
        organisation_id=by.organisation_id,
        organisation_name=by.organisation_name,
        actor_name=by.name,
        note=note[:300],
        on=by.today,
    )


def _carry_history(from_case_id: UUID, to_case_id: UUID) -> None:
    """The next host meets no gap: the steps of the stay before stand in the new case too."""
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case_id=to_case_id,
            at=event.at,
            event=event.event,
            from_state=event.from_state,
            to_state=event.to_state,
            organisation_id=event.organisation_id,
            organisation_name=event.organisation_name,
            actor_name=event.actor_name,
            note=event.note,
            on=event.on,
        )
        for event in CaseEvent.objects.filter(case_id=from_case_id)
    )


def _reaching(by: Actor) -> Actor:
    """The same person, for the one write that lies on the other side."""
    return replace(by, kind="system")
