"""Taking a person in on one page, and the paper that they carry home."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from guiyan.flows import commands, queries, words
from guiyan.flows.inbox import inbox_for
from guiyan.flows.receiving_forms import LeadForm, ReceiveForm
from guiyan.flows.showing import standing_of
from guiyan.flows.slips import case_number
from guiyan.flows.types import LeadFacts
from guiyan.members import commands as members
from guiyan.members.types import Duplicate
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission


@staff(Permission.CHANGE_MEMBERS)
def receive(request: Request) -> HttpResponse:
    """Somebody stands here: file, stay and consents on one page, then a slip on paper."""
    host = _own_body(request)
    form = ReceiveForm(request.POST or None)
    existing: UUID | None = None
    if request.method == "POST" and form.is_valid() and not form.must_choose:
        try:
            case = commands.receive_person(
                by=request.actor,
                host_organisation_id=host.id,
                stay=form.stay(host.division_code),
                new=form.new_member(host.id),
                consents=tuple(form.cleaned_data["consents"]),
                reason=_("窗口接待"),
            )
            return see_other("flows:slip", case.id)
        except Duplicate as duplicate:
            existing = known_number(request.actor, duplicate, form)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(request, "flows/receive.html", form=form, host=host, existing=existing)


@staff(Permission.TAKE_LEADS)
def take_lead(request: Request) -> HttpResponse:
    """Somebody tells of a possible member, by telephone or in person."""
    host = _own_body(request)
    form = LeadForm(request.POST or None, initial={"door": "hotline"})
    if request.method == "POST" and form.is_valid():
        try:
            commands.take_lead(
                by=request.actor,
                organisation_id=host.id,
                door=form.cleaned_data["door"],
                search_method=form.search_method,
                said=form.said(),
            )
            return see_other("flows:lead_taken")
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(request, "flows/take_lead.html", form=form, host=host)


@staff(Permission.TAKE_LEADS)
def lead_taken(request: Request) -> HttpResponse:
    return page(request, "flows/lead_taken.html")


@staff(Permission.SEE_CASES)
def slip(request: Request, case_id: UUID) -> HttpResponse:
    """The receipt on paper: a number to ask by, who answers until when, where to call."""
    case = queries.get_case_for(request.actor, case_id)
    host = orgs.organisation(case.host_organisation_id or case.home_organisation_id or case.id)
    return page(
        request,
        "flows/slip.html",
        case=case,
        number=case_number(case_id),
        state=words.STATE[case.state],
        standing=standing_of(request.actor, case),
        host=host,
        hotlines=orgs.hotlines_along(host.path)[:2],
        points=[point for point in orgs.service_points_of(host.id) if point.kind != "hotline"][:2],
        today=request.actor.today,
        next_lead=_next_lead(request.actor),
    )


def _next_lead(actor: Actor) -> LeadFacts | None:
    """Who verifies leads goes on with the next one, the earliest day first."""
    if not actor.may(Permission.SCREEN_LEADS):
        return None
    return next(iter(inbox_for(actor).leads), None)


def _own_body(request: Request) -> OrganisationFacts:
    if request.actor.organisation_id is None:
        raise Refused("no-side", _("请先选择代表哪个单位办理。"))
    return orgs.organisation(request.actor.organisation_id)


def known_number(actor: Actor, duplicate: Duplicate, form: ReceiveForm) -> UUID | None:
    """That a number has a file is what a search would have told: counted, and kept, like one."""
    number = form.cleaned_data["id_number"]
    try:
        members.search_identity(by=actor, kind="id_number", value=number, reason="verify")
    except Refused as refusal:
        form.add_error("id_number", refusal.message)
        return None
    form.add_error("id_number", duplicate.message)
    return duplicate.existing_id
