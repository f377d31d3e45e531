"""Rounds: planned, opened, watched, closed; what is printed for everybody."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guiyan.field import queries as field
from guiyan.field.types import PhoneFacts
from guiyan.flows.papers import printed_poster
from guiyan.orgs import queries as orgs
from guiyan.outreach.backcheck import queries as backchecks
from guiyan.outreach.census import commands, maps, papers, queries, rules, words
from guiyan.outreach.census.forms import ChangeRoundForm, NewRoundForm
from guiyan.outreach.census.types import AreaFacts, RoundFacts, StandingFacts, Tally
from guiyan.outreach.screening import queries as screening
from guiyan.outreach.screening import words as screening_words
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused
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


@staff(Permission.SEE_CENSUS)
def board(request: Request, round_id: UUID) -> HttpResponse:
    """Coverage of a body and of those below it: what is left, the pace, the end; exceptions."""
    actor = request.actor
    round_ = queries.get_round_for(actor, round_id)
    place = _place(request, round_)
    whole, parts = queries.coverage(actor, round_.id, place.id)
    areas = [] if parts else queries.coverage_of_areas(actor, round_.id, path=place.path)
    of_branches = round_.kind == "branches"
    names = screening_words.STATE if of_branches else words.STATE
    branches = _branches(actor, round_, place.id) if of_branches else []
    listed = {one.organisation_id for one, _state, _tone in branches}
    return page(
        request,
        "outreach/census/board.html",
        round=round_,
        of_branches=of_branches,
        round_state=words.ROUND[round_.state],
        place=place,
        whole=whole,
        forecast=_forecast(actor, round_, whole),
        parts=[
            (one, _forecast(actor, round_, one))
            for one in parts
            if one.id not in listed or one.total > 1
        ],
        branches=branches,
        areas=[(area, tally, _forecast(actor, round_, tally)) for area, tally in areas],
        teams=_teams(actor, round_, areas),
        states=[(word, whole.counts.get(code, 0)) for code, word in names.items()],
        people=[(word, whole.people.get(code, 0)) for code, word in screening_words.ANSWER.items()]
        if of_branches
        else [],
        due=queries.come_back_due(actor, round_.id, path=place.path, on=actor.today, limit=20),
        conflicts=queries.conflicts(actor, round_.id, limit=20),
        silent=_silent_phones(actor),
        back_check=backchecks.of_round(actor, round_.id),
        has_map=bool(_spots(parts)),
        may_manage=actor.may(Permission.MANAGE_CENSUS),
        may_screen=actor.may(Permission.SCREEN_ROSTER),
        is_own=actor.scope.covers(round_.path),
    )


def _branches(
    actor: Actor, round_: RoundFacts, place_id: UUID
) -> list[tuple[StandingFacts, object, str]]:
    """The body itself and those directly below it whose own list stands in the round."""
    ids = [place_id, *(one.id for one in orgs.children_of(place_id))]
    return [
        (one, screening_words.STATE[one.state], screening_words.TONE.get(one.state, ""))
        for one in screening.branches_at(actor, round_.id, ids)
    ]


def _teams(
    actor: Actor, round_: RoundFacts, areas: list[tuple[AreaFacts, Tally]]
) -> list[tuple[Tally, rules.Forecast]]:
    """What each team of a township has left, by name: the sums of its areas."""
    by_team: dict[tuple[str, UUID], list[Tally]] = {}
    for area, tally in areas:
        if area.team_id:
            by_team.setdefault((area.team_name, area.team_id), []).append(tally)
    sums = [(Tally.sum_of(name, tallies, of)) for (name, of), tallies in sorted(by_team.items())]
    return [(one, _forecast(actor, round_, one)) for one in sums]


def _silent_phones(actor: Actor) -> list[PhoneFacts]:
    """Phones of the field that were not heard of for some days, by their holder's name."""
    if not actor.may(Permission.MANAGE_CENSUS):
        return []
    return [one for one in field.phones_for(actor) if one.silent_days >= _SILENT_DAYS]


_SILENT_DAYS = 3


def _place(request: Request, round_: RoundFacts) -> Any:
    """The body that is looked at: asked for, else the actor's own, else that of the round."""
    actor, asked = request.actor, request.GET.get("at", "")
    try:
        wanted = UUID(asked) if asked else None
    except ValueError as wrong:
        raise NotFound("organisation") from wrong
    if wanted is None:
        own = actor.scope.covers(round_.path) or actor.organisation_id is None
        wanted = round_.organisation_id if own else actor.organisation_id
    assert wanted is not None
    place = orgs.get_organisation_for(actor, wanted)
    if not place.path.startswith(round_.path):
        raise NotFound("organisation")
    return place


def _forecast(actor: Actor, round_: RoundFacts, tally: Tally) -> rules.Forecast:
    return rules.forecast(
        total=tally.total,
        left=tally.left,
        done_on=tally.done_on,
        today=actor.today,
        opened_on=round_.opened_on or round_.starts_on,
        ends_on=round_.ends_on,
    )


def _spots(parts: list[Tally]) -> list[maps.Spot]:
    places = orgs.organisations_by_id([one.id for one in parts if one.id])
    return [
        maps.Spot(place.short_name, place.longitude, place.latitude, one.total, one.left)
        for one in parts
        if one.id and (place := places[one.id]).longitude is not None and place.latitude is not None
    ]


@staff(Permission.SEE_CENSUS)
def board_map(request: Request, round_id: UUID) -> HttpResponse:
    """The same as the table beside it, as a drawing."""
    round_ = queries.get_round_for(request.actor, round_id)
    place = _place(request, round_)
    _whole, parts = queries.coverage(request.actor, round_.id, place.id)
    drawn = maps.draw(_spots(parts), words_left=_("剩%(n)s"), title=place.name)
    return HttpResponse(drawn, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@staff(Permission.MANAGE_CENSUS)
@require_POST
def open_(request: Request, round_id: UUID) -> HttpResponse:
    return see_other("outreach:round", commands.open_round(by=request.actor, round_id=round_id).id)


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
        visits = queries.visits_of(request.actor, one.id)
        sides = [v for v in visits if v.id == one.visit_id or v.outcome == "conflict"]
        found.append((one, [(v, words.STATE[v.state], words.SOURCE[v.source]) for v in sides]))
    return page(request, "outreach/census/conflicts.html", round=round_, doors=found)
