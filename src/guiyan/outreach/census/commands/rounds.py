"""The life of a round: planned, opened over the register, closed when nothing is unexplained and
the back-check is done."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from guiyan.orgs import queries as orgs
from guiyan.orgs.commands import keep_tree_still
from guiyan.orgs.kinds import Ability
from guiyan.outreach.census import queries, rules
from guiyan.outreach.census.register import Progress, stand_all, stand_branches
from guiyan.outreach.census.types import RoundFacts
from guiyan.outreach.models import BackCheck, Draw, Premises, Round, RoundOpening, Standing
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Conflict, Forbidden, NotFound, Refused, refuse
from guiyan.platform.permissions import Permission

OPENED_AT_ONCE = 2_000  # half a second; what is more, the worker opens


def round_to_change(by: Actor, round_id: UUID) -> Round:
    """Locked. NotFound when the actor sees no such round, Forbidden when it is of a body above."""
    keep_tree_still()
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
def ask_to_open(*, by: Actor, round_id: UUID) -> RoundFacts:
    """Opened at once when that is a matter of a second; otherwise asked for, and the worker opens it
    for this person (`open_round`). Refused when it may not be opened. Asked twice is asked once."""
    row = round_to_change(by, round_id)
    many = len(_branches_under(row)) if row.kind == "branches" else _premises_under(row).count()
    if many <= OPENED_AT_ONCE:
        return open_round(by=by, round_id=round_id)
    _refuse_to_open(row, many)
    RoundOpening.objects.update_or_create(
        round_id=row.id,
        defaults={
            "path": row.path,
            "acting": by.kept(),
            "total": many,
            "done": 0,
            "refusal": "",
        },
    )
    audit.note(subject_kind="round", subject_id=row.id, premises=many)
    return queries.round_facts(row)


@command(Permission.MANAGE_CENSUS)
def open_round(*, by: Actor, round_id: UUID, progress: Progress = lambda done: None) -> RoundFacts:
    """Everything of the register at and below gets its standing, not visited: each premises, or each
    branch that holds members. In bulk and body by body; a county's five thousand take a second."""
    row = round_to_change(by, round_id)
    is_of_branches = row.kind == "branches"
    premises = _premises_under(row)
    branches = _branches_under(row) if is_of_branches else []
    _refuse_to_open(row, len(branches) if is_of_branches else premises.count())
    row.state, row.opened_on = "open", by.today
    row.version += 1
    row.save()
    many = (
        stand_branches(row, branches, progress)
        if is_of_branches
        else stand_all(row, premises, progress)
    )
    RoundOpening.objects.filter(round_id=row.id).delete()
    audit.note(subject_kind="round", subject_id=row.id, premises=many)
    return queries.round_facts(row)


@command(Permission.MANAGE_CENSUS)
def keep_refusal(*, by: Actor, round_id: UUID, message: str) -> None:
    """Why the worker could not open a round, for its page."""
    RoundOpening.objects.filter(round_id=round_id).update(refusal=message[:200])
    audit.note(subject_kind="round", subject_id=round_id)


def _premises_under(row: Round) -> QuerySet[Premises]:
    return Premises.objects.filter(path__gte=row.path, path__lt=row.path + "~")


def _branches_under(row: Round) -> Sequence[tuple[UUID, str]]:
    return orgs.paths_under(row.path, ability=Ability.HOLDS_MEMBERS)


def _refuse_to_open(row: Round, many: int) -> None:
    may_open = rules.may_open_branches if row.kind == "branches" else rules.may_open
    refuse(may_open(row.state, many))


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
