"""The only way to a lead or a case: every function takes the actor, and scope is the database's."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from guiyan.flows import rules
from guiyan.flows.models import Case, CaseEvent, Lead, RegisterCount
from guiyan.flows.types import CaseFacts, LeadFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.permissions import Permission


def case_facts(case: Case) -> CaseFacts:
    return CaseFacts(
        id=case.id,
        member_id=case.member_id,
        member_name=case.member_name,
        trade=case.trade,
        state=case.state,
        opened_from=case.opened_from,
        home_organisation_id=case.home_organisation_id,
        home_path=case.home_path,
        home_text=case.home_text,
        home_division_code=case.home_division_code,
        host_organisation_id=case.host_organisation_id,
        host_path=case.host_path,
        host_text=case.host_text,
        host_division_code=case.host_division_code,
        left_on=case.left_on,
        left_precision=case.left_precision,
        reason_away=case.reason_away,
        has_certificate=case.has_certificate,
        search_method=case.search_method,
        answers=case.answers,
        answer_by=case.answer_by,
        contact_lost_since=case.contact_lost_since,
        opened_on=case.opened_on,
        claimed_on=case.claimed_on,
        placed_on=case.placed_on,
        ended_on=case.ended_on,
        end_reason=case.end_reason,
        version=case.version,
    )


def lead_facts(lead: Lead) -> LeadFacts:
    return LeadFacts(
        id=lead.id,
        organisation_id=lead.organisation_id,
        path=lead.path,
        door=lead.door,
        search_method=lead.search_method,
        state=lead.state,
        shown_name=lead.shown_name,
        phone_mask=lead.phone_mask,
        suspicion=lead.suspicion,
        dead_reason=lead.dead_reason,
        answer_by=lead.answer_by,
        received_at=lead.received_at,
        case_id=lead.case_id,
    )


def _require(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise Forbidden(permission)


def cases_for(actor: Actor) -> QuerySet[Case]:
    """Every case that the actor may see; the database narrows it to the scope."""
    if not actor.is_member:
        _require(actor, Permission.SEE_CASES)
    return Case.objects.all()


def get_case_for(actor: Actor, case_id: UUID) -> CaseFacts:
    """One query. Out of scope is NotFound."""
    case = cases_for(actor).filter(id=case_id).first()
    if case is None:
        raise NotFound("case")
    return case_facts(case)


def locked_case(actor: Actor, case_id: UUID) -> Case:
    """The row itself, locked, for this room's commands."""
    case = cases_for(actor).select_for_update().filter(id=case_id).first()
    if case is None:
        raise NotFound("case")
    return case


def sides_of(actor: Actor, case: CaseFacts | Case) -> rules.Sides:
    """Which sides of the case the actor stands on or above."""
    return rules.Sides(
        is_home=actor.scope.covers(case.home_path), is_host=actor.scope.covers(case.host_path)
    )


def events_of(actor: Actor, case_id: UUID) -> list[CaseEvent]:
    """The case's steps, newest first. Two queries."""
    get_case_for(actor, case_id)
    return list(CaseEvent.objects.filter(case_id=case_id).order_by("-at"))


def cases_of_member(actor: Actor, member_id: UUID) -> list[CaseFacts]:
    """All stays of one person that the actor may see, newest first."""
    rows = cases_for(actor).filter(member_id=member_id).order_by("-opened_on")
    return [case_facts(case) for case in rows]


def open_case_of_member(actor: Actor, member_id: UUID) -> CaseFacts | None:
    rows = cases_for(actor).filter(member_id=member_id, ended_on__isnull=True)
    case = rows.first()
    return case_facts(case) if case else None


def open_answers_for(actor: Actor, *, limit: int = 50) -> list[CaseFacts]:
    """What this organisation and those below it owe, the earliest day first; at most one page.

    A case is owed by its home while `answers` is home, by its host while it is host.
    """
    scope = actor.scope
    ours = Q(answers="home", home_path__gte=scope.low, home_path__lt=scope.high) | Q(
        answers="host", host_path__gte=scope.low, host_path__lt=scope.high
    )
    rows = cases_for(actor).filter(ours, ended_on__isnull=True, answer_by__isnull=False)
    return [case_facts(case) for case in rows.order_by("answer_by", "id")[:limit]]


def unplaced_for(actor: Actor, *, limit: int = 200) -> list[CaseFacts]:
    """Members whom a host below the actor has verified and not yet placed in a branch."""
    scope = actor.scope
    rows = cases_for(actor).filter(
        state=rules.CaseState.VERIFIED, host_path__gte=scope.low, host_path__lt=scope.high
    )
    return [case_facts(case) for case in rows.order_by("answer_by", "id")[:limit]]


def leads_for(actor: Actor, *, state: str = "to_verify", limit: int = 100) -> list[LeadFacts]:
    """The inbox of leads, newest first; at most one page."""
    _require(actor, Permission.TAKE_LEADS)
    rows = Lead.objects.filter(state=state).order_by("-received_at")[:limit]
    return [lead_facts(lead) for lead in rows]


def get_lead_for(actor: Actor, lead_id: UUID) -> LeadFacts:
    _require(actor, Permission.TAKE_LEADS)
    lead = Lead.objects.filter(id=lead_id).first()
    if lead is None:
        raise NotFound("lead")
    return lead_facts(lead)


def members_per_branch(actor: Actor, branch_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many open stays each of these branches hosts, from the kept counts: one query."""
    from_counts = RegisterCount.objects.filter(side="in", state=rules.CaseState.PLACED)
    paths = dict(
        Case.objects.filter(host_organisation_id__in=branch_ids, ended_on__isnull=True)
        .values_list("host_organisation_id", "host_path")
        .distinct()
    )
    counts = dict(from_counts.filter(path__in=paths.values()).values_list("path", "count"))
    return {branch: counts.get(path or "", 0) for branch, path in paths.items()}


def register_counts(actor: Actor, path: str) -> dict[str, dict[str, int]]:
    """{"out": {state: n}, "in": {state: n}} of one organisation and all below, kept, not counted."""
    _require(actor, Permission.SEE_REGISTERS)
    counts: dict[str, dict[str, int]] = {"out": {}, "in": {}}
    for side, state, count in RegisterCount.objects.filter(path=path).values_list(
        "side", "state", "count"
    ):
        counts[side][state] = count
    return counts


def is_overdue(case: CaseFacts, today: date) -> bool:
    return case.is_open and case.answer_by is not None and case.answer_by < today
