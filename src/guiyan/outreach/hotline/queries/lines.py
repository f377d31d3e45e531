"""The lines that somebody may answer: the near ones to switch to, all of them to be searched."""

from collections import Counter
from uuid import UUID

from django.db.models import Count

from guiyan.orgs import queries as orgs
from guiyan.orgs.types import ServicePointFacts
from guiyan.outreach.hotline.queries.calls import ON_A_PAGE
from guiyan.outreach.hotline.queries.duty import accounts_on_duty, shifts_name
from guiyan.outreach.hotline.types import Lines
from guiyan.outreach.models import Call
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.errors import NotFound

NEAR = 20  # lines that stand in the field above the form; the others are searched


def hotline_for(actor: Actor, point_id: UUID) -> tuple[ServicePointFacts, str]:
    """A hotline in the actor's scope, and the path of its organisation. Raises NotFound."""
    point = orgs.get_service_point_for(actor, point_id)
    if point.kind != "hotline":
        raise NotFound("hotline")
    return point, orgs.organisation(point.organisation_id).path


def lines_for(
    actor: Actor, asked: str, *, only: UUID | None = None, with_closed: bool = False
) -> Lines:
    """The line that this person answers now, with the near ones that may be switched to: those on
    whose rota this person stands, the own organisation's, then in the order of the tree.

    Without a choice, or with one that is no longer theirs, it is the first, where this person stands
    on duty now before all others. Who calls back also finds what is left of lines that were closed.
    Eight queries, however many lines there are.
    """
    points = _near(actor)
    is_more = len(points) > NEAR
    waiting = _waiting(actor)
    points = points[:NEAR]
    wanted = only or _uuid_in(asked)
    if with_closed or only:
        points += [one for one in orgs.service_points_by_id(waiting) if not one.is_open]
    if wanted and wanted not in {one.id for one in points}:
        points += _one(actor, wanted, with_closed=bool(only))
    if only is not None:
        points = [point for point in points if point.id == only] or points
    chosen = next((point for point in points if point.id == wanted), None)
    others = tuple((point, waiting[point.id]) for point in points)
    return Lines(
        chosen or next(iter(points), None),
        others,
        is_more=is_more,
        is_another=bool(asked) and chosen is None,
    )


def lines_page(
    actor: Actor, text: str = "", cursor: str = ""
) -> tuple[list[tuple[ServicePointFacts, int]], str]:
    """All open lines that this person may answer, with how many calls wait, and where the next page
    begins; `text` is looked for in names and numbers. Two queries. Raises CursorBroken."""
    found, place = orgs.hotlines_page(actor.path, text, cursor, limit=ON_A_PAGE)
    waiting = _waiting(actor)
    return [(point, waiting[point.id]) for point in found], place


def _near(actor: Actor) -> list[ServicePointFacts]:
    """The nearest lines, one more than are shown where there are more."""
    named = shifts_name(actor)
    listed = orgs.service_points_by_id(named)
    listed += orgs.service_points_of(actor.organisation_id) if actor.organisation_id else []
    listed += orgs.directory(actor.path, kinds=["hotline"], limit=NEAR + 1)
    own = {one.id: one for one in listed if one.is_open and one.kind == "hotline"}
    accounts = accounts_on_duty(list(own), now())

    def is_farther(point: ServicePointFacts) -> tuple[bool, bool, bool]:
        is_mine = actor.account_id is not None and accounts.get(point.id) == actor.account_id
        is_own = point.organisation_id == actor.organisation_id
        return not is_mine, point.id not in named, not is_own

    return sorted(own.values(), key=is_farther)


def _one(actor: Actor, point_id: UUID, *, with_closed: bool) -> list[ServicePointFacts]:
    """A line beyond the near ones, where this person may answer it."""
    try:
        point, _path = hotline_for(actor, point_id)
    except NotFound:
        return []
    return [point] if point.is_open or with_closed else []


def _waiting(actor: Actor) -> Counter[UUID]:
    """How many missed calls wait at each line."""
    rows = Call.objects.filter(state="missed").order_by().values("point_id")
    counted = rows.annotate(many=Count("id")).values_list("point_id", "many")
    return Counter(dict(counted))


def _uuid_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
