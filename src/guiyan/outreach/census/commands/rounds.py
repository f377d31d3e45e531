"""The life of a round: planned, opened over the register, closed when nothing is unexplained and
the back-check is done."""

from datetime import date
from uuid import UUID

from guiyan.orgs import queries as orgs
from guiyan.orgs.kinds import Ability
from guiyan.outreach.census import queries, rules
from guiyan.outreach.census.register import stand_all, stand_branches
from guiyan.outreach.census.types import RoundFacts
from guiyan.outreach.models import BackCheck, Draw, Premises, Round, Standing
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Conflict, Forbidden, NotFound, Refused, refuse
from guiyan.platform.permissions import Permission


def round_to_change(by: Actor, round_id: UUID) -> Round:
    """Locked. NotFound when the actor sees no such round, Forbidden when it is of a body above."""
    row = Round.objects.filter(pk=round_id).first()
    if row is None:
        raise NotFound("round")
    if not by.scope.covers(row.path):
        raise Forbidden("round")
    return Round.objects.select_for_update().get(pk=round_id)


@command(Permission.MANAGE_CENSUS)
def plan_round(
    *,
    by: Actor,
    organisation_id: UUID,
    title: str,
    purpose: str,
    starts_on: date,
    ends_on: date,
    letter: str = "",
    kind: str = "premises",
) -> RoundFacts:
    """A round with its purpose and its period, over the premises at and below an organisation."""
    organisation = orgs.get_organisation_for(by, organisation_id)
    if ends_on < starts_on:
        raise Refused("period", "结束的日期在开始之前，请核对日期。")
    row = Round.objects.create(
        path=organisation.path,
        organisation_id=organisation.id,
        kind=kind,
        title=title,
        purpose=purpose,
        starts_on=starts_on,
        ends_on=ends_on,
        letter=letter,
    )
    audit.note(subject_kind="round", subject_id=row.id, kind=kind)
    return queries.round_facts(row)


@command(Permission.MANAGE_CENSUS)
def change_round(
    *,
    by: Actor,
    round_id: UUID,
    version: int,
    title: str,
    purpose: str,
    starts_on: date,
    ends_on: date,
    letter: str,
) -> RoundFacts:
    """Its words and its period; a closed round stays as it was reported."""
    row = round_to_change(by, round_id)
    if row.state == "closed":
        refuse(rules.may_visit(row.state))
    if row.version != version:
        raise Conflict("这一轮摸排刚被别人改过。请打开最新的内容，再改一次。")
    if ends_on < starts_on:
        raise Refused("period", "结束的日期在开始之前，请核对日期。")
    row.title, row.purpose, row.letter = title, purpose, letter
    row.starts_on, row.ends_on = starts_on, ends_on
    row.version += 1
    row.save()
    audit.note(subject_kind="round", subject_id=row.id)
    return queries.round_facts(row)


@command(Permission.MANAGE_CENSUS)
def open_round(*, by: Actor, round_id: UUID) -> RoundFacts:
    """Everything of the register at and below gets its standing, not visited: each premises, or each
    branch that holds members. In bulk and body by body; a county's five thousand take a second."""
    row = round_to_change(by, round_id)
    is_of_branches = row.kind == "branches"
    premises = Premises.objects.filter(path__gte=row.path, path__lt=row.path + "~")
    branches = orgs.paths_under(row.path, ability=Ability.HOLDS_MEMBERS) if is_of_branches else []
    if is_of_branches:
        refuse(rules.may_open_branches(row.state, len(branches)))
    else:
        refuse(rules.may_open(row.state, premises.count()))
    row.state, row.opened_on = "open", by.today
    row.version += 1
    row.save()
    many = stand_branches(row, branches) if is_of_branches else stand_all(row, premises)
    audit.note(subject_kind="round", subject_id=row.id, premises=many)
    return queries.round_facts(row)


@command(Permission.MANAGE_CENSUS)
def close_round(*, by: Actor, round_id: UUID, reason: str = "") -> RoundFacts:
    """Refused while anything is unexplained or undecided (counted live, not from the sums), and
    while the back-check is not done, unless the reason says why it is not."""
    row = round_to_change(by, round_id)
    of_round = Standing.objects.filter(round_id=row.id)
    left = of_round.filter(state__in=rules.UNEXPLAINED).count()
    open_conflicts = of_round.filter(has_conflict=True).count()
    checks_left = None
    if Draw.objects.filter(round_id=row.id).exists():
        checks_left = BackCheck.objects.filter(draw__round_id=row.id, state="").count()
    refuse(rules.may_close(row.state, left, open_conflicts, checks_left=checks_left, reason=reason))
    row.state, row.closed_on = "closed", by.today
    row.without_back_check = reason.strip()[:200] if checks_left != 0 else ""
    row.version += 1
    row.save()
    audit.note(subject_kind="round", subject_id=row.id)
    return queries.round_facts(row)
