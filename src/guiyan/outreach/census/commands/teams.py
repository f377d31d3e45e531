"""Teams: who goes together; and what happens when a team falls out."""

from collections.abc import Mapping
from uuid import UUID

from guiyan.orgs import queries as orgs
from guiyan.orgs.commands import keep_tree_still
from guiyan.outreach.census import queries, rules
from guiyan.outreach.census.commands.areas import area_to_change, hand_over
from guiyan.outreach.census.holding import hold_teams
from guiyan.outreach.census.types import TeamFacts
from guiyan.outreach.models import Area, Round, Team, TeamPerson
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Conflict, NotFound, Refused
from guiyan.platform.permissions import Permission


@command(Permission.MANAGE_CENSUS)
def make_team(*, by: Actor, round_id: UUID, organisation_id: UUID, name: str) -> TeamFacts:
    """A team of a township, or of the county."""
    keep_tree_still()
    place = orgs.get_organisation_for(by, organisation_id)
    if not Round.objects.filter(pk=round_id).exclude(state="closed").exists():
        raise NotFound("round")
    team = Team.objects.create(
        round_id=round_id, path=place.path, organisation_id=place.id, name=name.strip()[:60]
    )
    audit.note(subject_kind="team", subject_id=team.id)
    return queries.get_team_for(by, team.id)


@command(Permission.MANAGE_CENSUS)
def add_person(
    *, by: Actor, team_id: UUID, kind: str, name: str, account_id: UUID | None = None
) -> TeamFacts:
    """Somebody joins: with an account, or by name alone (walks with a printed sheet). A person may
    be in several teams."""
    team = _team(team_id)
    if kind not in rules.KINDS_OF_PERSON:
        raise Refused("kind", "请选择这个人是哪一类人员。")
    present = TeamPerson.objects.filter(team=team, left_on=None)
    same = present.filter(account_id=account_id) if account_id else present.filter(name=name)
    if same.exists():
        raise Refused("already", "这个人已经在这个组里。")
    TeamPerson.objects.create(team=team, kind=kind, name=name.strip()[:80], account_id=account_id)
    audit.note(subject_kind="team", subject_id=team.id)
    return queries.get_team_for(by, team.id)


@command(Permission.MANAGE_CENSUS)
def remove_person(*, by: Actor, team_id: UUID, person_id: UUID) -> TeamFacts:
    """Somebody goes no longer with this team; the areas stay with it."""
    team = _team(team_id)
    if not TeamPerson.objects.filter(pk=person_id, team=team, left_on=None).update(
        left_on=by.today
    ):
        raise NotFound("person")
    audit.note(subject_kind="team", subject_id=team.id)
    return queries.get_team_for(by, team.id)


@command(Permission.MANAGE_CENSUS)
def fall_out(
    *,
    by: Actor,
    team_id: UUID,
    takers: Mapping[UUID, UUID | None],
    expected: Mapping[UUID, int],
    reason: str,
) -> int:
    """A team falls out: each of its areas goes to the team named for it, as the preview showed.

    `expected` are the areas' versions at the preview; raises Conflict when anything has changed
    since, so that nobody is affected who was not shown.
    """
    hold_teams([team_id, *takers.values()])
    team = _team(team_id)
    areas = list(Area.objects.select_for_update().filter(team=team).order_by("pk"))
    if {area.id: area.version for area in areas} != dict(expected):
        raise Conflict("预览之后这些片又有变化。请重新打开预览，核对后再确认。")
    for area in areas:
        to = takers.get(area.id)
        if to is not None:
            _team_that_goes(team.round_id, to)
        hand_over(area_to_change(area.id), to)
        audit.note(subject_kind="area", subject_id=area.id, team=str(to or ""))
    team.ended_on = by.today
    team.save(update_fields=["ended_on"])
    audit.note(subject_kind="team", subject_id=team.id, reason=reason, areas=len(areas))
    return len(areas)


def _team(team_id: UUID) -> Team:
    keep_tree_still()
    team = Team.objects.select_for_update().filter(pk=team_id, ended_on=None).first()
    if team is None:
        raise NotFound("team")
    return team


def _team_that_goes(round_id: UUID, team_id: UUID) -> None:
    if not Team.objects.filter(pk=team_id, round_id=round_id, ended_on=None).exists():
        raise NotFound("team")
