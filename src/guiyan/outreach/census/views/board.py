"""Supervision: what is left of a body, of those below it, of its areas, teams and streets; a map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guiyan.field import queries as field
from guiyan.field.types import PhoneFacts
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.outreach.backcheck import queries as backchecks
from guiyan.outreach.census import maps, opening, queries, rules, supervision, words
from guiyan.outreach.census.supervision import StreetTally
from guiyan.outreach.census.types import AreaFacts, RoundFacts, StandingFacts, Tally
from guiyan.outreach.screening import queries as screening
from guiyan.outreach.screening import words as screening_words
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.pages import Request, page, staff
from guiyan.platform.permissions import Permission

_SILENT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of coverage; `note` says what else is to be known of it."""

    name: str
    tally: Tally
    forecast: rules.Forecast
    url: str = ""
    note: str = ""
    has_nobody: bool = False  # no team goes there


class _Lines:
    """Lines of one round as one person sees it."""

    def __init__(self, request: Request, round_: RoundFacts, place: OrganisationFacts) -> None:
        self.actor, self.round, self.place = request.actor, round_, place
        self.by_help = request.GET.get("sort") == "help"

    def line(self, name: str, tally: Tally, url: str = "", note: str = "") -> Line:
        return Line(name, tally, self.forecast(tally), url, note)

    def forecast(self, tally: Tally) -> rules.Forecast:
        return rules.forecast(
            total=tally.total,
            left=tally.left,
            done_on=tally.done_on,
            today=self.actor.today,
            opened_on=self.round.opened_on or self.round.starts_on,
            ends_on=self.round.ends_on,
        )

    def sorted(self, lines: Iterable[Line]) -> list[Line]:
        return supervision.in_order(lines, lambda one: one.forecast, by_help=self.by_help)

    def parts(self, parts: Sequence[Tally]) -> list[Line]:
        return self.sorted(self.line(one.name, one, f"?at={one.id}") for one in parts)

    def areas(self, areas: Sequence[tuple[AreaFacts, Tally]]) -> list[Line]:
        return self.sorted(
            Line(
                words.area_name(area.number, area.name),
                tally,
                self.forecast(tally),
                reverse("outreach:area", args=[area.id]),
                area.team_name,
                has_nobody=area.team_id is None,
            )
            for area, tally in areas
        )

    def teams(self) -> list[Line] | None:
        """None where there are too many, and one goes to a county first."""
        found = supervision.teams_of(self.actor, self.round.id, path=self.place.path)
        may_open = self.actor.may(Permission.MANAGE_CENSUS)
        if found is None:
            return None
        return self.sorted(
            self.line(one.name, one, reverse("outreach:team", args=[one.id]) if may_open else "")
            for one in found
        )

    def where(self, one: StreetTally) -> str:
        """Its area; a village in several leads to its streets."""
        if len(one.area_ids) == 1:
            return reverse("outreach:area", args=one.area_ids)
        asked = urlencode({"at": self.place.id, "village": one.village})
        streets = f"{reverse('outreach:streets', args=[self.round.id])}?{asked}"
        return streets if one.village and not one.tally.name.removeprefix(one.village) else ""

    def streets(
        self, streets: Sequence[StreetTally], areas: Sequence[tuple[AreaFacts, Tally]]
    ) -> list[Line]:
        """Each with the areas in which it lies, and the teams that walk them."""
        by_id = {area.id: area for area, _tally in areas}
        return self.sorted(
            self.line(
                one.tally.name or one.village or _("没有写街道"),
                one.tally,
                self.where(one),
                "；".join(_area_in_words(by_id[a]) for a in one.area_ids if a in by_id),
            )
            for one in streets
        )


def _area_in_words(area: AreaFacts) -> str:
    name = _("第%(n)s片") % {"n": area.number}
    return f"{name} {area.team_name}" if area.team_name else _("%(area)s 还没有组") % {"area": name}


@staff(Permission.SEE_CENSUS)
def board(request: Request, round_id: UUID) -> HttpResponse:
    """Coverage of a body and of those below it: what is left, the pace, the end; exceptions."""
    actor = request.actor
    round_ = queries.get_round_for(actor, round_id)
    place = place_of(request, round_)
    lines = _Lines(request, round_, place)
    whole, parts = queries.coverage(actor, round_.id, place.id)
    of_branches = round_.kind == "branches"
    is_planned = round_.state == "planned"
    areas = (
        [] if parts or of_branches else queries.coverage_of_areas(actor, round_.id, path=place.path)
    )
    villages = [] if parts or of_branches or is_planned else _villages(actor, round_, place)
    names = screening_words.STATE if of_branches else words.STATE
    branches = _branches(actor, round_, place.id) if of_branches else []
    listed = {one.organisation_id for one, _state, _tone in branches}
    asked = opening.opening_of(actor, round_.id) if is_planned else None
    answer = page(
        request,
        "outreach/census/board.html",
        opening=asked,
        round=round_,
        of_branches=of_branches,
        round_state=words.ROUND[round_.state],
        place=place,
        whole=whole,
        forecast=lines.forecast(whole),
        parts=lines.parts([one for one in parts if one.id not in listed or one.total > 1]),
        branches=branches,
        areas=lines.areas(areas),
        teams=[] if of_branches or is_planned else lines.teams(),
        villages=lines.streets(villages, areas),
        drawn=_drawn_villages(lines, villages) if villages else _drawn_parts(place, parts),
        tones=words.GROUND.items(),
        by_help=lines.by_help,
        by_name=not lines.by_help,
        states=[(word, whole.counts.get(code, 0)) for code, word in names.items()],
        people=[(word, whole.people.get(code, 0)) for code, word in screening_words.ANSWER.items()]
        if of_branches
        else [],
        due=queries.come_back_due(actor, round_.id, path=place.path, on=actor.today, limit=20),
        conflicts=queries.conflicts(actor, round_.id, limit=20),
        silent=_silent_phones(actor),
        is_back_checked=backchecks.is_done(actor, round_.id),
        may_manage=actor.may(Permission.MANAGE_CENSUS),
        may_screen=actor.may(Permission.SCREEN_ROSTER),
        is_own=actor.scope.covers(round_.path),
    )
    if asked and not asked.refusal:
        answer.headers["Refresh"] = str(opening.LOOK_AGAIN_S)
    return answer


@staff(Permission.SEE_CENSUS)
def streets(request: Request, round_id: UUID) -> HttpResponse:
    """Each street of a township with what is left and its pace; of a larger body, its townships."""
    actor = request.actor
    round_ = queries.get_round_for(actor, round_id)
    place = place_of(request, round_)
    lines = _Lines(request, round_, place)
    _whole, parts = queries.coverage(actor, round_.id, place.id)
    areas = [] if parts else queries.coverage_of_areas(actor, round_.id, path=place.path)
    found = [] if parts else supervision.streets_of(actor, round_.id, path=place.path)[1]
    village = request.GET.get("village", "")[:40]
    return page(
        request,
        "outreach/census/streets.html",
        round=round_,
        place=place,
        parts=lines.parts(parts),
        village=village,
        by_help=lines.by_help,
        by_name=not lines.by_help,
        streets=lines.streets([s for s in found if not village or s.village == village], areas),
    )


def place_of(request: Request, round_: RoundFacts) -> OrganisationFacts:
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


def _branches(
    actor: Actor, round_: RoundFacts, place_id: UUID
) -> list[tuple[StandingFacts, object, str]]:
    """The body itself and those directly below it whose own list stands in the round."""
    ids = [place_id, *(one.id for one in orgs.children_of(place_id))]
    return [
        (one, screening_words.STATE[one.state], screening_words.TONE.get(one.state, ""))
        for one in screening.branches_at(actor, round_.id, ids)
    ]


def _silent_phones(actor: Actor) -> list[PhoneFacts]:
    """Phones of the field that were not heard of for some days, by their holder's name."""
    if not actor.may(Permission.MANAGE_CENSUS):
        return []
    return [one for one in field.phones_for(actor) if one.silent_days >= _SILENT_DAYS]


# The map


def _drawn_parts(place: OrganisationFacts, parts: Sequence[Tally]) -> maps.Drawing | None:
    """The bodies below, by the boundary of their division, or by their pin."""
    of = orgs.organisations_by_id([one.id for one in parts if one.id])
    boundaries = orgs.boundaries_of({one.division_code for one in of.values()})
    boundaries.pop(place.division_code, None)  # a body of the whole place is no part of the ground
    drawn = []
    for part in parts:
        body = of[part.id] if part.id else place
        pin = (body.longitude, body.latitude)
        drawn.append(
            maps.Place(
                body.short_name,
                part.total,
                part.left,
                f"?at={body.id}",
                (pin[0], pin[1]) if pin[0] is not None and pin[1] is not None else None,
                boundaries.pop(body.division_code, None),
            )
        )
    return maps.draw(drawn)


def _villages(actor: Actor, round_: RoundFacts, place: OrganisationFacts) -> list[StreetTally]:
    return supervision.streets_of(actor, round_.id, path=place.path)[0]


def _drawn_villages(lines: _Lines, villages: Sequence[StreetTally]) -> maps.Drawing | None:
    """The villages of a township; each leads to its area, or to its streets where it has several."""
    names = [one.village for one in villages]
    where = supervision.village_places(lines.place.division_code, names)
    return maps.draw(
        maps.Place(
            one.village, one.tally.total, one.tally.left, lines.where(one), at.pin, at.boundary
        )
        for one in villages
        if (at := where.get(one.village)) is not None
    )
