"""The directory of three levels as a rota: who answers when, and where nobody does."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guiyan.kernel.keyset import CursorBroken
from guiyan.outreach.hotline import commands, queries, rules, words
from guiyan.outreach.hotline.forms import DayForm, ShiftForm
from guiyan.outreach.hotline.types import ShiftFacts
from guiyan.platform.clock import now
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission


@staff(Permission.CHANGE_DIRECTORY)
def hotlines(request: Request) -> HttpResponse:
    """The hotlines below, those that need help first: gaps, days without anybody, overdue calls."""
    try:
        found, next_cursor = queries.standings_page(request.actor, request.GET.get("cursor", ""))
    except CursorBroken:
        return see_other("outreach:rotas")
    return page(
        request,
        "outreach/hotline/rotas.html",
        lines=[
            (one, [(words.WEEKDAYS[day], starts, ends) for day, starts, ends in one.gaps])
            for one in found
        ],
        next_cursor=next_cursor,
    )


@staff(Permission.CHANGE_DIRECTORY)
def rota(request: Request, point_id: UUID) -> HttpResponse:
    """One hotline's week and the days on which it is otherwise."""
    actor = request.actor
    point, path = queries.hotline_for(actor, point_id)
    people = queries.people_of(path)
    is_day = "day" in request.POST
    shift_form = ShiftForm(None if is_day else request.POST or None, people=people, prefix=None)
    shifts = queries.rota_of(point.id)
    day_form = DayForm(
        request.POST if is_day else None,
        people=people,
        auto_id="id_day_%s",
        initial=_next_time(shifts, request.GET.get("instead", ""), actor.today),
    )
    form = day_form if is_day else shift_form
    if request.method == "POST" and form.is_valid():
        try:
            add = commands.add_day if is_day else commands.add_shift
            add(by=actor, point_id=point.id, **form.cleaned_data)
            return see_other("outreach:rota", point.id)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    days = queries.days_of(point.id, since=actor.today)
    may_answer = {one.account_id for one in people}

    def is_gone(shift: ShiftFacts) -> bool:
        return shift.account_id is not None and shift.account_id not in may_answer

    standing = [rules.Shift(s.weekday or 0, s.starts, s.ends, s.shown_as) for s in shifts]
    return page(
        request,
        "outreach/hotline/rota.html",
        point=point,
        now=queries.answering([point.id], now()).get(point.id, ""),
        shifts=[(words.WEEKDAYS[s.weekday or 0], s, is_gone(s)) for s in shifts],
        days=[(one, is_gone(one)) for one in days],
        gaps=[
            (words.WEEKDAYS[day], starts, ends)
            for day, starts, ends in rules.gaps(point.duty_hours, standing)
        ],
        has_gone=any(is_gone(one) for one in [*shifts, *days]),
        shift_form=shift_form,
        day_form=day_form,
    )


def _next_time(shifts: list[ShiftFacts], shift_id: str, today: date) -> dict[str, Any]:
    """The next day of a shift that somebody else takes over for once."""
    shift = next((one for one in shifts if str(one.id) == shift_id), None)
    if shift is None:
        return {}
    ahead = ((shift.weekday or 0) - today.weekday()) % 7
    return {"day": today + timedelta(days=ahead), "starts": shift.starts, "ends": shift.ends}


@require_POST
@staff(Permission.CHANGE_DIRECTORY)
def remove_shift(request: Request, shift_id: UUID) -> HttpResponse:
    return see_other("outreach:rota", commands.remove_shift(by=request.actor, shift_id=shift_id))


@require_POST
@staff(Permission.CHANGE_DIRECTORY)
def remove_day(request: Request, day_id: UUID) -> HttpResponse:
    return see_other("outreach:rota", commands.remove_day(by=request.actor, day_id=day_id))
