"""Pages of the cadence: today's list, who has not been reached, what is declared, relief, help."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseState
from guiyan.kernel.keyset import CursorBroken
from guiyan.liaison import queries as liaison_queries
from guiyan.liaison.cadence import commands, queries
from guiyan.liaison.cadence.forms import HelpAnswerForm, HelpForm, PolicyForm, ReliefForm
from guiyan.liaison.cadence.rules import CYCLES, WHY_UNREACHED
from guiyan.liaison.pairing import queries as pairing_queries
from guiyan.liaison.pairing.types import OverLimit
from guiyan.liaison.six_clears import commands as clear_commands
from guiyan.liaison.six_clears import queries as clear_queries
from guiyan.members import queries as member_queries
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission


@staff(Permission.RECORD_CONTACT)
def today(request: Request) -> HttpResponse:
    """Whom the signed-in person is to contact today, what is longest due first."""
    try:
        found = queries.today_list(request.actor, request.GET.get("cursor", ""))
    except CursorBroken:
        return see_other("liaison:today")
    # Below the first page only; one more than is shown tells whether that is all.
    of_branch = (
        []
        if request.GET.get("cursor")
        else queries.branch_list(request.actor, limit=queries.ON_A_PAGE + 1)
    )
    return page(
        request,
        "liaison/today.html",
        found=found,
        of_branch=of_branch[: queries.ON_A_PAGE],
        is_cut=len(of_branch) > queries.ON_A_PAGE,
        today=request.actor.today,
        may_send=request.actor.may(Permission.SEND_MESSAGES),
        may_message=request.actor.may(Permission.MESSAGE_OWN_MEMBERS),
    )


@staff(Permission.ASSIGN_CONTACT_PERSON)
def unreached(request: Request) -> HttpResponse:
    """Members of whom a contact is overdue, why that may be, and how one can help."""
    by_name = request.GET.get("sort") == "name"
    try:
        found = queries.unreached(
            request.actor, by_name=by_name, cursor=request.GET.get("cursor", "")
        )
        asked, next_asked = clear_queries.help_page(request.actor, request.GET.get("asked", ""))
    except CursorBroken:
        return see_other("liaison:unreached")
    rows = [(row, [_(WHY_UNREACHED[why]) for why in row.reasons]) for row in found.rows]
    return page(
        request,
        "liaison/unreached.html",
        rows=rows,
        next_cursor=found.next_cursor,
        by_name=by_name,
        by_need=not by_name,
        help_asked=asked,
        next_asked=next_asked,
        missed=[] if "cursor" in request.GET else queries.missed(request.actor),
        told_for_days=queries.TOLD_FOR.days,
    )


@staff(Permission.ASSIGN_CONTACT_PERSON)
def help_to_reach(request: Request, case_id: UUID) -> HttpResponse:
    """One member who has not been reached: a word, going along, or taking over; who has nobody is
    given somebody first."""
    case = flow_queries.get_case_for(request.actor, case_id)
    form = HelpForm(request.POST or None)
    how = request.POST.get("how", "note")
    over = _taking_over(request.actor, how)
    has_read = request.POST.get("over", "") == pairing_queries.as_known(over)
    if request.method == "POST" and form.is_valid() and has_read:
        try:
            commands.help_to_reach(
                by=request.actor,
                case_id=case.id,
                how=how,
                note=form.cleaned_data["note"],
            )
            return see_other("liaison:unreached")
        except Refused as refusal:
            form.add_error("note", refusal.message)
    keeper = liaison_queries.contact_person_of(request.actor, case.id)
    return page(
        request,
        "liaison/help_to_reach.html",
        case=case,
        keeper=keeper,
        has_nobody=keeper is None and case.state == CaseState.PLACED,
        form=form,
        owed=queries.owed_of(request.actor, case.id),
        notes=queries.notes_of(request.actor, case.id),
        over=over,
        over_known=pairing_queries.as_known(over),
    )


def _taking_over(actor: Actor, how: str) -> list[OverLimit]:
    """Whether whoever takes over has more members then than their limit says."""
    if how != "take_over" or actor.account_id is None:
        return []
    return pairing_queries.beyond_limit(actor, {actor.account_id: 1})


@staff(Permission.ASSIGN_CONTACT_PERSON)
def answer_help(request: Request, clear_id: UUID) -> HttpResponse:
    """What a member asked for help with, and the answer."""
    asked = clear_queries.help_request(request.actor, clear_id)
    form = HelpAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        clear_commands.answer_help(by=request.actor, clear_id=clear_id, **form.cleaned_data)
        return see_other("liaison:unreached")
    return page(request, "liaison/answer_help.html", asked=asked, form=form)


@staff(Permission.SET_CADENCE)
def cadence(request: Request) -> HttpResponse:
    """What is declared at the actor's organisation, and declaring it anew from a day on."""
    actor = request.actor
    if actor.organisation_id is None:
        raise NotFound("organisation")
    present = queries.policies_at(actor, actor.organisation_id)
    form = PolicyForm(request.POST or None, initial=_as_it_is(present, request))
    if request.method == "POST" and form.is_valid():
        try:
            commands.declare_policy(
                by=actor, organisation_id=actor.organisation_id, **form.cleaned_data
            )
            return see_other("liaison:cadence")
        except Refused as refusal:
            form.add_error(None, refusal.message)
    rows = [
        (one, _(CYCLES[one.policy.cycle]), _(CYCLES[one.next.cycle]) if one.next else "")
        for one in present
    ]
    return page(request, "liaison/cadence.html", rows=rows, form=form)


def _as_it_is(present: list[queries.PolicyInForce], request: Request) -> dict[str, object]:
    """What is declared of the kind that is to be changed stands in the form already."""
    first, *others = present
    asked = request.GET.get("kind", "")
    policy = next((one for one in others if one.kind == asked), first).policy
    return {
        "kind": policy.kind,
        "cycle": policy.cycle,
        "is_on": policy.is_on,
        "keep_days": policy.keep_days,
        "valid_from": request.actor.today,
    }


@staff(Permission.SET_CADENCE)
def relief(request: Request, member_id: UUID) -> HttpResponse:
    """Nothing is demanded of this member: for good (R-18), or for a time."""
    member = member_queries.get_member_for(request.actor, member_id)
    form = ReliefForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            if typed["why"] == "pause":
                commands.pause_member(
                    by=request.actor,
                    member_id=member_id,
                    ends_on=typed["ends_on"],
                    reason=typed["reason"],
                )
            else:
                commands.exempt_member(
                    by=request.actor, member_id=member_id, reason_code=typed["why"]
                )
            return see_other("liaison:relief", member_id)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    present = queries.relief_of(request.actor, member_id)
    return page(request, "liaison/relief.html", member=member, form=form, present=present)


@require_POST
@staff(Permission.SET_CADENCE)
def end_relief(request: Request, member_id: UUID) -> HttpResponse:
    """From today on this member is kept in touch with as the others are."""
    commands.end_relief(by=request.actor, member_id=member_id)
    return see_other("liaison:relief", member_id)


@staff(Permission.SEE_CASES)
def clears(request: Request, case_id: UUID) -> HttpResponse:
    """The six clears of a member with what was said before."""
    case = flow_queries.get_case_for(request.actor, case_id)
    return page(
        request,
        "liaison/clears.html",
        case=case,
        clears=clear_queries.clears_of(request.actor, case.member_id),
        history=clear_queries.history_of(request.actor, case.member_id),
    )
