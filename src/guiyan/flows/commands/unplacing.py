"""A placement by a slip of the finger, taken back while nothing hangs on it."""

from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.flows import hanging, queries, rules
from guiyan.flows.commands.advancing import advance, checked_case
from guiyan.flows.models import CaseEvent, Letter, Sitting
from guiyan.flows.queries import case_facts
from guiyan.flows.rules import CaseAct, CaseState
from guiyan.flows.types import CaseFacts
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Refusal, refuse
from guiyan.platform.permissions import Permission


@command(Permission.PLACE_MEMBERS)
def undo_placement(*, by: Actor, case_id: UUID) -> CaseFacts:
    """The member waits again with the organisation that had them before the placement.

    Raises Refused "not-latest", "in-minutes" or "hangs", and what `checked_case` says against.
    """
    case = checked_case(by, case_id, CaseAct.UNDO_PLACE, None)
    placing = queries.events_of(by, case.id)[0]
    refuse(against_undoing(case.id, placing))
    before = org_queries.organisation(placing.host_before_id) if placing.host_before_id else None
    return case_facts(advance(by, case, CaseAct.UNDO_PLACE, host=before))


def against_undoing(case_id: UUID, latest: CaseEvent) -> Refusal | None:
    """What stands against taking the latest step back. At most five queries."""
    is_placing = latest.event == CaseAct.PLACE and latest.from_state == CaseState.VERIFIED
    decision = [{"case_id": str(case_id), "branch_id": str(latest.case.host_organisation_id)}]
    letters = Letter.objects.filter(
        case_id=case_id, issued_on__gte=latest.on, withdrawn_on__isnull=True
    )
    return rules.may_undo_placement(
        is_latest=is_placing,
        in_minutes=Sitting.objects.filter(decisions__contains=decision).exists(),
        hangs=_("编入之后开出过函件或证明，不能撤销。要换支部，请重新编入。")
        if letters.exists()
        else hanging.what_hangs_on(case_id, latest.at),
    )
