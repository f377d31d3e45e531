"""Questions about the cases of many members at once, for workbooks that come in."""

from collections.abc import Iterable
from uuid import UUID

from guiyan.flows.models import Case
from guiyan.flows.queries import facts_of
from guiyan.flows.rules import CaseState
from guiyan.flows.types import CaseFacts
from guiyan.platform.actor import Actor
from guiyan.platform.planning import many_in_scope

__all__ = ["CaseState", "members_with_cases", "open_cases_of"]


def open_cases_of(actor: Actor, member_ids: Iterable[UUID]) -> dict[UUID, CaseFacts]:
    """The open stay of each of these members that the actor may see. One query."""
    rows = Case.objects.filter(member_id__any=member_ids, ended_on__isnull=True)
    # By the index of members: the planner would sooner collect all cases of a wide scope.
    with many_in_scope(in_order=False):
        return {case.member_id: case for case in facts_of(rows)}


def members_with_cases(actor: Actor, member_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the members on whom any stay hangs, open or ended. One query."""
    rows = Case.objects.filter(member_id__any=member_ids)
    with many_in_scope(in_order=False):
        return set(rows.values_list("member_id", flat=True))
