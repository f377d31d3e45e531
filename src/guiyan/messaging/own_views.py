"""The member's own page of how they are told: stop, begin again, choose the way."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guiyan.members import queues as members
from guiyan.members.consents import PURPOSES
from guiyan.members.sending import CONSENT
from guiyan.messaging import commands, queries
from guiyan.messaging.forms import WaysForm
from guiyan.messaging.purposes import by_hand
from guiyan.messaging.words import purpose_name
from guiyan.platform.pages import Request, member_only, page, see_other


@member_only
def own_ways(request: Request) -> HttpResponse:
    """By which way the member wants to hear of what; and one tap that stops all of it."""
    purposes = [
        (purpose.code, purpose_name(purpose.code)) for purpose in by_hand() if purpose.may_choose
    ]
    form = WaysForm(
        request.POST or None, purposes=purposes, initial=queries.own_choices(request.actor)
    )
    if request.method == "POST" and form.is_valid():
        commands.choose_ways(by=request.actor, choices=form.cleaned_data)
        return see_other("messaging:own_ways")
    return page(
        request,
        "messaging/own_ways.html",
        form=form,
        stop=queries.own_stop(request.actor),
        to_agree_to="" if _agrees(request) else PURPOSES[CONSENT],
        is_number_stopped=queries.is_number_stopped(request.actor),
    )


def _agrees(request: Request) -> bool:
    """Without a yes nothing is pushed, whatever way was chosen; the page says so."""
    member_id = request.actor.member_id
    return member_id is not None and members.has_consented(request.actor, member_id, CONSENT)


@member_only
@require_POST
def own_stop(request: Request) -> HttpResponse:
    """One tap stops, one tap begins again."""
    if "resume" in request.POST:
        commands.resume_own(by=request.actor)
    else:
        commands.stop_own(by=request.actor)
    return see_other("messaging:own_ways")
