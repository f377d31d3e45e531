"""A message to one member: from today's list and from the screen of a contact, looked at before it
goes."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from guiyan.members import queries as members
from guiyan.messaging import commands, policy, queries, words
from guiyan.messaging.forms import OneForm
from guiyan.messaging.purposes import by_hand
from guiyan.messaging.types import ToOne
from guiyan.messaging.views import FEN, known_facts, record_url
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

# Looked at without asking anything: the second where no number to call back is known.
USUAL, WITHOUT_A_NUMBER = "please_call", "meeting_reminder"
SHOWN = 5


@staff(Permission.MESSAGE_OWN_MEMBERS)
def one(request: Request, member_id: UUID) -> HttpResponse:
    """One member: the text, the way and the cost at once; one press sends it."""
    with policy.sending_to(request.actor, member_id) as sender:
        return _one(request, sender, member_id)


def _one(request: Request, sender: Actor, member_id: UUID) -> HttpResponse:
    codes = [purpose.code for purpose in by_hand()]
    code = request.GET.get("purpose", "")
    code = code if code in codes else _usual(sender)
    purpose = queries.purpose_at(sender, code)
    known = known_facts(sender, purpose)
    form = OneForm(request.POST or None, purpose=purpose, initial=known)
    is_posted = request.method == "POST" and form.is_valid()
    facts = form.facts if is_posted else _told(known)
    plan, refused = None, ""
    if is_posted or not (request.POST or set(purpose.facts) - set(facts)):
        is_confirmed = is_posted and "confirm" in request.POST
        try:
            if is_confirmed:
                commands.say_to_one(by=sender, purpose=code, member_id=member_id, facts=facts)
                return see_other("messaging:one", member_id)
            plan = commands.preview_to_one(
                by=sender, purpose=code, member_id=member_id, facts=facts
            )
        except Refused as refusal:
            refused = refusal.message
    return page(
        request,
        "messaging/one.html",
        form=form,
        member=members.get_member_for(sender, member_id),
        code=code,
        purposes=[(each, words.purpose_name(each)) for each in codes],
        plan=plan,
        refused=refused,
        said=_said(sender, member_id),
        contact_url=record_url(sender, member_id),
        **(_shown(plan) if plan else {}),
    )


def _usual(actor: Actor) -> str:
    known = known_facts(actor, queries.purpose_at(actor, USUAL))
    return USUAL if all(known.values()) else WITHOUT_A_NUMBER


def _told(known: dict[str, str]) -> dict[str, str]:
    return {name.removeprefix("fact_"): value for name, value in known.items() if value}


def _shown(plan: ToOne) -> dict[str, Any]:
    return {
        "way": words.way_name(plan.channel),
        "whose": words.WHOSE.get(plan.whose, "") if plan.whose != "own" else "",
        "whys": words.whys(plan.passed),
        "yuan": plan.cost_fen / FEN,
        "lacks_consent": any(why == "no-consent" for _way, why in plan.passed),
    }


def _said(actor: Actor, member_id: UUID) -> list[tuple[str, str, Any]]:
    """What was said to them lately, and how it stands."""
    return [
        (words.purpose_name(code), words.state_name(state), at)
        for code, state, at in queries.said_to(actor, member_id, limit=SHOWN)
    ]
