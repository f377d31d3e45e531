"""At the door, on a page: my areas, one door, a new one, and sheets typed in."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guiyan.field import queries as field
from guiyan.orgs import queries as orgs
from guiyan.outreach.census import commands, queries, rules, words
from guiyan.outreach.census.forms import DoorForm, TypingForm, VisitForm
from guiyan.outreach.census.types import StandingFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

_TYPED_SHOWN = 8


@staff(Permission.CANVASS)
def my_areas(request: Request) -> HttpResponse:
    """The areas of my teams and, where I may look, of my own organisation."""
    actor = request.actor
    mine = queries.my_areas(actor)
    open_rounds = [one for one in queries.rounds_for(actor, kind="premises") if one.is_open]
    return page(request, "outreach/census/my_areas.html", areas=mine, rounds=open_rounds)


@staff(Permission.CANVASS)
def door(request: Request, standing_id: UUID) -> HttpResponse:
    """One premises: what was found so far, and what is found now."""
    actor = request.actor
    found = queries.get_standing_for(actor, standing_id)
    form = VisitForm(
        request.POST or None, initial={"visited_on": actor.today, "version": found.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            _record(actor, found, form)
            if found.area_id:
                return see_other("outreach:area", found.area_id)
            return see_other("outreach:door", found.id)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    visits = queries.visits_of(actor, standing_id)
    return page(
        request,
        "outreach/census/door.html",
        door=found,
        state=words.STATE[found.state],
        noted=words.NOTED.get(found.noted, ""),
        form=form,
        visits=[(one, words.STATE[one.state], words.SOURCE[one.source]) for one in visits],
        spoken=field.spoken_of([one.id for one in visits]),
    )


@staff(Permission.CANVASS)
@require_GET
def sound(request: Request, standing_id: UUID, visit_id: UUID) -> HttpResponse:
    """What was said into the phone beside a visit, for whoever may see the visit."""
    if visit_id not in {one.id for one in queries.visits_of(request.actor, standing_id)}:
        raise NotFound("visit")
    content, media_type = field.sound_of(visit_id)
    ending = media_type.partition("/")[2]
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="{visit_id}.{ending}"',
        "Content-Security-Policy": "default-src 'none'; media-src 'self'; sandbox",
    }
    return HttpResponse(content, content_type=media_type, headers=headers)


def _record(actor: Actor, found: StandingFacts, form: VisitForm) -> None:
    code = form.cleaned_data["duplicate_code"]
    same = commands.door_of_code(actor, found.round_id, code).id if code else None
    visit = form.visit(found, same)
    if visit.state == rules.MEMBERS_FOUND:
        commands.record_found(by=actor, visit=visit, said=form.said())
        return
    outcome = commands.record_visits(by=actor, visits=[visit])[0]
    if outcome.state == "refused":
        raise Refused(outcome.code, outcome.message)


@staff(Permission.CANVASS)
def add(request: Request, round_id: UUID) -> HttpResponse:
    """A shop that no list knows: its name and address, nobody's name."""
    actor = request.actor
    round_ = queries.get_round_for(actor, round_id)
    area_id = request.POST.get("area") or request.GET.get("area") or ""
    try:
        area = queries.get_area_for(actor, UUID(area_id)) if area_id else None
    except ValueError as wrong:
        raise NotFound("area") from wrong
    form = DoorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.add_door(
                by=actor,
                round_id=round_.id,
                door=form.door(),
                area_id=area.id if area else None,
                organisation_id=None if area else actor.organisation_id,
            )
            return see_other("outreach:door", made.id)
        except Refused as refusal:
            form.add_error("name" if refusal.code == "looks-alike" else None, refusal.message)
    place = orgs.organisation(area.organisation_id) if area else None
    return page(
        request, "outreach/census/add_door.html", form=form, round=round_, area=area, place=place
    )


@staff(Permission.CANVASS)
def type_in(request: Request, round_id: UUID) -> HttpResponse:
    """Sheets typed in by keyboard alone: code, Enter, key, Enter; the line goes above, the field is
    empty again. A wrong code or key stays with the words beside it."""
    actor = request.actor
    round_ = queries.get_round_for(actor, round_id)
    form = TypingForm(request.POST or None, today=actor.today)
    known: StandingFacts | None = None
    typed: tuple[StandingFacts, object, str] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            known = commands.door_of_code(actor, round_.id, form.cleaned_data["code"])
            if not form.result and form.cleaned_data["key"]:
                form.add_error("key", _("没有这个数字，请对照上面的说明。"))
            elif form.result:
                outcome = _type_one(actor, known, form)
                typed = (known, words.STATE[form.result], outcome)
                day = form.cleaned_data["visited_on"]
                form, known = TypingForm(initial={"visited_on": day}, today=day), None
        except Refused as refusal:
            form.add_error(_BESIDE.get(refusal.code, "key" if known else "code"), refusal.message)
    return page(
        request,
        "outreach/census/type_in.html",
        round=round_,
        form=form,
        known=known,
        noted=words.NOTED.get(known.noted, "") if known else "",
        now_state=words.STATE[known.state] if known else "",
        typed=typed,
        keys=[(key, words.STATE[state]) for key, state in rules.KEYS.items() if int(key) < 8],
        wants=form.result if form.is_bound and known else "",
    )


_BESIDE = {"come-back": "come_back_on", "reason": "reason", "duplicate": "duplicate_code"}


def _type_one(actor: Actor, known: StandingFacts, form: TypingForm) -> str:
    facts = form.cleaned_data
    if form.result == rules.MEMBERS_FOUND and not (facts["name"] or facts["phone"]):
        raise Refused("said", _("有党员的，请接着录入姓名或电话，再按回车。"))
    code = facts["duplicate_code"]
    same = commands.door_of_code(actor, known.round_id, code).id if code else None
    return commands.type_in(
        by=actor,
        standing_id=known.id,
        state=form.result,
        visited_on=facts["visited_on"],
        reason=facts["reason"],
        come_back_on=facts["come_back_on"],
        duplicate_of=same,
        is_correction=facts["is_correction"],
        said=form.said() if form.result == rules.MEMBERS_FOUND else None,
    ).state
