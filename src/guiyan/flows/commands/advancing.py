"""How a case goes one step on, for every command that makes it: checks first, then one write."""

from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.flows import counts, deadlines, queries, rules
from guiyan.flows.events import CaseAdvanced
from guiyan.flows.models import Case, CaseEvent
from guiyan.flows.queries import locked_case
from guiyan.flows.rules import CaseAct, CaseState
from guiyan.members import commands as member_commands
from guiyan.members.types import Sides
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Conflict, refuse
from guiyan.platform.events import publish
from guiyan.platform.scope import beyond_scope


def checked_case(by: Actor, case_id: UUID, act: CaseAct, version: int | None) -> Case:
    """The locked case, once the act is due, the side is right and nobody was faster."""
    case = locked_case(by, case_id)
    refuse_stale(case, version)
    refuse(
        rules.may_act(
            act,
            CaseState(case.state),
            queries.sides_of(by, case),
            home_is_outside=case.home_path is None,
            host_is_outside=case.host_path is None,
        )
    )
    return case


def refuse_stale(case: Case, version: int | None) -> None:
    if version is not None and version != case.version:
        raise Conflict(_("刚才有人改动了这条流动记录。请刷新页面，看过最新情况再办理。"))


def advance(
    by: Actor, case: Case, act: CaseAct, *, host: OrganisationFacts | None = None, note: str = ""
) -> Case:
    """Write one step: state, sides, who answers and by when, event, counts, the file's sides.

    The checks have been made under the actor's scope; the write itself concerns both sides.
    """
    before = (case.home_path, case.host_path, case.state)
    from_state, host_before_id = case.state, case.host_organisation_id
    case.state = rules.next_state(CaseState(case.state), act)
    if host is not None:
        case.host_organisation_id, case.host_path = host.id, host.path
        case.host_division_code = host.stands_in_code
        case.is_abroad = False
    if act is CaseAct.NOT_HERE:
        case.host_organisation_id = case.host_path = None
    _set_days(by, case)
    case.version += 1
    with beyond_scope("a step changes what both sides see"):
        case.save()
        add_event(by, case, act, from_state, note=note, host_before_id=host_before_id)
        counts.note_change(before, (case.home_path, case.host_path, case.state))
        if (case.home_path, case.host_path) != before[:2]:
            member_commands.set_sides_of_many(by=by, sides=[sides_in(case)])
    audit.note(
        subject_kind="case",
        subject_id=case.id,
        member_id=case.member_id,
        act=str(act),
        state=str(case.state),
    )
    publish(CaseAdvanced(case.id))
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
    if state is CaseState.VERIFIED:
        case.placed_on = None
    if state is CaseState.PLACED:
        case.placed_on = case.placed_on or by.today
    if state in rules.ENDED:
        case.ended_on, case.end_reason = by.today, str(state)


def sides_in(case: Case) -> Sides:
    return Sides(
        member_id=case.member_id,
        home_organisation_id=case.home_organisation_id,
        home_path=case.home_path,
        home_text=case.home_text,
        host_organisation_id=case.host_organisation_id,
        host_path=case.host_path,
    )


def add_event(
    by: Actor,
    case: Case,
    event: str,
    from_state: str,
    *,
    note: str = "",
    host_before_id: UUID | None = None,
) -> None:
    CaseEvent.objects.create(
        case=case,
        event=event,
        from_state=from_state,
        to_state=case.state,
        organisation_id=by.organisation_id,
        organisation_name=by.organisation_name,
        actor_name=by.name,
        host_before_id=host_before_id,
        note=note[:300],
        on=by.today,
    )


def carry_history(from_case_id: UUID, to_case_id: UUID) -> None:
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
