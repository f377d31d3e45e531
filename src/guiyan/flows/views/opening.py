"""A stay begins: home declares it, or the host claims the member."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from guiyan.flows import commands
from guiyan.flows.forms import ClaimForm, StayForm
from guiyan.members import queries as member_queries
from guiyan.orgs import queries as org_queries
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission


@staff(Permission.DECLARE_CASES)
def declare(request: Request, member_id: UUID) -> HttpResponse:
    """Our member is away: since when, why, where to."""
    member = member_queries.get_member_for(request.actor, member_id)
    form = StayForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not form.must_choose:
        try:
            case = commands.declare_case(
                by=request.actor,
                member_id=member.id,
                stay=form.stay(),
                host_organisation_id=form.host_organisation_id(),
            )
            return see_other("flows:case", case.id)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(request, "flows/declare.html", member=member, form=form)


@staff(Permission.ANSWER_CASES)
def claim(request: Request, member_id: UUID) -> HttpResponse:
    """The member is with us: our organisation receives them, their home is asked."""
    actor = request.actor
    member = member_queries.get_member_for(actor, member_id)
    if actor.organisation_id is None:
        raise Refused("no-side", _("请先选择代表哪个单位办理。"))
    host = org_queries.organisation(actor.organisation_id)
    form = ClaimForm(request.POST or None, near=host.division_code)
    if request.method == "POST" and form.is_valid():
        try:
            case = commands.claim_case(
                by=actor, member_id=member.id, stay=form.stay(), host_organisation_id=host.id
            )
            return see_other("flows:case", case.id)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(request, "flows/claim.html", member=member, form=form, host=host)
