"""Missed calls: noted, called back, said what came of it; and the change of duty."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guiyan.kernel.keyset import CursorBroken
from guiyan.outreach.hotline import commands, queries, rules
from guiyan.outreach.hotline.forms import LineForm, MissedForm, NoteForm, ReleaseForm
from guiyan.platform.clock import now
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.pages import Request, page, see_other, see_other_with, staff
from guiyan.platform.permissions import Permission


@staff(Permission.ANSWER_HOTLINE)
def lines(request: Request) -> HttpResponse:
    """All lines that this person may answer, for who has more of them than a field holds."""
    form = LineForm(request.GET)
    asked = form.cleaned_data["q"] if form.is_valid() else ""
    try:
        found, next_cursor = queries.lines_page(request.actor, asked, request.GET.get("cursor", ""))
    except CursorBroken:
        return see_other("outreach:hotline_lines")
    return page(
        request,
        "outreach/hotline/lines.html",
        form=form,
        asked=asked,
        found=found,
        next_cursor=next_cursor,
    )


@staff(Permission.ANSWER_HOTLINE)
def call_backs(request: Request) -> HttpResponse:
    """Who is to be called back at a line of this person; a missed number is added above."""
    actor = request.actor
    lines = queries.lines_for(actor, request.GET.get("line", ""), with_closed=True)
    line = lines.chosen
    form = MissedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if line is None or lines.is_another or not line.is_open:
            raise NotFound("hotline")
        try:
            number = form.cleaned_data["number"]
            commands.note_missed(by=actor, point_id=line.id, number=number)
            return _back_to(line.id)
        except Refused as refusal:
            form.add_error("number", refusal.message)
    try:
        cursor = request.GET.get("cursor", "")
        waiting, next_cursor = queries.missed_calls(actor, line.id, cursor) if line else ([], "")
    except CursorBroken:
        return see_other("outreach:call_backs")
    return page(
        request,
        "outreach/hotline/call_backs.html",
        form=form,
        lines=lines,
        line=line,
        now=queries.answering([line.id], now()).get(line.id, "") if line else "",
        last=queries.last_hand_over(line.id) if line else None,
        note=NoteForm(),
        calls=[(call, queries.is_overdue(call, actor.today)) for call in waiting],
        next_cursor=next_cursor,
        is_ended="ended" in request.GET,
        is_stopped=queries.is_stopped(actor),
    )


def _back_to(point_id: UUID) -> HttpResponse:
    """The list of the same line."""
    return see_other_with("outreach:call_backs", line=point_id)


@require_POST
@staff(Permission.ANSWER_HOTLINE)
def number(request: Request, call_id: UUID) -> HttpResponse:
    """The number with a link that dials it, and what came of the call below."""
    if queries.is_ended(request.actor, call_id):
        return see_other_with("outreach:call_backs", ended=1)
    opened = commands.open_number(by=request.actor, call_id=call_id)
    call = queries.missed_call_for(request.actor, call_id)
    answer = page(
        request,
        "outreach/hotline/number.html",
        call=call,
        opened=opened,
        dial=opened.number.replace("-", ""),
        may_set_aside=rules.may_set_aside(call.tries + 1) is None,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@staff(Permission.ANSWER_HOTLINE)
def tried(request: Request, call_id: UUID) -> HttpResponse:
    """Reached leads on to the screen on which the call is written down."""
    actor = request.actor
    result = request.POST.get("result", "")
    if queries.is_ended(actor, call_id):
        return see_other_with("outreach:call_backs", ended=1)
    point_id = queries.missed_call_for(actor, call_id).point_id
    if result == "talk":
        commands.record_try(by=actor, call_id=call_id, was_reached=False, is_talking=True)
        return see_other("web:hotline_after", call_id)
    if result == "aside":
        commands.record_try(by=actor, call_id=call_id, was_reached=False)
        commands.set_aside(by=actor, call_id=call_id)
    else:
        commands.record_try(by=actor, call_id=call_id, was_reached=result == "done")
    return _back_to(point_id)


@require_POST
@staff(Permission.ANSWER_HOTLINE)
def take_over(request: Request, point_id: UUID) -> HttpResponse:
    """One tap: the duty and all that is open are mine."""
    form = NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    commands.take_over(by=request.actor, point_id=point_id, note=note)
    return _back_to(point_id)


@staff(Permission.ADMINISTER_ACCOUNTS)
def stops(request: Request) -> HttpResponse:
    """Operators who opened many numbers without calling."""
    found = queries.stops_for(request.actor)
    return page(request, "outreach/hotline/stops.html", stops=found, form=ReleaseForm())


@require_POST
@staff(Permission.ADMINISTER_ACCOUNTS)
def release(request: Request, stop_id: UUID) -> HttpResponse:
    """Looked into: a word about it is required."""
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        raise Refused("reason", "请写一句：问过本人了没有，是怎么回事。")
    commands.release_operator(by=request.actor, stop_id=stop_id, reason=form.cleaned_data["reason"])
    return see_other("outreach:hotline_stops")
