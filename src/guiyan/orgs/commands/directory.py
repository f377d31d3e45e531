"""The directory's writes: pins, addresses, service points with their duty hours."""

from collections.abc import Sequence
from uuid import UUID

from guiyan.kernel.findings import gettext_noop as _
from guiyan.orgs.commands.rows import fresh, locked
from guiyan.orgs.models import Organisation, ServicePoint
from guiyan.orgs.queries.directory import POINT_KINDS, point_facts
from guiyan.orgs.types import NewServicePoint, OrganisationFacts, ServicePointFacts
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.permissions import Permission

# China with its seas, so that swapped numbers are noticed; outposts stand inside it as well.
LONGITUDES = (73.0, 136.0)
LATITUDES = (3.0, 54.0)
ORIGINS = ("pin", "import", "invented")
Hours = Sequence[tuple[int, str, str]]


def refuse_coordinates(longitude: float, latitude: float) -> None:
    """Coordinates lie in China; the commonest slip is to have swapped them."""
    inside = LONGITUDES[0] <= longitude <= LONGITUDES[1]
    if not (inside and LATITUDES[0] <= latitude <= LATITUDES[1]):
        raise Refused("coordinates", _("这个位置不在中国境内。请核对经度和纬度是否填反。"))


@command(Permission.CHANGE_DIRECTORY)
def place_pin(
    *,
    by: Actor,
    organisation_id: UUID,
    longitude: float,
    latitude: float,
    origin: str = "pin",
    reason: str = "",
) -> OrganisationFacts:
    """Say where an organisation stands, by a pin on the map or from a list; never from a phone."""
    refuse_coordinates(longitude, latitude)
    if origin not in ORIGINS:
        raise ValueError(f"coordinates come from one of {ORIGINS}")
    row = locked(by, organisation_id)
    row.longitude, row.latitude, row.coordinates_origin = longitude, latitude, origin
    row.version += 1
    row.save(update_fields=["longitude", "latitude", "coordinates_origin", "version"])
    audit.note(subject_kind="organisation", subject_id=row.id, origin=origin)
    return fresh(row.id)


@command(Permission.CHANGE_DIRECTORY)
def change_particulars(
    *,
    by: Actor,
    organisation_id: UUID,
    address: str,
    phone: str,
    trades: Sequence[str],
    languages: Sequence[str],
    reason: str = "",
) -> OrganisationFacts:
    """Its address, public number, the trades it brings together and the languages spoken there."""
    row = locked(by, organisation_id)
    row.address, row.phone = address.strip(), phone.strip()
    row.trades, row.languages = list(trades), list(languages)
    row.version += 1
    row.save(update_fields=["address", "phone", "trades", "languages", "version"])
    audit.note(subject_kind="organisation", subject_id=row.id)
    return fresh(row.id)


@command(Permission.CHANGE_DIRECTORY)
def add_service_point(
    *,
    by: Actor,
    organisation_id: UUID,
    kind: str,
    name: str,
    duty_hours: Hours,
    phone: str = "",
    address: str = "",
    division_code: str = "",
    longitude: float | None = None,
    latitude: float | None = None,
    coordinates_origin: str = "",
    reason: str = "",
) -> ServicePointFacts:
    """List a desk, a service centre or a hotline; it stands where its organisation does unless
    said otherwise. Refuses: no-phone (a hotline needs a number), no-address (a desk an address).
    """
    owner = locked(by, organisation_id)
    new = NewServicePoint(
        organisation_code=owner.code,
        kind=kind,
        name=name,
        duty_hours=tuple(duty_hours),
        phone=phone,
        address=address,
        division_code=division_code,
        longitude=longitude,
        latitude=latitude,
        coordinates_origin=coordinates_origin,
    )
    row = _point(owner, new)
    row.save(force_insert=True)
    audit.note(subject_kind="service_point", subject_id=row.id, kind=kind)
    return point_facts(row)


@command(Permission.CHANGE_DIRECTORY)
def add_service_points(
    *, by: Actor, new: Sequence[NewServicePoint], reason: str = ""
) -> list[ServicePointFacts]:
    """List many at once, all or none; an audit row for each. Refusals as for one."""
    owners = {
        row.code: row
        for row in Organisation.objects.filter(code__in={wish.organisation_code for wish in new})
        if by.scope.covers(row.path)
    }
    if any(wish.organisation_code not in owners for wish in new):
        raise NotFound("organisation")
    rows = [_point(owners[wish.organisation_code], wish) for wish in new]
    ServicePoint.objects.bulk_create(rows, batch_size=500)
    for row in rows:
        audit.note(subject_kind="service_point", subject_id=row.id, kind=row.kind)
    return [point_facts(row) for row in rows]


@command(Permission.CHANGE_DIRECTORY)
def change_service_point(
    *,
    by: Actor,
    point_id: UUID,
    name: str,
    duty_hours: Hours,
    phone: str,
    address: str,
    reason: str = "",
) -> ServicePointFacts:
    """Its name, hours, number and address from now on."""
    row = _locked_point(by, point_id)
    _refuse_unreachable(row.kind, phone, address)
    row.name, row.phone, row.address = name.strip(), phone.strip(), address.strip()
    row.duty_hours = [list(span) for span in duty_hours]
    row.save(update_fields=["name", "phone", "address", "duty_hours"])
    audit.note(subject_kind="service_point", subject_id=row.id, kind=row.kind)
    return point_facts(row)


@command(Permission.CHANGE_DIRECTORY)
def close_service_point(*, by: Actor, point_id: UUID, reason: str) -> ServicePointFacts:
    """Take it off the directory; the row stays."""
    row = _locked_point(by, point_id)
    row.is_open = False
    row.save(update_fields=["is_open"])
    audit.note(subject_kind="service_point", subject_id=row.id, kind=row.kind)
    return point_facts(row)


def _locked_point(by: Actor, point_id: UUID) -> ServicePoint:
    rows = ServicePoint.objects.select_for_update(of=("self",)).select_related("organisation")
    row = rows.filter(id=point_id).first()
    if row is None or not by.scope.covers(row.path):
        raise NotFound("service point")
    return row


def _point(owner: Organisation, new: NewServicePoint) -> ServicePoint:
    address = new.address.strip() or ("" if new.kind == "hotline" else owner.address)
    _refuse_unreachable(new.kind, new.phone, address)
    has_own = new.longitude is not None and new.latitude is not None
    if has_own:
        refuse_coordinates(float(new.longitude or 0), float(new.latitude or 0))
    return ServicePoint(
        organisation=owner,
        path=owner.path,
        kind=new.kind,
        name=new.name.strip(),
        address=address,
        phone=new.phone.strip(),
        division_code=new.division_code or owner.stands_in_code,
        longitude=new.longitude if has_own else owner.longitude,
        latitude=new.latitude if has_own else owner.latitude,
        coordinates_origin=new.coordinates_origin if has_own else owner.coordinates_origin,
        duty_hours=[list(span) for span in new.duty_hours],
    )


def _refuse_unreachable(kind: str, phone: str, address: str) -> None:
    if kind not in POINT_KINDS:
        raise Refused("unknown-kind", _("请选择服务中心、服务窗口或热线中的一种。"))
    if kind == "hotline" and not phone.strip():
        raise Refused("no-phone", _("热线要有电话号码。请补上。"))
    if kind != "hotline" and not address.strip():
        raise Refused("no-address", _("服务中心和窗口要有地址。请补上。"))
