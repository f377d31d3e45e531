"""Placing one by one: the list and the map of the unplaced, three branches for each."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guiyan.flows import commands, maps, queries, showing, suggestions
from guiyan.flows.commands.unplacing import against_undoing
from guiyan.flows.forms import PlaceForm
from guiyan.flows.rules import CaseState
from guiyan.flows.types import Placing
from guiyan.kernel.keyset import CursorBroken
from guiyan.orgs import queries as org_queries
from guiyan.orgs.kinds import Ability
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.pages import Request, page, see_other, see_other_with, staff
from guiyan.platform.permissions import Permission


@staff(Permission.PLACE_MEMBERS)
def unplaced(request: Request) -> HttpResponse:
    """Who waits for a branch, the earliest day first, with three suggestions and their reasons."""
    actor = request.actor
    try:
        found = queries.unplaced_page(actor, cursor=request.GET.get("cursor", ""))
    except CursorBroken:
        return see_other("flows:placement")
    suggested = suggestions.suggestions_for_many(actor, found.cases)
    rows = [(row, suggested[row.case.id]) for row in showing.rows_of(actor, found.cases)]
    return page(
        request,
        "flows/placement.html",
        rows=rows,
        following=f"?cursor={found.next_cursor}" if found.next_cursor else "",
        drawn=maps.placement_map(actor, found.cases),
        sittings=queries.sittings_for(actor, limit=5),
        placed=_just_placed(actor, request.GET.get("placed", "")),
    )


@dataclass(frozen=True, slots=True)
class JustPlaced:
    """The placement just made: where to, and what stands against taking it back."""

    row: showing.Row
    branch_id: UUID
    against: str


def _just_placed(actor: Actor, case_id: str) -> JustPlaced | None:
    """None for an address without a placement, or one that has been taken back since."""
    try:
        case = queries.get_case_for(actor, UUID(case_id))
    except (ValueError, NotFound):
        return None
    if case.state != CaseState.PLACED or case.host_organisation_id is None:
        return None
    against = against_undoing(case.id, queries.events_of(actor, case.id)[0])
    return JustPlaced(
        showing.rows_of(actor, [case])[0],
        case.host_organisation_id,
        _(against.message) if against else "",
    )


@staff(Permission.PLACE_MEMBERS)
@require_POST
def undo(request: Request, case_id: UUID) -> HttpResponse:
    """Back among those who wait for a branch."""
    commands.undo_placement(by=request.actor, case_id=case_id)
    return see_other("flows:placement")


@staff(Permission.PLACE_MEMBERS)
def place(request: Request, case_id: UUID) -> HttpResponse:
    """One member into one branch: a suggestion, or any other branch below. The host's side alone
    places, so to the home side there is no such page."""
    actor = request.actor
    case = queries.get_case_for(actor, case_id)
    if not actor.scope.covers(case.host_path):
        raise NotFound("case")
    suggested = suggestions.suggestions_for(actor, case)
    first = [one.organisation_id for one in suggested]
    branches = org_queries.organisations_under(actor.path, ability=Ability.HOSTS_MEMBERS)
    branches.sort(key=lambda branch: (branch.id not in first, branch.path))
    form = PlaceForm(request.POST or None, suggestions=suggested, branches=branches)
    if request.method == "POST" and form.is_valid():
        chosen = Placing(
            case_id=case.id,
            branch_id=UUID(form.cleaned_data["branch_id"]),
            reason=form.why(),
            suggested_id=first[0] if first else None,
        )
        commands.place_members(by=actor, placings=[chosen])
        return see_other_with("flows:placement", placed=case.id)
    return page(request, "flows/place.html", case=case, form=form, suggested=suggested)
