"""Lists of branches as those see them who confirm them; scope and permission answer first."""

from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from guiyan.field import queries as field
from guiyan.flows import queries as flows
from guiyan.members import queries as people
from guiyan.members import rosters
from guiyan.members.types import MemberFacts
from guiyan.orgs import queries as orgs
from guiyan.outreach.census import queries as census
from guiyan.outreach.census.types import StandingFacts
from guiyan.outreach.models import Screened, Standing
from guiyan.outreach.screening.rules import FIND_DUE, branch_and_line
from guiyan.outreach.screening.types import BranchList, PersonOnList, Search
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.permissions import Permission

_ON_A_PAGE = 60
_SEARCHES = 200
_LOOKED_FOR = timedelta(days=3 * 366)  # as long as answers are kept


def members_of(actor: Actor, standing: StandingFacts | Standing) -> list[MemberFacts]:
    """Those whose relation lies in the branch itself, not below it and not only its guests."""
    branch = standing.organisation_id
    return [
        one
        for some in rosters.roster_pages(actor, standing.path)
        for one in some
        if one.home_organisation_id == branch
    ]


def list_of(actor: Actor, standing_id: UUID) -> BranchList:
    """The branch's list with what was said and who has an open case. Seven queries."""
    if not actor.may(Permission.SCREEN_ROSTER):
        raise Forbidden(Permission.SCREEN_ROSTER)
    standing = census.get_standing_for(actor, standing_id)
    if standing.premises_id is not None:
        raise NotFound("branch")
    members = members_of(actor, standing)
    said = {row.member_id: row for row in Screened.objects.filter(standing_id=standing.id)}
    away = flows.cases_for(actor).filter(
        member_id__in=[one.id for one in members], ended_on__isnull=True
    )
    cases = {case.member_id: case for case in flows.facts_of(away)}
    listed = []
    for one in members:
        row, case = said.get(one.id), cases.get(one.id)
        listed.append(
            PersonOnList(
                member_id=one.id,
                name=one.name,
                sex=one.sex,
                line=row.line if row else 0,
                branch_number=standing.number,
                answer=row.answer if row else "",
                answered_on=row.answered_on if row else None,
                case_id=case.id if case else None,
                case_where=case.host_text if case else "",
            )
        )
    return BranchList(standing, tuple(listed))


def lists_for(actor: Actor, *, after: int = 0) -> list[tuple[str, list[StandingFacts], bool]]:
    """The branches that the actor may confirm in each open round, those not done first by the
    number on paper: the round's title, a page of them, whether there are more."""
    if not actor.may(Permission.SCREEN_ROSTER):
        return []
    found = []
    for round_ in census.rounds_for(actor, kind="branches"):
        if round_.is_open:
            rows = Standing.objects.filter(
                round_id=round_.id, premises__isnull=True, number__gt=after
            )
            listed = census.standings_listed(rows.order_by("number")[: _ON_A_PAGE + 1])
            found.append((round_.title, listed[:_ON_A_PAGE], len(listed) > _ON_A_PAGE))
    return found


def branches_left(actor: Actor) -> list[StandingFacts]:
    """Branches whose list still has to be confirmed: for the start page. Two queries a round."""
    if not actor.may(Permission.SCREEN_ROSTER):
        return []
    rounds = [one.id for one in census.rounds_for(actor, kind="branches") if one.is_open]
    rows = Standing.objects.filter(round_id__in=rounds, state__in=("not_visited", "partly"))
    return census.standings_listed(rows.order_by("number")[:_ON_A_PAGE])


def searches_owed(actor: Actor) -> QuerySet[Any]:
    """Their rows, to be asked whether there are any."""
    return field.still_owed(actor, FIND_DUE)


def searches(actor: Actor) -> list[Search]:
    """Members at and below the actor's organisation whom somebody looks for: one's own searches
    first, then by the day. Four queries."""
    if not actor.may(Permission.SCREEN_ROSTER):
        return []
    first = actor.today - _LOOKED_FOR
    owed = list(islice(field.begun_between(actor, FIND_DUE, first, actor.today), _SEARCHES))
    members = people.members_by_id(actor, [due.subject_id for due in owed])
    rows = Screened.objects.filter(member_id__in=list(members)).select_related("standing__round")
    lines = {(row.member_id, str(row.standing.round_id)): row.standing for row in rows}
    branches = orgs.organisations_by_id([due.organisation_id for due in owed])
    found = [
        Search(
            member_id=due.subject_id,
            name=members[due.subject_id].name,
            branch=branches[due.organisation_id].name,
            list_id=standing.id,
            round_is_open=standing.round.state == "open",
            due_on=due.due_on,
            is_own=due.owner_account_id == actor.account_id,
        )
        for due in owed
        if (standing := lines.get((due.subject_id, due.period))) is not None
    ]
    return sorted(found, key=lambda one: (not one.is_own, one.due_on, one.name))


def branches_at(actor: Actor, round_id: UUID, organisation_ids: list[UUID]) -> list[StandingFacts]:
    """The standings of these branches, by number. Two queries."""
    rows = Standing.objects.filter(
        round_id=round_id, premises__isnull=True, organisation_id__in=organisation_ids
    )
    return census.standings_listed(rows.order_by("number"))


def person_of_code(actor: Actor, round_id: UUID, number: int) -> tuple[UUID, UUID]:
    """Standing and member behind a code of a printed list; NotFound beyond what one may see."""
    branch, line = branch_and_line(number)
    row = Screened.objects.filter(
        standing__round_id=round_id, standing__number=branch, line=line
    ).first()
    if row is None:
        raise NotFound("person")
    return row.standing_id, row.member_id
