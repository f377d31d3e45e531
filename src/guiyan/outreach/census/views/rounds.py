"""Rounds: planned, opened, watched, closed; what is printed for everybody."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guiyan.flows.papers import printed_poster
from guiyan.orgs import queries as orgs
from guiyan.outreach import jobs
from guiyan.outreach.census import commands, papers, queries, words
from guiyan.outreach.census.forms import ChangeRoundForm, NewRoundForm
from guiyan.outreach.census.types import RoundFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.jobs import enqueue
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission


def pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@staff(Permission.SEE_CENSUS)
def rounds(request: Request) -> HttpResponse:
    """The rounds at, above and below the actor's organisation, with how far each is."""
    found = [
        (one, orgs.organisation(one.organisation_id), words.ROUND[one.state], words.KIND[one.kind])
        for one in queries.rounds_for(request.actor)
    ]
    may_plan = request.actor.may(Permission.MANAGE_CENSUS)
    return page(request, "outreach/census/rounds.html", rounds=found, may_plan=may_plan)


@staff(Permission.MANAGE_CENSUS)
def plan(request: Request) -> HttpResponse:
    """A new round of the actor's organisation."""
    actor = request.actor
    if actor.organisation_id is None:
        raise Refused("no-side", _("请先选择代表哪个单位办理。"))
    form = NewRoundForm(
        request.POST or None, initial={"letter": words.LETTER, "starts_on": actor.today}
    )
    if request.method == "POST" and form.is_valid():
        made = commands.plan_round(
            by=actor, organisation_id=actor.organisation_id, **form.cleaned_data
        )
        return see_other("outreach:round", made.id)
    place = orgs.organisation(actor.organisation_id)
    return page(request, "outreach/census/plan.html", form=form, unit=place)


@staff(Permission.MANAGE_CENSUS)
def change(request: Request, round_id: UUID) -> HttpResponse:
    round_ = own_round(request.actor, round_id)
    names = ("title", "purpose", "starts_on", "ends_on", "letter", "version")
    form = ChangeRoundForm(
        request.POST or None, initial={name: getattr(round_, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        commands.change_round(by=request.actor, round_id=round_.id, **form.cleaned_data)
        return see_other("outreach:round", round_.id)
    place = orgs.organisation(round_.organisation_id)
    return page(request, "outreach/census/plan.html", form=form, unit=place, round=round_)


def own_round(actor: Actor, round_id: UUID) -> RoundFacts:
    """A round of the actor's own part of the tree; a round from above is read, not changed."""
    round_ = queries.get_round_for(actor, round_id)
    if not actor.scope.covers(round_.path):
        raise PermissionDenied("round")
    return round_


@staff(Permission.MANAGE_CENSUS)
@require_POST
def open_(request: Request, round_id: UUID) -> HttpResponse:
    """A small register at once; a large one is opened by the worker, and the page says how far it is."""
    found = commands.ask_to_open(by=request.actor, round_id=round_id)
    if not found.is_open:
        enqueue(jobs.open_round, lock=f"round {round_id}", round_id=str(round_id))
    return see_other("outreach:round", round_id)


@staff(Permission.MANAGE_CENSUS)
@require_POST
def close(request: Request, round_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")[:200]
    made = commands.close_round(by=request.actor, round_id=round_id, reason=reason)
    return see_other("outreach:round", made.id)


@staff(Permission.SEE_CENSUS)
def letter(request: Request, round_id: UUID) -> HttpResponse:
    """The opening letter with the code of the organisation, the hotline and the address."""
    round_ = queries.get_round_for(request.actor, round_id)
    return pdf(papers.printed_letter(request.actor, round_), "census-letter")


@staff(Permission.SEE_CENSUS)
def poster(request: Request, round_id: UUID) -> HttpResponse:
    round_ = queries.get_round_for(request.actor, round_id)
    return pdf(printed_poster(orgs.organisation(round_.organisation_id)), "census-poster")


@staff(Permission.MANAGE_CENSUS)
def conflicts(request: Request, round_id: UUID) -> HttpResponse:
    """Doors of which two visits say different things; a person says which one holds."""
    round_ = queries.get_round_for(request.actor, round_id)
    if request.method == "POST":
        chosen = request.POST.get("visit", "")
        try:
            standing_id, visit_id = UUID(request.POST.get("door", "")), UUID(chosen)
        except ValueError as wrong:
            raise Refused("nothing-chosen", _("请先选定以哪一次走访为准。")) from wrong
        commands.decide_conflict(
            by=request.actor,
            standing_id=standing_id,
            visit_id=visit_id,
            reason=request.POST.get("reason", "")[:200],
        )
        return see_other("outreach:conflicts", round_.id)
    found = []
    for one in queries.conflicts(request.actor, round_.id, limit=30):
        sides = queries.sides_of(request.actor, one)
        found.append((one, [(v, words.STATE[v.state], words.SOURCE[v.source]) for v in sides]))
    return page(request, "outreach/census/conflicts.html", round=round_, doors=found)
