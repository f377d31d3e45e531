"""Placing members in branches, one by one or many in one sitting (研判会) that writes its minutes."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.utils import timezone

from guiyan.flows.commands.advancing import advance, checked_case
from guiyan.flows.events import MemberPlaced
from guiyan.flows.models import Sitting
from guiyan.flows.queries import case_facts, get_sitting_for
from guiyan.flows.rules import CaseAct
from guiyan.flows.types import CaseFacts, Placing, SittingFacts
from guiyan.orgs import queries as org_queries
from guiyan.orgs.kinds import Ability
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.events import publish
from guiyan.platform.permissions import Permission


@command(Permission.PLACE_MEMBERS)
def place_members(
    *, by: Actor, placings: Sequence[Placing], sitting_id: UUID | None = None
) -> list[CaseFacts]:
    """Each member goes into a branch below the actor that takes members in (就近入队).

    All are placed or none. Raises Refused "not-a-branch" for a body that can't take members in,
    NotFound for a branch or case outside the scope, and what `may_act` says against.
    """
    branches = {placing.branch_id: _branch(by, placing.branch_id) for placing in placings}
    placed = []
    # Cases are locked in one order, so that two sittings never wait for each other in a ring.
    for placing in sorted(placings, key=lambda placing: placing.case_id):
        case = checked_case(by, placing.case_id, CaseAct.PLACE, None)
        branch = branches[placing.branch_id]
        placed.append(
            case_facts(advance(by, case, CaseAct.PLACE, host=branch, note=placing.reason))
        )
        publish(MemberPlaced(case.id))
    if sitting_id is not None:
        _add_to_minutes(by, sitting_id, placings)
    return placed


def _branch(by: Actor, branch_id: UUID) -> OrganisationFacts:
    branch = org_queries.get_organisation_for(by, branch_id)
    if Ability.HOSTS_MEMBERS not in branch.abilities or not branch.is_open:
        raise Refused(
            "not-a-branch", "%(name)s不能接收党员。请选择一个党支部。", {"name": branch.name}
        )
    return branch


@command(Permission.PLACE_MEMBERS)
def open_sitting(*, by: Actor, organisation_id: UUID, held_on: date, present: str) -> UUID:
    """Begin a sitting of one organisation; returns its id, to which decisions are added."""
    organisation = org_queries.get_organisation_for(by, organisation_id)
    sitting = Sitting.objects.create(
        organisation_id=organisation.id, path=organisation.path, held_on=held_on, present=present
    )
    audit.note(subject_kind="sitting", subject_id=sitting.id)
    return sitting.id


@command(Permission.PLACE_MEMBERS)
def close_sitting(*, by: Actor, sitting_id: UUID) -> None:
    """End a sitting; its minutes can be printed from now on and are not added to."""
    sitting = _sitting(sitting_id)
    sitting.closed_at = sitting.closed_at or timezone.now()
    sitting.save(update_fields=["closed_at"])
    audit.note(subject_kind="sitting", subject_id=sitting.id, decisions=len(sitting.decisions))


@command(Permission.PLACE_MEMBERS)
def hold_sitting(
    *, by: Actor, sitting_id: UUID, placings: Sequence[Placing], left_open: Sequence[UUID]
) -> list[CaseFacts]:
    """What the sitting has decided, in one act: all are placed, those left for next time stand in
    the minutes, and the minutes are closed. Refuses as `place_members` does."""
    placed = place_members(by=by, placings=placings, sitting_id=sitting_id)
    sitting = _sitting(sitting_id)
    sitting.decisions += [
        {"case_id": str(case_id), "branch_id": "", "reason": "", "suggested_id": ""}
        for case_id in left_open
    ]
    sitting.save(update_fields=["decisions"])
    close_sitting(by=by, sitting_id=sitting_id)
    return placed


def _sitting(sitting_id: UUID) -> Sitting:
    sitting = Sitting.objects.select_for_update().filter(id=sitting_id).first()
    if sitting is None:
        raise NotFound("sitting")
    return sitting


@command(Permission.PLACE_MEMBERS)
def note_minutes(*, by: Actor, sitting_id: UUID) -> SittingFacts:
    """A paper with many names on it is opened: who did so stands in the audit before."""
    facts = get_sitting_for(by, sitting_id)
    audit.note(subject_kind="sitting", subject_id=facts.id)
    return facts


def _add_to_minutes(by: Actor, sitting_id: UUID, placings: Sequence[Placing]) -> None:
    sitting = _sitting(sitting_id)
    if sitting.closed_at is not None:
        raise Refused("sitting-closed", "这次研判会已经结束。请另开一次会。")
    sitting.decisions += [
        {name: str(value or "") for name, value in asdict(placing).items()} for placing in placings
    ]
    sitting.save(update_fields=["decisions"])
