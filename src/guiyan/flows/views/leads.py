"""The inbox of leads: read for a reason, verified into a file and a stay, or put aside."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guiyan.flows import commands, panels, words
from guiyan.flows.inbox import get_screened_lead_for, inbox_for
from guiyan.flows.receiving_forms import DiscardForm, ReceiveForm
from guiyan.flows.types import LeadFacts, LeadSaid
from guiyan.flows.views.receiving import known_number
from guiyan.members.types import Duplicate
from guiyan.orgs import queries as orgs
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

_STATES = ("to_verify", "became_case", "dead")


@staff(Permission.SCREEN_LEADS)
def leads(request: Request) -> HttpResponse:
    """To verify first by day; what looks like a machine's apart; decided ones on their own tabs."""
    state = request.GET.get("state", "to_verify")
    state = state if state in _STATES else _STATES[0]
    suspicious = request.GET.get("suspicious") == "1"
    inbox = inbox_for(request.actor, state=state, only_suspicious=suspicious)
    names = orgs.organisations_by_id(lead.organisation_id for lead in inbox.leads)
    return page(
        request,
        "flows/leads.html",
        inbox=inbox,
        rows=[(lead, names.get(lead.organisation_id), _source(lead)) for lead in inbox.leads],
        state=state,
        suspicious=suspicious,
        reasons=words.DEAD_REASON,
        today=request.actor.today,
    )


def _source(lead: LeadFacts) -> str:
    return f"{words.DOOR[lead.door]} · {words.SEARCH_METHOD[lead.search_method]}"


@staff(Permission.SCREEN_LEADS)
def lead(request: Request, lead_id: UUID) -> HttpResponse:
    """The lead masked; opening what was said is a write, because it is kept who read it."""
    facts = get_screened_lead_for(request.actor, lead_id)
    if request.method != "POST":
        return _lead_page(request, facts)
    said = commands.read_lead(by=request.actor, lead_id=lead_id)
    form = ReceiveForm(
        initial={
            "name": said.name,
            "phone": said.phone,
            "home": said.home,
            "address": said.now_at,
            "trade": said.trade,
            "search_method": facts.search_method,
        }
    )
    return _lead_page(request, facts, said=said, form=form)


def _lead_page(
    request: Request,
    facts: LeadFacts,
    *,
    said: LeadSaid | None = None,
    form: ReceiveForm | None = None,
    **more: Any,
) -> HttpResponse:
    return page(
        request,
        "flows/lead.html",
        lead=facts,
        unit=orgs.organisation(facts.organisation_id),
        source=_source(facts),
        said=said,
        form=form,
        reasons=words.DEAD_REASON,
        is_open=facts.state == "to_verify",
        dead_reason=words.DEAD_REASON.get(facts.dead_reason, ""),
        panels=panels.panels_of_lead(request.actor, facts),
        **more,
    )


@staff(Permission.ANSWER_CASES)
def verify(request: Request, lead_id: UUID) -> HttpResponse:
    """A person has spoken with them and seen the number: a file and a claimed stay, in one act."""
    facts = get_screened_lead_for(request.actor, lead_id)
    form = ReceiveForm(request.POST or None)
    existing: UUID | None = None
    if request.method == "POST" and form.is_valid() and not form.must_choose:
        host = orgs.get_organisation_for(request.actor, facts.organisation_id)
        chosen = request.POST.get("existing", "")
        try:
            case = commands.receive_person(
                by=request.actor,
                host_organisation_id=host.id,
                stay=form.stay(host.division_code),
                new=None if chosen else form.new_member(host.id),
                member_id=UUID(chosen) if chosen else None,
                consents=tuple(form.cleaned_data["consents"]),
                lead_id=facts.id,
                reason=_("核实线索"),
            )
            return see_other("flows:slip", case.id)
        except Duplicate as duplicate:
            existing = known_number(request.actor, duplicate, form)
        except Refused as refusal:
            if refusal.code == "answered":
                raise  # there is no form left for the words to stand beside
            form.add_error(None, refusal.message)
    # The form comes back beside what was said: that is what it is checked against.
    is_open = request.method == "POST" and facts.state == "to_verify"
    said = commands.read_lead(by=request.actor, lead_id=lead_id) if is_open else None
    return _lead_page(request, facts, said=said, form=form, existing=existing)


@staff(Permission.SCREEN_LEADS)
@require_POST
def discard(request: Request) -> HttpResponse:
    """One or many with one reason; what was said is erased after its days."""
    form = DiscardForm(request.POST)
    if not form.is_valid():
        raise Refused("nothing-chosen", _("请先勾选线索，再选择排除的原因。"))
    commands.discard_leads(
        by=request.actor, lead_ids=form.lead_ids(), reason=form.cleaned_data["reason"]
    )
    return see_other("flows:leads")


@staff(Permission.SCREEN_LEADS)
@require_POST
def discard_suspicious(request: Request) -> HttpResponse:
    """Everything that looks like a machine's, in one action."""
    commands.discard_suspicious_leads(by=request.actor)
    return see_other("flows:leads")
