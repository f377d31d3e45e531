"""What is nearest to a point, in kilometres as the bird flies, by index and no map vendor."""

from typing import Any

from django.db.models import Expression, F, FloatField, Func, Q, QuerySet, Value

from guiyan.orgs.models import Organisation, ServicePoint
from guiyan.orgs.queries.directory import point_facts
from guiyan.orgs.queries.organisations import facts_of, kinds_with, rows_under
from guiyan.orgs.types import OrganisationFacts, ServicePointFacts

METRES_PER_KM = 1000


class _OnEarth(Func):
    """A point in earthdistance's cube; the index of migration 0002 is on the same expression."""

    function = "ll_to_earth"
    output_field = FloatField()


class _Chord(Func):
    """The straight line through the earth: grows with the distance and is read off the index."""

    template = "(%(expressions)s)"
    arg_joiner = " <-> "
    output_field = FloatField()


class _Metres(Func):
    function = "earth_distance"
    output_field = FloatField()


def _by_distance(rows: QuerySet[Any], longitude: float, latitude: float) -> QuerySet[Any]:
    here: Expression = _OnEarth(Value(latitude), Value(longitude))
    there = _OnEarth(F("latitude"), F("longitude"))
    placed: QuerySet[Any] = rows.filter(latitude__isnull=False).annotate(
        metres=_Metres(there, here)
    )
    nearest: QuerySet[Any] = placed.order_by(_Chord(there, here))
    return nearest


def service_points_by_distance(longitude: float, latitude: float) -> QuerySet[ServicePoint]:
    """Open desks and centres of open organisations, the nearest first; hotlines stand nowhere."""
    rows = ServicePoint.objects.select_related("organisation").filter(
        ~Q(kind="hotline"), is_open=True
    )
    return _by_distance(rows, longitude, latitude)


def nearest_service_points(
    longitude: float, latitude: float, limit: int = 3
) -> list[tuple[ServicePointFacts, float]]:
    """The nearest open service centres and desks with kilometres. One query by index."""
    rows = service_points_by_distance(longitude, latitude)[:limit]
    return [(point_facts(row), row.metres / METRES_PER_KM) for row in rows]  # type: ignore[attr-defined]


def nearest_organisations(
    longitude: float, latitude: float, *, ability: str, under: str | None = None, limit: int = 3
) -> list[tuple[OrganisationFacts, float]]:
    """The nearest open organisations that may do something, with kilometres. Two queries."""
    rows: QuerySet[Organisation] = rows_under(under).filter(kind_id__in=kinds_with(ability))
    found = _by_distance(rows, longitude, latitude)[:limit]
    return [(facts_of(row), row.metres / METRES_PER_KM) for row in found]
