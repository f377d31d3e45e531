"""The screen of a contact: who it is and what is due, one press, and what was learnt besides."""

import functools
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseFacts
from guiyan.liaison import commands as liaison
from guiyan.liaison import queries as liaison_queries
from guiyan.liaison.cadence import queries as cadence_queries
from guiyan.liaison.keeping import acting_on, acting_on_contact
from guiyan.liaison.six_clears import queries as clear_queries
from guiyan.liaison.words import NEUTRAL_SCRIPT, may_still_undo, speaks_to_others
from guiyan.members import commands as members
from guiyan.members import queries as member_queries
from guiyan.members import showing
from guiyan.messaging import policy
from guiyan.platform.clock import now
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.pages import Request, View, page, see_other, staff
from guiyan.platform.permissions import Permission
from guiyan.web.contact.forms import ContactForm
from guiyan.web.contact.recording import record

REVEALED_FOR_S = 60
# Calling the member is why the contact person has the number.
REASON = "contact"


class OwnRequest(Request):
    """A request about a member whom the actor keeps in touch with, or whose file is theirs to read."""

    has_file: bool


def of_own_member(view: View) -> View:
    """Opens for whoever keeps in touch with the member, wherever the member's branch lies."""

    @functools.wraps(view)
    def opened(request: OwnRequest, case_id: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mine = request.actor
        with acting_on(mine, case_id) as request.actor:
            request.has_file = request.actor == mine
            return view(request, case_id, *args, **kwargs)

    return cast(View, opened)


@staff(Permission.RECORD_CONTACT)
@of_own_member
def contact(request: OwnRequest, case_id: UUID) -> HttpResponse:
    """One member: what is due, the way to them, and one press to record it."""
    actor = request.actor
    case = flow_queries.get_case_for(actor, case_id)
    clears = clear_queries.clears_of(actor, case.member_id)
    form = ContactForm(request.POST or None, clears=clears)
    if request.method == "POST" and form.is_valid():
        try:
            return see_other("web:contact_recorded", case.id, record(actor, case, form))
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(request, "web/contact/contact.html", form=form, **_context(request, case))


def _context(request: OwnRequest, case: CaseFacts) -> dict[str, Any]:
    actor = request.actor
    points = showing.contacts_of(member_queries.vault_of(actor, case.member_id))
    phones = [point for point in points if point.kind == "phone"]
    shared = {field.id for field in member_queries.vault_of(actor, case.member_id)
              if speaks_to_others(field.whose)}  # fmt: skip
    return {
        "case": case,
        "in_scope": request.has_file,
        "owed": cadence_queries.owed_of(actor, case.id),
        "relief": cadence_queries.relief_of(actor, case.member_id),
        "notes": cadence_queries.notes_of(actor, case.id),
        "contacts": liaison_queries.contacts_of(actor, case.id, limit=3),
        "phones": [(phone, phone.id in shared) for phone in phones],
        "may_message": case.is_open and policy.may_message(actor, case.member_id),
        "may_call": actor.may(Permission.REVEAL_IDENTITY) and case.is_open,
        "script": _script(case, actor.name) if shared else "",
    }


def _script(case: CaseFacts, caller: str) -> str:
    return _(NEUTRAL_SCRIPT) % {"name": case.member_name, "caller": caller}


@require_POST
@staff(Permission.REVEAL_IDENTITY)
@of_own_member
def number(request: Request, case_id: UUID, field_id: UUID) -> HttpResponse:
    """The number for a minute, with a link that dials it; the member reads who looked."""
    actor = request.actor
    case = flow_queries.get_case_for(actor, case_id)
    fields = {field.id: field for field in member_queries.vault_of(actor, case.member_id)}
    field = fields.get(field_id)
    if field is None or field.kind != "phone":
        raise NotFound("phone")
    revealed = members.reveal(
        by=actor, member_id=case.member_id, kind="phone", reason=REASON, field_id=field_id
    )
    passed_call = _passed_call(request.POST.get("passed", ""))
    answer = page(
        request,
        "web/contact/number.html",
        case=case,
        revealed=revealed,
        dial=revealed.value.replace(" ", ""),
        script=_script(case, actor.name) if speaks_to_others(field.whose) else "",
        passed_call=passed_call,
    )
    back = passed_call or reverse("web:contact", args=[case.id])
    answer.headers["Refresh"] = f"{REVEALED_FOR_S}; url={back}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _passed_call(asked: str) -> str:
    """Who calls back for the hotline goes on where that call is written down."""
    try:
        return reverse("web:hotline_passed_call", args=[UUID(asked)])
    except ValueError:
        return ""


@staff(Permission.RECORD_CONTACT)
@of_own_member
def recorded(request: OwnRequest, case_id: UUID, contact_id: UUID) -> HttpResponse:
    """What has been recorded, the way to take it back, and the way on."""
    case = flow_queries.get_case_for(request.actor, case_id)
    made = liaison_queries.contacts_of(request.actor, case.id, limit=20)
    this = next((one for one in made if one.id == contact_id), None)
    may_undo = (
        this is not None
        and this.by_account_id == request.actor.account_id
        and may_still_undo(noted_at=this.noted_at, is_withdrawn=False, now=now()) is None
    )
    return page(
        request,
        "web/contact/recorded.html",
        case=case,
        in_scope=request.has_file,
        contact=this,
        may_undo=may_undo,
        said=clear_queries.said_in(request.actor, case.member_id, contact_id) if this else [],
        owed=cadence_queries.owed_of(request.actor, case.id),
    )


@require_POST
@staff(Permission.RECORD_CONTACT)
def undo(request: Request, contact_id: UUID) -> HttpResponse:
    """A contact recorded by a slip is taken back; one begins again on the same screen."""
    with acting_on_contact(request.actor, contact_id) as acting:
        case_id = liaison.undo_contact(by=acting, contact_id=contact_id)
    return see_other("web:contact", case_id)
