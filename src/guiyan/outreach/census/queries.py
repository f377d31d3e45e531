"""The only ways from an id to something of a census; row-level security answers, and membership of
a team: its area may lie beside the village at which somebody is employed."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from guiyan.kernel.names import fold_name
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.outreach.census import counts
from guiyan.outreach.census.codes import read_code
from guiyan.outreach.census.rules import UNEXPLAINED
from guiyan.outreach.census.types import (
    Affected,
    AreaFacts,
    PersonFacts,
    RoundFacts,
    StandingFacts,
    Tally,
    TeamFacts,
    VisitFacts,
)
from guiyan.outreach.models import Area, Round, Standing, Team, TeamPerson, Visit
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope

_PAGE = 100
OWN_TEAM = "a team's area may lie beside the organisation at which its people are employed"


def round_facts(row: Round) -> RoundFacts:
    return RoundFacts(**{name: getattr(row, name) for name in RoundFacts.__dataclass_fields__})


def rounds_for(actor: Actor, *, kind: str | None = None) -> list[RoundFacts]:
    """Rounds at, above and below the actor's organisation; open ones first, then the youngest."""
    rows = Round.objects.filter(kind=kind) if kind else Round.objects.all()
    order = {"open": 0, "planned": 1, "closed": 2}
    found = [round_facts(row) for row in rows.order_by("-starts_on", "id")[:_PAGE]]
    return sorted(found, key=lambda one: order[one.state])


def open_rounds(actor: Actor, kind: str) -> QuerySet[Round]:
    """Their rows, to be asked whether there are any."""
    return Round.objects.filter(kind=kind, state="open")


def get_round_for(actor: Actor, round_id: UUID) -> RoundFacts:
    row = Round.objects.filter(pk=round_id).first()
    if row is None:
        raise NotFound("round")
    return round_facts(row)


def standing_facts(row: Standing, branch: OrganisationFacts | None = None) -> StandingFacts:
    """`row` comes with its premises, or is of a branch, which is looked up when not given."""
    of = row.premises
    if of is None and branch is None:
        branch = orgs.organisation(row.organisation_id)
    return StandingFacts(
        id=row.id,
        round_id=row.round_id,
        path=row.path,
        organisation_id=row.organisation_id,
        premises_id=row.premises_id,
        area_id=row.area_id,
        number=row.number,
        name=of.name if of else (branch.name if branch else ""),
        address=of.address if of else (branch.address if branch else ""),
        type=of.type if of else (branch.kind_name if branch else ""),
        noted=of.state if of else "",
        village=row.village,
        street=row.street,
        house=row.house,
        state=row.state,
        reason=row.reason,
        come_back_on=row.come_back_on,
        duplicate_of=row.duplicate_of,
        visited_on=row.visited_on,
        visit_id=row.visit_id,
        has_conflict=row.has_conflict,
        version=row.version,
        area_version=row.area_version,
    )


def standings_listed(rows: QuerySet[Standing]) -> list[StandingFacts]:
    """Facts of rows that the caller has found; at most three queries."""
    found = list(rows.select_related("premises"))
    ids = [row.organisation_id for row in found if row.premises_id is None]
    branches = orgs.organisations_by_id(ids) if ids else {}
    return [standing_facts(row, branches.get(row.organisation_id)) for row in found]


def standings_of_round(
    actor: Actor,
    round_id: UUID,
    *,
    path: str,
    states: Iterable[str] = (),
    text: str = "",
    limit: int = _PAGE,
) -> list[StandingFacts]:
    """Premises below a body, by street; by name, street or the code of the sheet. One query."""
    rows = Standing.objects.filter(round_id=round_id, path__gte=path, path__lt=path + "~")
    if wanted := list(states):
        rows = rows.filter(state__in=wanted)
    if text:
        key = fold_name(text)
        number = read_code(text)
        likes = Q(premises__name_key__contains=key) | Q(street__contains=text.strip())
        if isinstance(number, int):
            likes |= Q(number=number)
        rows = rows.filter(likes)
    return standings_listed(rows.order_by("path", "street", "house", "number")[:limit])


def standings_of_area(actor: Actor, area_id: UUID) -> list[StandingFacts]:
    """All premises of an area, in the order in which one walks. Two queries."""
    area = get_area_for(actor, area_id)
    with beyond_scope(OWN_TEAM):
        rows = Standing.objects.filter(area_id=area.id).order_by("street", "house", "number")
        return standings_listed(rows)


def get_standing_for(actor: Actor, standing_id: UUID) -> StandingFacts:
    with beyond_scope(OWN_TEAM):
        row = Standing.objects.select_related("premises").filter(pk=standing_id).first()
    if row is None or not (actor.scope.covers(row.path) or row.area_id in own_area_ids(actor)):
        raise NotFound("premises")
    return standing_facts(row)


def standing_by_code(actor: Actor, round_id: UUID, number: int) -> StandingFacts:
    """By the number on a printed sheet; NotFound beyond what the actor may see. Two queries."""
    with beyond_scope(OWN_TEAM):
        row = Standing.objects.filter(round_id=round_id, number=number).first()
    if row is None:
        raise NotFound("premises")
    return get_standing_for(actor, row.id)


def visits_of(actor: Actor, standing_id: UUID) -> list[VisitFacts]:
    """What was reported of one door, the latest first."""
    standing = get_standing_for(actor, standing_id)
    with beyond_scope(OWN_TEAM):
        rows = Visit.objects.filter(standing_id=standing.id).order_by("-received_at", "id")
        return [
            VisitFacts(**{name: getattr(row, name) for name in VisitFacts.__dataclass_fields__})
            for row in rows
        ]


def undecided(standing_id: UUID) -> "QuerySet[Visit, Visit]":
    """The visits to one door that say something else, that were neither taken back by their
    visitor nor declined (both supersede), and that came after the last decision about it."""
    by_whom = Q(account_id=OuterRef("account_id")) | Q(source="decision")
    ended = Visit.objects.filter(by_whom, standing_id=standing_id, supersedes=OuterRef("pk"))
    rows = Visit.objects.filter(~Exists(ended), standing_id=standing_id, outcome="conflict")
    decisions = Visit.objects.filter(standing_id=standing_id, source="decision", outcome="applied")
    last = decisions.order_by("-received_at")
    decided = last.values_list("received_at", flat=True).first()
    return rows.filter(received_at__gt=decided) if decided else rows


def sides_of(actor: Actor, standing: StandingFacts) -> list[VisitFacts]:
    """Between which visits a person decides: the one that holds now, and those that disagree."""
    open_ids = set(undecided(standing.id).values_list("id", flat=True))
    return [
        one
        for one in visits_of(actor, standing.id)
        if one.id == standing.visit_id or one.id in open_ids
    ]


def conflicts(actor: Actor, round_id: UUID, *, limit: int = _PAGE) -> list[StandingFacts]:
    """Doors of which two visits say different things. Two queries."""
    rows = Standing.objects.filter(round_id=round_id, has_conflict=True)
    return _first_listed(rows, ("number",), limit)


def come_back_due(
    actor: Actor, round_id: UUID, *, path: str, on: date, limit: int = _PAGE
) -> list[StandingFacts]:
    """Doors that were shut, to which somebody wanted to come back by this day. Two queries."""
    rows = Standing.objects.filter(
        round_id=round_id, state="closed", come_back_on__lte=on, path__gte=path, path__lt=path + "~"
    )
    return _first_listed(rows, ("come_back_on", "number"), limit)


def _first_listed(
    rows: QuerySet[Standing], order: tuple[str, ...], limit: int
) -> list[StandingFacts]:
    """The first of them by the index of their order; only those are read with their premises,
    where a province has hundreds of thousands."""
    first = list(rows.order_by(*order).values_list("id", flat=True)[:limit])
    return standings_listed(Standing.objects.filter(pk__in=first).order_by(*order)) if first else []


# Areas and teams


def own_team_ids(actor: Actor) -> list[UUID]:
    """The teams in which this person goes, wherever they lie. One query."""
    if actor.account_id is None or not actor.may(Permission.CANVASS):
        return []
    with beyond_scope(OWN_TEAM):
        mine = TeamPerson.objects.filter(
            account_id=actor.account_id, left_on=None, team__ended_on=None
        )
        return list(mine.values_list("team_id", flat=True))


def own_area_ids(actor: Actor) -> list[UUID]:
    with beyond_scope(OWN_TEAM):
        mine = Area.objects.filter(team_id__in=own_team_ids(actor), is_confirmed=True)
        return list(mine.values_list("id", flat=True))


def my_areas(actor: Actor) -> list[AreaFacts]:
    """The confirmed areas of the actor's own teams, in rounds that are open. Four queries."""
    with beyond_scope(OWN_TEAM):
        rows = Area.objects.filter(
            team_id__in=own_team_ids(actor), is_confirmed=True, round__state="open"
        )
        return _areas(rows)


def areas_of(actor: Actor, round_id: UUID, *, path: str) -> list[AreaFacts]:
    """Areas of a township, or of all below a body, by township and number. Two queries."""
    return _areas(Area.objects.filter(round_id=round_id, path__gte=path, path__lt=path + "~"))


def areas_of_team(actor: Actor, team_id: UUID) -> list[AreaFacts]:
    return _areas(Area.objects.filter(team_id=team_id))


def get_area_for(actor: Actor, area_id: UUID) -> AreaFacts:
    with beyond_scope(OWN_TEAM):
        row = Area.objects.select_related("team").filter(pk=area_id).first()
        if row is None:
            raise NotFound("area")
        if not actor.scope.covers(row.path) and row.team_id not in own_team_ids(actor):
            raise NotFound("area")
        return _areas(Area.objects.filter(pk=area_id))[0]


def _areas(rows: QuerySet[Area]) -> list[AreaFacts]:
    """Counted live: an area has a few hundred premises, and its team wants to see its own visit."""
    areas = list(rows.select_related("team").order_by("path", "number"))
    states: dict[UUID, dict[str, int]] = {}
    found = Standing.objects.filter(area_id__in=[area.id for area in areas])
    counted = found.values_list("area_id", "state").annotate(many=Count("id")).order_by()
    for area_id, state, many in counted:
        states.setdefault(area_id, {})[state] = many
    return [
        AreaFacts(
            id=area.id,
            round_id=area.round_id,
            path=area.path,
            organisation_id=area.organisation_id,
            name=area.name,
            number=area.number,
            team_id=area.team_id,
            team_name=area.team.name if area.team else "",
            is_confirmed=area.is_confirmed,
            version=area.version,
            total=sum(states.get(area.id, {}).values()),
            left=sum(states.get(area.id, {}).get(state, 0) for state in UNEXPLAINED),
        )
        for area in areas
    ]


def teams_of(actor: Actor, round_id: UUID, *, path: str) -> list[TeamFacts]:
    """Teams below a body and those above it that could walk there, by name. Two queries."""
    rows = Team.objects.filter(round_id=round_id, path__gte=path, path__lt=path + "~")
    return _teams(rows.order_by("ended_on", "name", "id"))


def get_team_for(actor: Actor, team_id: UUID) -> TeamFacts:
    found = _teams(Team.objects.filter(pk=team_id))
    if not found:
        raise NotFound("team")
    return found[0]


def _teams(rows: QuerySet[Team]) -> list[TeamFacts]:
    return [
        TeamFacts(
            id=row.id,
            round_id=row.round_id,
            path=row.path,
            organisation_id=row.organisation_id,
            name=row.name,
            ended_on=row.ended_on,
            people=tuple(
                PersonFacts(one.id, one.kind, one.name, one.account_id)
                for one in row.people.all()
                if one.left_on is None
            ),
        )
        for row in rows.prefetch_related("people")
    ]


def affected_by(actor: Actor, team_id: UUID) -> list[Affected]:
    """What happens when a team falls out, before it does: each of its areas with what is left, and
    the team of the same township that would then have the least left to do."""
    team = get_team_for(actor, team_id)
    others = [
        one
        for one in teams_of(actor, team.round_id, path=team.path)
        if one.ended_on is None and one.id != team.id
    ]
    everywhere = areas_of(actor, team.round_id, path=team.path)
    left = {one.id: sum(a.left for a in everywhere if a.team_id == one.id) for one in others}
    found = []
    for area in sorted(areas_of_team(actor, team_id), key=lambda one: -one.left):
        to = min(others, key=lambda one: (left[one.id], one.name), default=None)
        if to is not None:
            left[to.id] += area.left
        found.append(Affected(area, to.id if to else None, to.name if to else ""))
    return sorted(found, key=lambda one: one.area.number)


# Coverage


def tally(name: str, sums: dict[str, int], **of: object) -> Tally:
    days = {date.fromisoformat(cell): n for cell, n in sums.items() if cell[:1].isdigit()}
    people = {
        cell.removeprefix(counts.PERSON): n
        for cell, n in sums.items()
        if cell.startswith(counts.PERSON)
    }
    states = {
        cell: n
        for cell, n in sums.items()
        if not cell[:1].isdigit() and not cell.startswith(counts.PERSON)
    }
    return Tally(name, states, days, people=people, **of)  # type: ignore[arg-type]


def coverage(actor: Actor, round_id: UUID, organisation_id: UUID) -> tuple[Tally, list[Tally]]:
    """A body and those directly below it that have premises, by name; never ordered by how far they
    are. Three queries, on counters only, whatever the size of the register."""
    body = orgs.organisation(organisation_id)
    below = orgs.children_of(organisation_id)
    sums = counts.of_bodies(round_id, [body.path, *(one.path for one in below)])
    whole = tally(body.name, sums.get(body.path, {}), id=body.id, path=body.path)
    parts = [
        tally(one.name, sums[one.path], id=one.id, path=one.path)
        for one in below
        if sums.get(one.path)
    ]
    return whole, sorted(parts, key=lambda one: one.name)


def coverage_of_areas(actor: Actor, round_id: UUID, *, path: str) -> list[tuple[AreaFacts, Tally]]:
    """Each area of a township with its states and days. Three queries."""
    areas = areas_of(actor, round_id, path=path)
    sums = counts.of_areas(round_id, [area.id for area in areas])
    return [(area, tally(area.name, sums.get(area.id, {}), id=area.id)) for area in areas]


def unexplained_of(actor: Actor, round_id: UUID, *, path: str) -> int:
    """How many are left, counted live: what closing asks. One query."""
    rows = Standing.objects.filter(round_id=round_id, path__gte=path, path__lt=path + "~")
    return rows.filter(state__in=UNEXPLAINED).count()


def standing_count(actor: Actor, round_id: UUID) -> int:
    """How many standings a round has, counted live. One query."""
    return Standing.objects.filter(round_id=round_id).count()
