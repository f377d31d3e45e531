"""The life of a round: planned, opened over the register, closed when nothing is unexplained."""

from datetime import date
from uuid import UUID

from guiyan.orgs import queries as orgs
from guiyan.outreach.census import queries, rules
from guiyan.outreach.census.register import stand
from guiyan.outreach.census.types import RoundFacts
from guiyan.outreach.models import Premises, Round, Standing
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
    """Every premises of the register at and below gets its standing: not visited. In bulk; a county's
    five thousand take a second."""
    row = round_to_change(by, round_id)
    premises = Premises.objects.filter(path__gte=row.path, path__lt=row.path + "~")
    refuse(rules.may_open(row.state, premises.count()))
    row.state, row.opened_on = "open", by.today
    row.version += 1
    row.save()
    made = stand(row, premises.defer("manager_sealed", "phone_sealed").iterator(chunk_size=5_000))
    audit.note(subject_kind="round", subject_id=row.id, premises=len(made))
    return queries.round_facts(row)


@command(Permission.MANAGE_CENSUS)
def close_round(*, by: Actor, round_id: UUID) -> RoundFacts:
    """Refused while anything is unexplained or undecided (counted live, not from the sums)."""
    row = round_to_change(by, round_id)
    of_round = Standing.objects.filter(round_id=row.id)
    left = of_round.filter(state__in=rules.UNEXPLAINED).count()
    open_conflicts = of_round.filter(has_conflict=True).count()
    refuse(rules.may_close(row.state, left, open_conflicts))
    row.state, row.closed_on = "closed", by.today
    row.version += 1
    row.save()
    audit.note(subject_kind="round", subject_id=row.id)
    return queries.round_facts(row)
