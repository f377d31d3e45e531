"""The directory: service centres, desks and hotlines, with the hours at which somebody is there."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from guiyan.kernel.keyset import decode_cursor, encode_cursor
from guiyan.kernel.names import fold_name
from guiyan.orgs import rules
from guiyan.orgs.models import ServicePoint
from guiyan.orgs.types import ServicePointFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound

POINT_KINDS = ("service_centre", "desk", "hotline")
_HOTLINES = "orgs.hotlines"


def point_facts(row: ServicePoint) -> ServicePointFacts:
    """The facts of a row whose organisation was fetched with it."""
    hours = tuple((int(day), str(start), str(end)) for day, start, end in row.duty_hours)
    return ServicePointFacts(
        id=row.id,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation.name,
        kind=row.kind,
        name=row.name,
        address=row.address,
        phone=row.phone,
        division_code=row.division_code,
        longitude=row.longitude,
        latitude=row.latitude,
        coordinates_origin=row.coordinates_origin,
        duty_hours=hours,
        duty_text=rules.write_duty_hours(hours),
        is_open=row.is_open,
    )


def get_service_point_for(actor: Actor, point_id: UUID) -> ServicePointFacts:
    """A service point within the actor's scope. One query. Raises NotFound for all others."""
    row = ServicePoint.objects.select_related("organisation").filter(id=point_id).first()
    if row is None or not actor.scope.covers(row.path):
        raise NotFound("service point")
    return point_facts(row)


def service_points_by_id(point_ids: Iterable[UUID]) -> list[ServicePointFacts]:
    """These points, also closed ones, in the order of the tree; public. One query."""
    rows = ServicePoint.objects.select_related("organisation").filter(id__in=list(point_ids))
    return [point_facts(row) for row in rows.order_by("path", "name")]


def service_points_of(organisation_id: UUID) -> list[ServicePointFacts]:
    """The organisation's own points, closed ones last. One query."""
    rows = ServicePoint.objects.select_related("organisation").filter(
        organisation_id=organisation_id
    )
    return [point_facts(row) for row in rows.order_by("-is_open", "kind", "name")]


def directory(
    path: str, *, kinds: Iterable[str] = POINT_KINDS, limit: int = 500, offset: int = 0
) -> list[ServicePointFacts]:
    """Open points at and below `path`, in the order of the tree. One query."""
    low, high = rules.path_range(path)
    rows = ServicePoint.objects.select_related("organisation").filter(
        path__gte=low, path__lt=high, kind__in=list(kinds), is_open=True
    )
    return [point_facts(row) for row in rows.order_by("path", "name")[offset : offset + limit]]


def hotlines_page(
    path: str, text: str, cursor: str, *, limit: int
) -> tuple[list[ServicePointFacts], str]:
    """Open hotlines at and below `path` whose name, number or organisation has `text` in it, in the
    order of the tree, and where the next page begins. One query. Raises CursorBroken."""
    low, high = rules.path_range(path)
    rows = ServicePoint.objects.select_related("organisation").filter(
        path__gte=low, path__lt=high, kind="hotline", is_open=True
    )
    if text := text.strip():
        key = fold_name(text)
        wish = Q(name__icontains=text) | Q(phone__contains=text)
        rows = rows.filter(wish | Q(organisation__name_key__contains=key) if key else wish)
    if cursor:
        at, name, point_id = decode_cursor(cursor, of=_HOTLINES, shape=(str, str, UUID))
        behind = Q(name__gt=name) | Q(name=name, id__gt=point_id)
        rows = rows.filter(Q(path__gt=at) | Q(path=at) & behind)
    found = list(rows.order_by("path", "name", "id")[: limit + 1])
    end = found[limit - 1] if len(found) > limit else None
    place = encode_cursor((end.path, end.name, end.id), of=_HOTLINES) if end else ""
    return [point_facts(row) for row in found[:limit]], place


def hotlines_along(path: str) -> list[ServicePointFacts]:
    """The hotlines of an organisation and of all above it, the nearest level first. One query."""
    rows = ServicePoint.objects.select_related("organisation").filter(
        path__in=rules.ancestor_paths(path), kind="hotline", is_open=True
    )
    return [point_facts(row) for row in rows.order_by("-path", "name")]


def is_on_duty(point: ServicePointFacts, at: datetime) -> bool:
    """Whether somebody is there at this moment, by China's clock."""
    local = timezone.localtime(at)
    return rules.is_on_duty(point.duty_hours, local.weekday(), local.time())


def with_hotline(parent_id: UUID) -> set[UUID]:
    """Which organisations directly below have an open hotline of their own. One query."""
    rows = ServicePoint.objects.filter(
        organisation__parent_id=parent_id, kind="hotline", is_open=True
    )
    return set(rows.values_list("organisation_id", flat=True))
