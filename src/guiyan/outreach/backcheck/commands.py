"""The back-check: drawn by a seed, recorded by others, and what disagrees is opened again."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID, uuid4

from guiyan.orgs.commands import keep_tree_still
from guiyan.outreach.backcheck import rules
from guiyan.outreach.census import rules as census_rules
from guiyan.outreach.census.commands.rounds import round_to_change
from guiyan.outreach.census.commands.visiting import open_one_again
from guiyan.outreach.models import BackCheck, Draw, Round, Standing, Team, Visit
from guiyan.outreach.screening import rules as screening_rules
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_rows
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope


@command(Permission.MANAGE_CENSUS)
def draw_back_check(*, by: Actor, round_id: UUID, share: int, seed: str = "") -> int:
    """A sample of what each team explained and nobody has looked at again; another team of the same
    township is named for each. Returns how many. The seed is stored, so that it can be drawn again.
    """
    round_ = round_to_change(by, round_id)
    rows = list(
        Standing.objects.filter(round_id=round_.id, checks__isnull=True)
        .exclude(state__in=census_rules.UNEXPLAINED)
        .order_by("number")
    )
    waiting = BackCheck.objects.filter(draw__round_id=round_.id, state="").count()
    refuse(rules.may_draw(round_.state, share, len(rows), waiting))
    first = _first_visits(rows)
    by_team: dict[UUID | None, list[UUID]] = defaultdict(list)
    for row in rows:
        by_team[first[row.id].team_id if row.id in first else None].append(row.id)
    seed = seed.strip()[:32] or secrets.token_hex(8)
    chosen = set(rules.sample(seed, share, by_team))
    draw = Draw.objects.create(
        round_id=round_.id, path=round_.path, organisation_id=round_.organisation_id, seed=seed,
        share=share, drawn_on=by.today, account_id=by.account_id, by_name=by.name,
    )  # fmt: skip
    _put(draw, [row for row in rows if row.id in chosen], first, _others(round_))
    audit.note(subject_kind="round", subject_id=round_.id, share=share, drawn=len(chosen))
    return len(chosen)


def _first_visits(rows: Sequence[Standing]) -> dict[UUID, Visit]:
    """What holds of each. Of a branch that merged into one elsewhere the visits went there, and who
    answered for it is still not the one who checks."""
    with beyond_scope("visits of a branch lie with the branch into which it merged"):
        visits = {one.id: one for one in Visit.objects.filter(pk__in=[r.visit_id for r in rows])}
    return {row.id: visits[row.visit_id] for row in rows if row.visit_id in visits}


def _others(round_: Round) -> dict[str, list[UUID]]:
    """The teams of each township that still go, by name."""
    teams: dict[str, list[UUID]] = defaultdict(list)
    for team in Team.objects.filter(round_id=round_.id, ended_on=None).order_by("name", "id"):
        teams[team.path].append(team.id)
    return teams


def _put(
    draw: Draw, rows: Sequence[Standing], first: Mapping[UUID, Visit],
    teams: Mapping[str, Sequence[UUID]],
) -> None:  # fmt: skip
    given: dict[UUID, int] = defaultdict(int)
    made = []
    for row in rows:
        visit = first.get(row.id)
        others = [t for t in teams.get(row.path, ()) if visit is None or t != visit.team_id]
        second = min(others, key=lambda one: given[one], default=None)
        if second is not None:
            given[second] += 1
        made.append(
            BackCheck(
                id=uuid4(),
                draw_id=draw.id,
                standing_id=row.id,
                path=row.path,
                first_visit_id=row.visit_id,
                first_state=row.state,
                first_team_id=visit.team_id if visit else None,
                first_account_id=visit.account_id if visit else None,
                second_team_id=second,
            )
        )
    insert_rows(made)


@command(Permission.MANAGE_CENSUS)
def record_back_check(
    *,
    by: Actor,
    check_id: UUID,
    state: str,
    reason: str = "",
    second_team_id: UUID | None = None,
    checked_on: date | None = None,
) -> bool:
    """What others found. When it is not what was said first, the standing is opened again; returns
    whether they agree."""
    keep_tree_still()
    row = (
        BackCheck.objects.select_for_update(of=("self",))
        .select_related("standing__round")
        .filter(pk=check_id)
        .first()
    )
    if row is None:
        raise NotFound("back-check")
    if state not in states_of(row.standing.round.kind):
        raise Refused("state", "请选择复核的结果。")
    if second_team_id is not None:
        wanted = Team.objects.filter(pk=second_team_id, round_id=row.standing.round_id)
        if not wanted.exists():
            raise NotFound("team")
    row.second_team_id = second_team_id
    refuse(
        rules.may_check(
            is_done=bool(row.state),
            second_team=row.second_team_id,
            first_team=row.first_team_id,
            by=by.account_id,
            first_by=row.first_account_id,
        )
    )
    row.state, row.reason, row.checked_on = state, reason.strip()[:200], checked_on or by.today
    row.agrees = state == row.first_state
    row.account_id, row.by_name = by.account_id, by.name
    row.save()
    audit.note(
        subject_kind="standing", subject_id=row.standing_id, state=state, agrees=row.agrees,
    )  # fmt: skip
    if not row.agrees and row.standing.state == row.first_state:
        open_one_again(by, row.standing_id, row.reason or OPENED_AGAIN)
    return bool(row.agrees)


OPENED_AGAIN = "复核与走访不一致"


def states_of(kind: str) -> tuple[str, ...]:
    """What a back-check may find: the explained states of the round's kind. Where the door is shut,
    they come again before anything is written."""
    known = screening_rules.STATES if kind == "branches" else census_rules.STATES
    return tuple(state for state in known if state not in census_rules.UNEXPLAINED)
