"""What of a back-check those see who run the round."""

from uuid import UUID

from django.db.models import Count, Q

from guiyan.outreach.backcheck import rules
from guiyan.outreach.backcheck.types import BackCheckFacts, CheckFacts, DrawFacts
from guiyan.outreach.census import queries as census
from guiyan.outreach.models import BackCheck, Draw, Team
from guiyan.platform.actor import Actor

_PAGE = 200


def of_round(actor: Actor, round_id: UUID) -> BackCheckFacts:
    """Draws, what is left and the agreement. Two queries."""
    draws = Draw.objects.filter(round_id=round_id).order_by("created_at")
    sums = BackCheck.objects.filter(draw__round_id=round_id).aggregate(
        drawn=Count("id"), left=Count("id", filter=Q(state="")),
        agreed=Count("id", filter=Q(agrees=True)),
    )  # fmt: skip
    return BackCheckFacts(
        tuple(DrawFacts(d.id, d.seed, d.share, d.drawn_on, d.by_name) for d in draws),
        sums["drawn"],
        sums["left"],
        rules.agreement(sums["agreed"], sums["drawn"] - sums["left"]),
    )


def is_done(actor: Actor, round_id: UUID) -> bool:
    """Whether the back-check of a round is drawn and nothing of it is left; for pages that count
    nothing else of it. Two queries."""
    left = BackCheck.objects.filter(draw__round_id=round_id, state="")
    return Draw.objects.filter(round_id=round_id).exists() and not left.exists()


def checks_of(actor: Actor, round_id: UUID, *, is_done: bool, path: str = "") -> list[CheckFacts]:
    """Those left, or those done, in the order of the walk. Four queries."""
    rows = BackCheck.objects.filter(draw__round_id=round_id, path__startswith=path)
    rows = rows.exclude(state="") if is_done else rows.filter(state="")
    found = list(
        rows.select_related("standing", "standing__premises").order_by(
            "standing__path", "standing__street", "standing__house", "standing__number"
        )[:_PAGE]
    )
    ids = {of for one in found for of in (one.first_team_id, one.second_team_id) if of is not None}
    names = dict(Team.objects.filter(pk__in=ids).values_list("id", "name"))
    return [
        CheckFacts(
            id=one.id,
            standing=census.standing_facts(one.standing),
            first_state=one.first_state,
            first_team_name=names.get(one.first_team_id, "") if one.first_team_id else "",
            second_team_id=one.second_team_id,
            second_team_name=names.get(one.second_team_id, "") if one.second_team_id else "",
            state=one.state,
            reason=one.reason,
            checked_on=one.checked_on,
            agrees=one.agrees,
        )
        for one in found
    ]
