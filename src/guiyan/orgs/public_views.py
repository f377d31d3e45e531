"""Public pages: the nearest service centre to an address, and the hotlines of three levels."""

from django.http import HttpResponse
from django.urls import reverse

from guiyan.orgs import duty, queries
from guiyan.orgs.forms import NearForm
from guiyan.orgs.types import OrganisationFacts, Place, ServicePointFacts
from guiyan.platform.clock import now
from guiyan.platform.pages import Request, page, public

NEAREST = 3
LISTED = 60


@public
def near(request: Request) -> HttpResponse:
    """Three nearest centres to what was typed, or to a township chosen from a list.

    The address is sent in the body and kept nowhere; the page never asks a telephone where it is.
    """
    form = NearForm(request.POST or None)
    place: Place | None = None
    if request.method == "POST" and form.is_valid():
        place = queries.place_of(form.cleaned_data["address"])
    elif code := request.GET.get("place", ""):
        place = queries.place_by_code(code)
    found: list[tuple[ServicePointFacts, float]] = []
    if place and place.longitude is not None and place.latitude is not None:
        found = queries.nearest_service_points(place.longitude, place.latitude, NEAREST)
    at = now()
    return page(
        request,
        "orgs/near.html",
        form=form,
        place=place,
        was_asked=request.method == "POST" and form.is_valid(),
        found=[(point, km, queries.is_on_duty(point, at)) for point, km in found],
        narrower=queries.places_with_organisations(place.division_code if place else ""),
    )


@public
def hotlines(request: Request) -> HttpResponse:
    """County, township, village: one level at a time, with who is on duty now."""
    code = request.GET.get("at", "")
    own = _county_or_below(code)
    listed = queries.hotlines_along(own.path) if own else []
    below: list[OrganisationFacts] = []
    if own:
        holders = queries.with_hotline(own.id)
        below = [facts for facts in queries.children_of(own.id) if facts.id in holders][:LISTED]
    else:
        below = queries.organisations_under("", kind="county_committee", limit=LISTED)
    at = now()
    answers = duty.answering([point.id for point in listed], at)
    return page(
        request,
        "orgs/hotlines.html",
        own=own,
        up=_up(own),
        lines=[
            (
                point,
                bool(answers.get(point.id, queries.is_on_duty(point, at))),
                answers.get(point.id),
            )
            for point in listed
        ],
        below=below,
    )


def _county_or_below(code: str) -> OrganisationFacts | None:
    return queries.organisation_by_code(code) if code else None


def _up(own: OrganisationFacts | None) -> str:
    """The page one level up: the parent's as far as a county, else the list of counties."""
    if own is None:
        return ""
    top = reverse("orgs:hotlines")
    if own.kind_code == "county_committee" or own.parent_id is None:
        return top
    return f"{top}?at={queries.organisation(own.parent_id).code}"
