"""Pages of who sends: what to whom, before and after; own texts; calls; replies."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guiyan.channels import commands as channel_commands
from guiyan.members import queries as members
from guiyan.members import sending
from guiyan.messaging import commands, queries, replying, words
from guiyan.messaging.forms import MOST_TICKED, GroupTextForm, SayForm, TextsForm
from guiyan.messaging.purposes import Purpose
from guiyan.messaging.types import Planned
from guiyan.orgs import queries as orgs
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

MOST_AT_ONCE = 100_000
PASSED_SHOWN = 50
FEN = 100
STATES = ("sent", "reached", "calling", "unknown", "unreached", "expired")


@staff(Permission.SEND_MESSAGES)
def compose(request: Request) -> HttpResponse:
    """What can be said, each with its text."""
    rows = [
        (purpose, words.purpose_name(purpose.code), _example(purpose), version)
        for purpose, version in queries.purposes_at(request.actor)
    ]
    return page(request, "messaging/compose.html", rows=rows)


@staff(Permission.SEND_MESSAGES)
def say(request: Request, purpose: str) -> HttpResponse:
    """One purpose: who, then how it will go and what it costs, then one press."""
    actor = request.actor
    words_here = queries.purpose_at(actor, purpose)
    people = sending.members_under(actor, actor.path, limit=MOST_AT_ONCE)
    form = SayForm(
        request.POST or None,
        purpose=words_here,
        people=_told_apart(actor, people),
        initial=known_facts(actor, words_here),
    )
    plan = None
    if "tick" in request.POST:
        form = SayForm(
            purpose=words_here,
            people=_told_apart(actor, people),
            initial=request.POST.dict() | {"people": _ticked(request.POST["tick"], people)},
        )
    elif request.method == "POST" and form.is_valid():
        chosen = [UUID(one) for one in form.cleaned_data.get("people", [])]
        is_confirmed = "confirm" in request.POST
        act = commands.say if is_confirmed else commands.preview_saying
        try:
            plan = act(
                by=actor,
                purpose=purpose,
                slot=words_here.slot_on(actor.today, form.cleaned_data.get("slot", "")),
                member_ids=chosen or [member_id for member_id, _name in people],
                facts=form.facts,
            )
            if is_confirmed:
                return see_other("messaging:saying", plan.saying_id)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(
        request,
        "messaging/say.html",
        form=form,
        purpose=words_here,
        name=words.purpose_name(purpose),
        texts=words_here.filled(form.facts) if plan else _example(words_here),
        people=len(people),
        **(_planned(actor, plan) if plan else {}),
    )


def _ticked(which: str, people: Sequence[tuple[UUID, str]]) -> list[str]:
    return [str(member_id) for member_id, _name in people] if which == "all" else []


def _told_apart(actor: Actor, people: Sequence[tuple[UUID, str]]) -> list[tuple[UUID, str]]:
    """Of several with one name, where people are ticked, each with what is shown of the number."""
    many = Counter(name for _id, name in people) if len(people) <= MOST_TICKED else Counter()
    alike = [member_id for member_id, name in people if many[name] > 1]
    known = sending.sendable(actor, alike)
    numbers = {one: (known[one].mask if one in known else "") or _("没有电话") for one in alike}
    return [
        (member_id, f"{name}（{numbers[member_id]}）" if member_id in numbers else name)
        for member_id, name in people
    ]


@staff(Permission.SEND_MESSAGES)
def sayings(request: Request) -> HttpResponse:
    rows = [(said, words.purpose_name(said.purpose)) for said in queries.sayings_for(request.actor)]
    return page(request, "messaging/sayings.html", rows=rows)


@staff(Permission.SEND_MESSAGES)
def saying(request: Request, saying_id: UUID) -> HttpResponse:
    """How it stands, state by state; who was not reached, and why."""
    actor = request.actor
    said = queries.get_saying_for(actor, saying_id)
    present = [state for state in STATES if said.counts.get(state)]
    state = request.GET.get("state", "")
    state = state if state in STATES else (present[-1] if present else "sent")
    found = queries.recipients_of(actor, saying_id, state)
    known = members.members_by_id(actor, [one.member_id for one in found])
    rows = [
        (
            known.get(one.member_id),
            words.way_name(one.channel),
            words.WHOSE[one.whose] if one.whose != "own" else "",
            words.whys(one.passed),
        )
        for one in found
    ]
    reasons = queries.why_unreached(actor, saying_id) if said.counts.get("unreached") else {}
    return page(
        request,
        "messaging/saying.html",
        said=said,
        name=words.purpose_name(said.purpose),
        tabs=[(code, words.state_name(code), said.counts[code]) for code in present],
        state=state,
        rows=rows,
        more=said.counts.get(state, 0) - len(found),
        reasons=[(words.why(code), many) for code, many in reasons.items()],
    )


@staff(Permission.SEND_MESSAGES)
def texts(request: Request, purpose: str) -> HttpResponse:
    """The organisation's own texts of a purpose: looked at with invented facts, then kept."""
    actor = request.actor
    present = queries.purpose_at(actor, purpose)
    codes = {name: getattr(present, name) for name in
             ("sms_template", "neutral_sms_template", "wechat_template")}  # fmt: skip
    form = TextsForm(request.POST or None, initial={**asdict(present.texts), **codes})
    if request.method == "POST" and form.is_valid():
        try:
            commands.set_texts(
                by=actor,
                purpose=purpose,
                texts=form.texts,
                templates=form.templates,
                reason=form.cleaned_data["reason"],
            )
            return see_other("messaging:compose")
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(
        request,
        "messaging/texts.html",
        form=form,
        name=words.purpose_name(purpose),
        example=_example(present),
        facts=[(f"{{{fact}}}", words.FACT[fact]) for fact in present.facts],
    )


@staff(Permission.SEND_MESSAGES)
def group_text(request: Request, purpose: str) -> HttpResponse:
    """A text to be copied into a group, without anybody's name or number: looked at, then kept."""
    actor = request.actor
    words_here = queries.purpose_at(actor, purpose)
    told = {name: request.POST.get(f"fact_{name}", "").strip() for name in words_here.facts}
    is_text = "text" in request.POST
    form = GroupTextForm(
        request.POST if is_text else None, initial={"text": words_here.for_a_group(told)}
    )
    names: list[str] = []
    if is_text and form.is_valid():
        typed = dict(form.cleaned_data)
        try:
            commands.write_group_text(by=actor, purpose=purpose, **typed)
            return see_other("channels:texts")
        except Refused as refusal:
            form.add_error("text", refusal.message)
            if refusal.code == "name":
                names = sending.names_in(typed["text"])
    return page(
        request,
        "messaging/group_text.html",
        form=form,
        names=names,
        name=words.purpose_name(purpose),
    )


@staff(Permission.RECORD_CONTACT)
def calls(request: Request) -> HttpResponse:
    """Whom somebody has to telephone because no message gets there."""
    found = queries.calls_for(request.actor)
    known = members.members_by_id(request.actor, [one.member_id for one in found if one.member_id])
    rows = [
        (
            call,
            known.get(call.member_id) if call.member_id else None,
            words.WHOSE[call.whose] if call.whose != "own" else "",
            record_url(request.actor, call.member_id),
        )
        for call in found
    ]
    return page(request, "messaging/calls.html", rows=rows)


@staff(Permission.RECORD_CONTACT)
@require_POST
def finish_call(request: Request, message_id: UUID) -> HttpResponse:
    channel_commands.finish_call(
        by=request.actor,
        message_id=message_id,
        was_reached=request.POST.get("outcome") == "reached",
    )
    return see_other("messaging:calls")


@staff(Permission.RECORD_CONTACT)
def replies(request: Request) -> HttpResponse:
    """Who wrote back."""
    found = queries.open_replies(request.actor)
    known = members.members_by_id(request.actor, [one.member_id for one in found])
    rows = [(one, known.get(one.member_id), words.way_name(one.channel)) for one in found]
    return page(request, "messaging/replies.html", rows=rows)


@staff(Permission.RECORD_CONTACT)
def reply(request: Request, reply_id: UUID) -> HttpResponse:
    """One reply: opened by a press, which is recorded; answered by another one."""
    actor = request.actor
    found = queries.get_reply_for(actor, reply_id)
    text = ""
    if request.method == "POST":
        if "answered" in request.POST:
            commands.answer_reply(by=actor, reply_id=reply_id)
            return see_other("messaging:replies")
        text = commands.read_reply(by=actor, reply_id=reply_id)
    answer = page(
        request,
        "messaging/reply.html",
        reply=found,
        member=members.members_by_id(actor, [found.member_id]).get(found.member_id),
        way=words.way_name(found.channel),
        text=text,
        record_url=record_url(actor, found.member_id),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def known_facts(actor: Actor, purpose: Purpose) -> dict[str, str]:
    """What stands in the directory is not asked again: the nearest hotline's number. One query."""
    if "phone" not in purpose.facts:
        return {}
    phones = (point.phone for point in orgs.hotlines_along(actor.path) if point.phone)
    return {"fact_phone": next(phones, "")}


def _example(purpose: Purpose) -> Any:
    return purpose.filled({name: words.EXAMPLE[name] for name in purpose.facts})


def _planned(actor: Actor, plan: Planned) -> dict[str, Any]:
    shown = plan.passed_over[:PASSED_SHOWN]
    known = members.members_by_id(actor, [one.member_id for one in shown])
    return {
        "plan": plan,
        "ways": [(words.way_name(way), many) for way, many in plan.by_channel.items()],
        "yuan": plan.cost_fen / FEN,
        "called": [(words.whys((why,)), many) for why, many in plan.why_called.items()],
        "passed": [
            (known[one.member_id].name, words.whys(one.whys))
            for one in shown
            if one.member_id in known
        ],
    }


def record_url(actor: Actor, member_id: UUID | None) -> str:
    if member_id is None:
        return ""
    found = (link(actor, member_id) for link in replying.record_links)
    return next((url for url in found if url), "")
