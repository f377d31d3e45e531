"""Staff pages of the directory: service points, duty hours, and the pin on a map."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guiyan.orgs import commands, pin_map, queries, words
from guiyan.orgs.forms import ClosePointForm, PinForm, PointForm
from guiyan.orgs.pin_map import Dot, Frame
from guiyan.orgs.types import OrganisationFacts
from guiyan.orgs.views import tried
from guiyan.platform.clock import now
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

PER_PAGE = 100


@staff(Permission.SEE_ORGANISATIONS)
def directory(request: Request) -> HttpResponse:
    """Centres, desks and hotlines below the actor, with their hours and who is there now."""
    kind = request.GET.get("kind", "")
    kinds = [kind] if kind in words.POINT_KINDS else list(words.POINT_KINDS)
    start = int(from_) if (from_ := request.GET.get("from", "")).isdecimal() else 0
    listed = queries.directory(request.actor.path, kinds=kinds, limit=PER_PAGE + 1, offset=start)
    at = now()
    tail = f"&kind={kind}" if kind in words.POINT_KINDS else ""
    return page(
        request,
        "orgs/directory.html",
        points=[
            (point, words.POINT_KINDS[point.kind], queries.is_on_duty(point, at))
            for point in listed[:PER_PAGE]
        ],
        kinds=words.POINT_KINDS.items(),
        kind=kind,
        next=f"?from={start + PER_PAGE}{tail}" if len(listed) > PER_PAGE else "",
        previous=f"?from={max(0, start - PER_PAGE)}{tail}" if start else "",
        may_direct=request.actor.may(Permission.CHANGE_DIRECTORY),
    )


@staff(Permission.CHANGE_DIRECTORY)
def new_point(request: Request, organisation_id: UUID) -> HttpResponse:
    """List a desk, a centre or a hotline of this organisation."""
    own = queries.get_organisation_for(request.actor, organisation_id)
    form = PointForm(request.POST or None, initial={"address": own.address, "phone": own.phone})
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: commands.add_service_point(
                by=request.actor, organisation_id=own.id, **form.cleaned_data
            ),
        )
    ):
        return see_other("orgs:organisation", own.id)
    return page(
        request, "orgs/form.html", own=own, form=form, title=_("新增服务点"), verb=_("保存")
    )


@staff(Permission.CHANGE_DIRECTORY)
def change_point(request: Request, point_id: UUID) -> HttpResponse:
    """Its name, hours, number and address."""
    point = queries.get_service_point_for(request.actor, point_id)
    own = queries.organisation(point.organisation_id)
    form = PointForm(request.POST or None, initial=PointForm.of(point))
    del form.fields["kind"]
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: commands.change_service_point(
                by=request.actor, point_id=point.id, **form.cleaned_data
            ),
        )
    ):
        return see_other("orgs:organisation", own.id)
    return page(
        request, "orgs/form.html", own=own, form=form, title=_("修改服务点"), verb=_("保存")
    )


@staff(Permission.CHANGE_DIRECTORY)
def close_point(request: Request, point_id: UUID) -> HttpResponse:
    """Take it off the directory."""
    point = queries.get_service_point_for(request.actor, point_id)
    own = queries.organisation(point.organisation_id)
    form = ClosePointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        commands.close_service_point(by=request.actor, point_id=point.id, **form.cleaned_data)
        return see_other("orgs:organisation", own.id)
    return page(
        request,
        "orgs/form.html",
        own=own,
        form=form,
        title=_("停用服务点"),
        verb=_("停用"),
        is_grave=True,
        subject=point.name,
    )


@staff(Permission.CHANGE_DIRECTORY)
def pin(request: Request, organisation_id: UUID) -> HttpResponse:
    """Say where it stands: a click on the map fills in the numbers, which are then saved."""
    own = queries.get_organisation_for(request.actor, organisation_id)
    frame = pin_map.frame_around(_dots(own))
    chosen = _clicked(request, frame)
    form = PinForm(request.POST or None, initial=chosen or _place_of(own))
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: commands.place_pin(
                by=request.actor, organisation_id=own.id, **form.cleaned_data
            ),
        )
    ):
        return see_other("orgs:organisation", own.id)
    picture = reverse("orgs:pin_map", args=[own.id])
    return page(
        request,
        "orgs/pin.html",
        own=own,
        form=form,
        map_url=picture if frame else "",
        chosen=request.META["QUERY_STRING"] if chosen else "",
        width=pin_map.WIDTH,
        height=pin_map.HEIGHT,
    )


@staff(Permission.CHANGE_DIRECTORY)
def pin_picture(request: Request, organisation_id: UUID) -> HttpResponse:
    """The map as a picture: the organisation, its siblings, its parent, and what was clicked."""
    own = queries.get_organisation_for(request.actor, organisation_id)
    dots = _dots(own)
    frame = pin_map.frame_around(dots) or Frame(73.0, 18.0, 136.0, 54.0)
    chosen = _clicked(request, frame)
    picture = pin_map.draw(
        dots, frame, (chosen["longitude"], chosen["latitude"]) if chosen else None
    )
    return HttpResponse(picture, content_type="image/svg+xml")


def _clicked(request: Request, frame: Frame | None) -> dict[str, float] | None:
    pixel = pin_map.clicked(request.META.get("QUERY_STRING", ""))
    if frame is None or pixel is None:
        return None
    longitude, latitude = frame.point(*pixel)
    return {"longitude": longitude, "latitude": latitude}


def _place_of(own: OrganisationFacts) -> dict[str, float | None]:
    return {"longitude": own.longitude, "latitude": own.latitude}


def _dots(own: OrganisationFacts) -> list[Dot]:
    around = [own]
    if own.parent_id:
        around = [*queries.children_of(own.parent_id), queries.organisation(own.parent_id)]
    near = [one for one in around if one.stands_in_code[:6] == own.stands_in_code[:6]]
    return [
        Dot(one.short_name, one.longitude, one.latitude, one.id == own.id)
        for one in near
        if one.longitude is not None and one.latitude is not None
    ]
