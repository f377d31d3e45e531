"""Pages of the ways out: how channels stand, messages and their outcomes, texts, inbox."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from guiyan.channels import binding, commands, configuration, queries
from guiyan.channels.forms import FEN, DecisionForm, LimitsForm
from guiyan.channels.naming import Named, names_of
from guiyan.channels.rules import OUTBOX
from guiyan.channels.types import MessageFacts
from guiyan.channels.wechat.wire import authorize_url
from guiyan.channels.words import SAID, channel_name, state_name, why
from guiyan.platform.actor import Actor
from guiyan.platform.pages import Request, member_only, page, see_other, staff
from guiyan.platform.permissions import Permission

TABS = ("unknown", "waiting", "accepted", "delivered", "declined", "expired")


@staff(Permission.MANAGE_CHANNELS)
def channels(request: Request) -> HttpResponse:
    statuses = queries.channel_statuses(request.actor)
    rows = [(status, status.day_fen / FEN, status.limits.day_fen / FEN) for status in statuses]
    return page(request, "channels/channels.html", rows=rows, is_demo=settings.DEMO)


@staff(Permission.MANAGE_CHANNELS)
def limits(request: Request, code: str) -> HttpResponse:
    status = queries.channel_status(request.actor, code)
    present = {
        "day_yuan": status.limits.day_fen / FEN,
        "month_messages": status.limits.month_messages,
    }
    form = LimitsForm(request.POST or None, initial=present)
    if request.method == "POST" and form.is_valid():
        commands.set_limits(
            by=request.actor,
            channel=status.code,
            day_fen=form.day_fen,
            month_messages=form.cleaned_data["month_messages"],
            reason=form.cleaned_data["reason"],
        )
        return see_other("channels:channels")
    return page(request, "channels/limits.html", form=form, channel=status)


@staff(Permission.SEND_MESSAGES)
def messages(request: Request) -> HttpResponse:
    """By state; what a person must decide comes first."""
    state = request.GET.get("state", "unknown")
    state = state if state in TABS else "unknown"
    before = _moment(request.GET.get("before", ""))
    found = queries.messages_for(request.actor, state=state, before=before)
    return page(
        request,
        "channels/messages.html",
        rows=_lines(request.actor, found),
        tabs=[(code, state_name(code)) for code in TABS],
        state=state,
        next=found[-1].put_at.isoformat() if len(found) == queries.PAGE else "",
    )


@staff(Permission.SEND_MESSAGES)
def message(request: Request, message_id: UUID) -> HttpResponse:
    """One message, its receipts, and the decision of an unknown outcome."""
    facts = queries.get_message_for(request.actor, message_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        commands.decide_unknown(
            by=request.actor,
            message_id=facts.id,
            was_sent=form.cleaned_data["outcome"] == "yes",
            reason=form.cleaned_data["reason"],
        )
        return see_other("channels:messages")
    return page(
        request,
        "channels/message.html",
        line=_lines(request.actor, [facts])[0],
        receipts=queries.receipts_of(request.actor, facts.id),
        asked_at=facts.asked_at,
        said=SAID.get(facts.asked_word, ""),
        form=form,
        may_decide="say_sent" in OUTBOX.allowed(facts.state),
    )


@staff(Permission.SEND_MESSAGES)
def texts(request: Request) -> HttpResponse:
    return page(request, "channels/texts.html", texts=queries.group_texts(request.actor))


@member_only
def inbox(request: Request) -> HttpResponse:
    return page(request, "channels/inbox.html", lines=queries.own_inbox(request.actor))


@member_only
@require_POST
def mark_read(request: Request) -> HttpResponse:
    commands.mark_inbox_read(by=request.actor)
    return see_other("channels:inbox")


@member_only
def wechat(request: Request) -> HttpResponse:
    """Binding one's own WeChat account: out to WeChat, or the end of it."""
    if request.method == "POST":
        commands.end_binding(by=request.actor)
        return see_other("channels:wechat")
    is_offered = configuration.has("wechat", "app_id", "secret")
    way = ""
    if is_offered and request.actor.member_id is not None:
        back = settings.PUBLIC_URL + reverse("channels:wechat_return")
        state = binding.state_for("member", request.actor.member_id)
        way = authorize_url(configuration.of("wechat")["app_id"], back, state)
    standing = queries.own_binding(request.actor)
    return page(request, "channels/wechat.html", way=way, standing=standing)


@member_only
def wechat_return(request: Request) -> HttpResponse:
    """Back from WeChat. One press of a button writes; a link that was followed does not."""
    if request.method == "POST":
        commands.begin_binding(
            by=request.actor,
            state=request.POST.get("state", "")[:400],
            code=request.POST.get("code", "")[:200],
        )
        return see_other("channels:wechat")
    return page(
        request,
        "channels/wechat_return.html",
        state=request.GET.get("state", "")[:400],
        code=request.GET.get("code", "")[:200],
    )


def _lines(
    actor: Actor, found: Sequence[MessageFacts]
) -> list[tuple[MessageFacts, str, str, str, Named | None]]:
    named = names_of(actor, found)
    return [
        (
            facts,
            channel_name(facts.channel),
            state_name(facts.state),
            why(facts.detail_code),
            named.get(facts.id),
        )
        for facts in found
    ]


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
