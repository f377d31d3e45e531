"""A sitting (研判会): suggestions applied to all and corrected for some, in one act, with minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from guiyan.flows import commands, papers, queries, showing, suggestions
from guiyan.flows.forms import SittingForm
from guiyan.flows.showing import Row
from guiyan.flows.types import Placing, Suggestion
from guiyan.flows.views.letters import pdf
from guiyan.orgs import queries as org_queries
from guiyan.orgs.kinds import Ability
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

AT_ONCE = 100  # members of one sitting's page
LEFT_OPEN = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One member before the sitting: the suggestions, and what has been chosen so far."""

    row: Row
    suggested: Sequence[Suggestion]
    chosen: str
    other: str
    error: str = ""


@staff(Permission.PLACE_MEMBERS)
def new(request: Request) -> HttpResponse:
    """A sitting of the actor's organisation: when, and who is present."""
    actor = request.actor
    if actor.organisation_id is None:
        raise Refused("no-side", _("请先选择代表哪个单位办理。"))
    form = SittingForm(
        request.POST or None, initial={"held_on": actor.today, "present": f"{actor.name}、"}
    )
    if request.method == "POST" and form.is_valid():
        sitting_id = commands.open_sitting(
            by=actor, organisation_id=actor.organisation_id, **form.cleaned_data
        )
        return see_other("flows:sitting", sitting_id)
    return page(request, "flows/new_sitting.html", form=form)


@staff(Permission.PLACE_MEMBERS)
def sitting(request: Request, sitting_id: UUID) -> HttpResponse:
    """Open: every unplaced member with the suggestions. Closed: the minutes."""
    actor = request.actor
    facts = queries.get_sitting_for(actor, sitting_id)
    organisation = org_queries.organisation(facts.organisation_id)
    if facts.is_closed:
        commands.note_minutes(by=actor, sitting_id=sitting_id)
        placements, left_open = papers.decisions_of(actor, facts)
        return page(
            request,
            "flows/minutes.html",
            sitting=facts,
            organisation=organisation,
            placements=placements,
            left_open=left_open,
        )
    proposals = _proposals(actor, request.POST if request.method == "POST" else {})
    if request.method == "POST" and not any(one.error for one in proposals):
        placings = _placings(actor, proposals)
        if placings:
            commands.hold_sitting(
                by=actor,
                sitting_id=sitting_id,
                placings=placings,
                left_open=[one.row.case.id for one in proposals if not (one.chosen or one.other)],
            )
            return see_other("flows:sitting", sitting_id)
    branches = org_queries.organisations_under(actor.path, ability=Ability.HOSTS_MEMBERS)
    return page(
        request,
        "flows/sitting.html",
        422 if request.method == "POST" else 200,
        sitting=facts,
        organisation=organisation,
        proposals=proposals,
        branches=branches,
        is_empty_handed=request.method == "POST" and not any(one.error for one in proposals),
    )


@staff(Permission.PLACE_MEMBERS)
def minutes(request: Request, sitting_id: UUID) -> HttpResponse:
    """The minutes as PDF."""
    facts = commands.note_minutes(by=request.actor, sitting_id=sitting_id)
    return pdf(papers.printed_minutes(request.actor, facts), f"minutes-{facts.held_on:%Y%m%d}")


def _proposals(actor: Actor, typed: Mapping[str, str]) -> list[Proposal]:
    """Before anything was typed the first suggestion is chosen for everybody."""
    cases = queries.unplaced_for(actor, limit=AT_ONCE)
    suggested = suggestions.suggestions_for_many(actor, cases)
    proposals = []
    for row in showing.rows_of(actor, cases):
        offered = suggested[row.case.id]
        first = str(offered[0].organisation_id) if offered else LEFT_OPEN
        chosen = typed.get(f"branch-{row.case.id}", LEFT_OPEN if typed else first)
        other = typed.get(f"other-{row.case.id}", "").strip()
        proposals.append(Proposal(row, offered, chosen, other, _problem(actor, other)))
    return proposals


def _problem(actor: Actor, other: str) -> str:
    if other and org_queries.find_organisation(text=other, under=actor.path) is None:
        return _("没有找到这个支部，或有几个同名。请从列表里选，或写组织代码。")
    return ""


@override(settings.LANGUAGE_CODE)  # reasons are kept in the minutes, in the language of the records
def _placings(actor: Actor, proposals: Sequence[Proposal]) -> list[Placing]:
    placings = []
    for one in proposals:
        first = one.suggested[0].organisation_id if one.suggested else None
        if one.other:
            branch = org_queries.find_organisation(text=one.other, under=actor.path)
            if branch is not None:
                placings.append(Placing(one.row.case.id, branch.id, _("会议研究决定"), first))
        elif one.chosen:
            reasons = {str(each.organisation_id): each.why_on_record for each in one.suggested}
            placings.append(
                Placing(
                    one.row.case.id,
                    _read_id(one.chosen),
                    reasons.get(one.chosen, _("会议研究决定")),
                    first,
                )
            )
    return placings


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise Refused("not-a-branch", _("请从列表里选择一个党支部。")) from wrong
