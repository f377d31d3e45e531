"""Areas and teams: proposed, corrected, confirmed, given; a team that falls out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guiyan.access import queries as access
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.outreach.census import commands, papers, queries, rules, words
from guiyan.outreach.census.forms import PartsForm, PersonForm, TeamForm
from guiyan.outreach.census.splitting import areas_needed
from guiyan.outreach.census.types import (
    AreaFacts,
    PersonFacts,
    RoundFacts,
    StandingFacts,
    TeamFacts,
)
from guiyan.outreach.census.views.rounds import pdf
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

_SIZE = 120
_SHOWN_AT_ONCE = 40


def township_of(actor: Actor, round_: RoundFacts, asked: str) -> OrganisationFacts | None:
    """The township that is split: asked for, else the actor's own when it is below the round."""
    try:
        wanted = UUID(asked) if asked else actor.organisation_id
    except ValueError as wrong:
        raise NotFound("organisation") from wrong
    if wanted is None:
        return None
    place = orgs.get_organisation_for(actor, wanted)
    if not place.path.startswith(round_.path):
        raise NotFound("organisation")
    return place


@staff(Permission.MANAGE_CENSUS)
def areas(request: Request, round_id: UUID) -> HttpResponse:
    """A township's areas and teams, or the choice of a township."""
    actor = request.actor
    round_ = queries.get_round_for(actor, round_id)
    place = township_of(actor, round_, request.GET.get("at", ""))
    if place is None or (place.path == round_.path and not request.GET.get("at")):
        whole, parts = queries.coverage(actor, round_.id, round_.organisation_id)
        return page(
            request, "outreach/census/townships.html", round=round_, whole=whole, parts=parts
        )
    whole, _below = queries.coverage(actor, round_.id, place.id)
    found = queries.areas_of(actor, round_.id, path=place.path)
    return page(
        request,
        "outreach/census/areas.html",
        round=round_,
        place=place,
        whole=whole,
        areas=found,
        drafts=[one for one in found if not one.is_confirmed],
        teams=_teams(actor, round_, place),
        parts=PartsForm(initial={"parts": max(areas_needed(whole.total, size=_SIZE), 1)}),
        team_form=TeamForm(),
        kinds=words.PERSON,
    )


def _teams(
    actor: Actor, round_: RoundFacts, place: OrganisationFacts
) -> list[tuple[TeamFacts, list[tuple[PersonFacts, object]]]]:
    return [
        (team, [(one, words.PERSON[one.kind]) for one in team.people])
        for team in queries.teams_of(actor, round_.id, path=place.path)
    ]


def _back(round_id: UUID, place_id: object) -> HttpResponse:
    answer = see_other("outreach:areas", round_id)
    answer.headers["Location"] += f"?at={place_id}"
    return answer


def _id(request: Request, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as wrong:
        raise Refused("nothing-chosen", _("没有选定。请返回选一项再保存。")) from wrong


@staff(Permission.MANAGE_CENSUS)
@require_POST
def propose(request: Request, round_id: UUID) -> HttpResponse:
    form = PartsForm(request.POST)
    if not form.is_valid():
        raise Refused("parts", _("一个乡镇可以分成 1 到 60 片，请改一下片数。"))
    place = _id(request, "at")
    commands.propose_areas(
        by=request.actor, round_id=round_id, organisation_id=place, **form.cleaned_data
    )
    return _back(round_id, place)


@staff(Permission.MANAGE_CENSUS)
@require_POST
def confirm(request: Request, round_id: UUID) -> HttpResponse:
    place = _id(request, "at")
    commands.confirm_areas(by=request.actor, round_id=round_id, organisation_id=place)
    return _back(round_id, place)


@staff(Permission.MANAGE_CENSUS)
@require_POST
def new_team(request: Request, round_id: UUID) -> HttpResponse:
    form = TeamForm(request.POST)
    if not form.is_valid():
        raise Refused("name", _("请写组的名称。"))
    team = commands.make_team(
        by=request.actor, round_id=round_id, organisation_id=_id(request, "at"), **form.cleaned_data
    )
    return see_other("outreach:team", team.id)


@staff()
def area(request: Request, area_id: UUID) -> HttpResponse:
    """An area by street, with what is left; who may manage moves doors and gives it to a team."""
    actor = request.actor
    if not (actor.may(Permission.SEE_CENSUS) or actor.may(Permission.CANVASS)):
        raise PermissionDenied("area")
    found = queries.get_area_for(actor, area_id)
    may_manage = actor.may(Permission.MANAGE_CENSUS)
    round_ = queries.get_round_for(actor, found.round_id) if may_manage else None
    doors = queries.standings_of_area(actor, area_id)
    others: list[AreaFacts] = []
    teams: list[TeamFacts] = []
    if may_manage and round_:
        everywhere = queries.areas_of(actor, found.round_id, path=found.path)
        others = [one for one in everywhere if one.id != found.id and one.path == found.path]
        teams = _open_teams(actor, found.round_id, round_.path)
    return page(
        request,
        "outreach/census/area.html",
        area=found,
        place=orgs.organisation(found.organisation_id),
        streets=list(dict.fromkeys(one.street for one in doors if one.street)),
        walks=_walks(doors),
        others=others,
        teams=teams,
        may_manage=may_manage,
        may_canvass=actor.may(Permission.CANVASS),
    )


@dataclass(frozen=True, slots=True)
class Walk:
    """Doors of one street that stand together on the page; a long street has several such parts."""

    street: str
    first: int  # its place in the street; 0 where the street is not divided
    doors: Sequence[tuple[StandingFacts, object, str, object]]
    is_open: bool

    @property
    def last(self) -> int:
        return self.first + len(self.doors) - 1

    @property
    def left(self) -> int:
        return sum(door[0].is_left for door in self.doors)


def _walks(doors: Sequence[StandingFacts]) -> list[Walk]:
    """By street, as one walks; open is what fits on a page, else where somebody has to go next."""
    walks: list[Walk] = []
    is_short = len(doors) <= _SHOWN_AT_ONCE
    for street, here in groupby(doors, key=lambda one: one.street):
        in_words = [
            (
                one,
                words.STATE[one.state],
                words.TONE.get(one.state, ""),
                words.NOTED.get(one.noted, ""),
            )
            for one in here
        ]
        for start in range(0, len(in_words), _SHOWN_AT_ONCE):
            some = in_words[start : start + _SHOWN_AT_ONCE]
            first = start + 1 if len(in_words) > _SHOWN_AT_ONCE else 0
            is_next = not any(one.is_open for one in walks) and any(d[0].is_left for d in some)
            walks.append(Walk(street, first, some, is_short or is_next))
    return walks


def _open_teams(actor: Actor, round_id: UUID, path: str) -> list[TeamFacts]:
    return [one for one in queries.teams_of(actor, round_id, path=path) if one.ended_on is None]


@staff(Permission.MANAGE_CENSUS)
@require_POST
def give(request: Request, area_id: UUID) -> HttpResponse:
    team = request.POST.get("team", "")
    commands.give_area(
        by=request.actor, area_id=area_id, team_id=_id(request, "team") if team else None
    )
    return see_other("outreach:area", area_id)


@staff(Permission.MANAGE_CENSUS)
@require_POST
def move(request: Request, area_id: UUID) -> HttpResponse:
    """Chosen doors, or a whole street, of this area into another one."""
    doors = [UUID(one) for one in request.POST.getlist("door") if len(one) == 36]
    street = request.POST.get("street")
    commands.move_doors(
        by=request.actor,
        area_id=_id(request, "to"),
        standing_ids=doors,
        street_of=(area_id, street) if street else None,
    )
    return see_other("outreach:area", area_id)


@staff(Permission.CANVASS)
def sheet(request: Request, area_id: UUID) -> HttpResponse:
    """The area on paper, a code for each door."""
    found = queries.get_area_for(request.actor, area_id)
    return pdf(papers.printed_sheet(request.actor, found), f"sheet-{found.number}")


@staff(Permission.MANAGE_CENSUS)
def team(request: Request, team_id: UUID) -> HttpResponse:
    """Who goes in a team, and which areas it has."""
    actor = request.actor
    found = queries.get_team_for(actor, team_id)
    place = orgs.organisation(found.organisation_id)
    form = PersonForm(request.POST or None, people=_people(actor, place))
    if request.method == "POST" and form.is_valid():
        try:
            commands.add_person(by=actor, team_id=team_id, **form.person())
            return see_other("outreach:team", team_id)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(
        request,
        "outreach/census/team.html",
        team=found,
        people=[(one, words.PERSON[one.kind]) for one in found.people],
        areas=queries.areas_of_team(actor, team_id),
        place=place,
        form=form,
    )


def _people(actor: Actor, place: OrganisationFacts) -> list[tuple[str, str]]:
    """Accounts that may canvass at the place, above it and in its branches, by name."""
    paths = [place.path, *(one.path for one in orgs.children_of(place.id))]
    found = {
        str(one.account_id): f"{one.name}（{one.organisation_name}）"
        for path in paths[:60]
        for one in access.staff_at(path, Permission.CANVASS)
    }
    return sorted(found.items(), key=lambda one: one[1])


@staff(Permission.MANAGE_CENSUS)
@require_POST
def remove_person(request: Request, team_id: UUID) -> HttpResponse:
    commands.remove_person(by=request.actor, team_id=team_id, person_id=_id(request, "person"))
    return see_other("outreach:team", team_id)


@staff(Permission.MANAGE_CENSUS)
def fall_out(request: Request, team_id: UUID) -> HttpResponse:
    """Before it happens: which areas, how much is left, who would take them over."""
    actor = request.actor
    found = queries.get_team_for(actor, team_id)
    hit = queries.affected_by(actor, team_id)
    if request.method == "POST":
        if not request.POST.get("reason", "").strip():
            raise Refused("reason", _("请写一句原因。"))
        commands.fall_out(
            by=actor,
            team_id=team_id,
            takers={
                one.area.id: UUID(to)
                for one in hit
                if (to := request.POST.get(f"to-{one.area.id}", ""))
            },
            expected={
                one.area.id: int(request.POST.get(f"version-{one.area.id}", "0") or 0)
                for one in hit
            },
            reason=request.POST["reason"][:200],
        )
        return _back(found.round_id, found.organisation_id)
    teams = [one for one in _open_teams(actor, found.round_id, found.path) if one.id != team_id]
    return page(
        request, "outreach/census/fall_out.html", team=found, hit=hit, teams=teams,
        left=sum(one.area.left for one in hit), kinds=rules.KINDS_OF_PERSON,
    )  # fmt: skip
