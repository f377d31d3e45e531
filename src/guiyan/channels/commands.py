"""Writes of the ways out: what is put, cancelled, decided, reported, bound, limited."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from guiyan.channels import binding, contents, following, outbox, taps, ways
from guiyan.channels.contract import channel_of
from guiyan.channels.events import ReplyReceived
from guiyan.channels.models import (
    Binding,
    CallEntry,
    ChannelLimits,
    DeliveryReceipt,
    InboxMessage,
    OutboxMessage,
)
from guiyan.channels.rules import (
    CODE_LIVES,
    CODES_PER_DAY,
    CODES_PER_MINUTE,
    MESSAGE_LIVES,
    OUTBOX,
    may_go_to_a_group,
)
from guiyan.channels.types import NewMessage, Receipt
from guiyan.channels.wechat.channel import long_term_templates
from guiyan.channels.wechat.wire import Event
from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform import audit, limits
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_rows
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.events import publish
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope

REGISTERED = ways  # importing it adds every channel
LOOKED_UP_AT_ONCE = 5_000


@command(Permission.SEND_MESSAGES)
def put(*, by: Actor, messages: Sequence[NewMessage]) -> list[UUID]:
    """Put messages into the outbox; each key counts once for ever (trust.md F03).

    Returns the ids of the outbox rows in the order of the messages: of the row that was there
    already where the key was taken. Codes beyond the bound of their address (F37) are left out.
    """
    wanted = [message for message in messages if _is_within_bounds(message)]
    rows = [_row_of(message) for message in wanted]
    insert_rows(rows, unless_taken="key")
    ids = _ids_by_key([row.key for row in rows])
    own = {row.id for row in rows}
    for message in wanted:
        if (message_id := ids[message.key]) in own:
            is_members = message.recipient_kind == "member"
            audit.note(
                subject_kind="message",
                subject_id=message_id,
                member_id=message.recipient_id if is_members else None,
                channel=message.channel,
            )
    return [ids[message.key] for message in wanted]


@command(Permission.SEND_MESSAGES)
def hand_out(*, by: Actor, message: NewMessage) -> UUID:
    """Put a message that only writes a row of our own, and write it at once: who wrote a text for a
    group copies it now. Raises Refused: phone, id-number, name."""
    (message_id,) = put(by=by, messages=[message])
    row = OutboxMessage.objects.select_for_update().get(pk=message_id)
    channel = channel_of(row.channel)
    if not channel.is_local:
        raise ValueError(f"{row.channel} goes out by the worker")
    outgoing = contents.open_contents(row)
    outbox.claim(row, uuid4(), now())
    outbox.record(row, outgoing, channel.send(outgoing), now())
    return message_id


@command(Permission.SEND_MESSAGES)
def cancel(*, by: Actor, message_ids: Sequence[UUID], reason: str) -> int:
    """What has not been claimed yet is not sent; what has been can't be called back."""
    rows = OutboxMessage.objects.select_for_update().filter(pk__in=message_ids, state="waiting")
    cancelled = list(rows)
    for row in cancelled:
        outbox.end(row, "cancel", now())
        audit.note(subject_kind="message", subject_id=row.id, channel=row.channel)
    return len(cancelled)


@command(Permission.SEND_MESSAGES)
def decide_unknown(*, by: Actor, message_id: UUID, was_sent: bool, reason: str) -> None:
    """A person says how an unknown outcome ended, after asking the provider or the member.

    Nothing is sent by this: who was not reached gets a message of another slot, or a call.
    """
    row = OutboxMessage.objects.select_for_update().filter(pk=message_id).first()
    if row is None:
        raise NotFound(f"message {message_id}")
    if row.state != "unknown":
        raise Refused("decided", _("这条消息的结果已经有了，不用再定。"))
    if not reason.strip():
        raise Refused("reason", _("请写明是怎样知道的，例如问过本人或查过服务商后台。"))
    row.decided_by = by.account_id
    row.contents = None
    outbox.end(row, "say_sent" if was_sent else "say_not_sent", now(), "by-person")
    audit.note(subject_kind="message", subject_id=row.id, was_sent=was_sent, channel=row.channel)


@command(None)
def take_receipt(*, by: Actor, channel: str, receipts: Sequence[Receipt]) -> int:
    """What a provider reports of messages that it knows; returns how many were ours."""
    _only_the_program(by)
    known = 0
    for receipt in receipts:
        row = _reported(channel, receipt)
        if row is None:
            continue
        known += 1
        DeliveryReceipt.objects.create(
            message=row, at=now(), is_delivered=receipt.is_delivered, code=receipt.code
        )
        act = "report_delivered" if receipt.is_delivered else "report_failed"
        if row.decided_by is None and act in OUTBOX.allowed(row.state):
            outbox.end(row, act, now(), receipt.code)
        audit.note(subject_kind="message", subject_id=row.id, channel=channel)
    return known


@command(None)
def take_reply(*, by: Actor, channel: str, address: str, text: str) -> None:
    """Somebody has answered: upper rooms hear it (a stop word, usually); nothing is kept here."""
    _only_the_program(by)
    found = OutboxMessage.objects.filter(address_index__in=contents.indexes_of(address))
    last = found.order_by("-put_at").first()
    bound = binding.by_address(channel, address)
    kind, recipient_id = "", None
    if bound is not None:
        kind, recipient_id = bound.recipient_kind, bound.recipient_id
    elif last is not None:
        kind, recipient_id = last.recipient_kind, last.recipient_id
    last_id = last.id if last else None
    publish(ReplyReceived(channel, last_id, kind, recipient_id, text, address))
    audit.note(subject_kind="channel", channel=channel)


@command(None)
def forget_recipients(*, by: Actor, recipient_kind: str, recipient_ids: Sequence[UUID]) -> None:
    """Their files go: what waits is not sent, what was sent names nobody any more (PIPL art. 47).

    Rows of the outbox stay without a person, number, text or place: receipts hang on them and
    their cost was paid.
    """
    _only_the_program(by)
    theirs = {"recipient_kind": recipient_kind, "recipient_id__in": list(recipient_ids)}
    for row in OutboxMessage.objects.select_for_update().filter(**theirs, state="waiting"):
        outbox.end(row, "cancel", now())
    OutboxMessage.objects.filter(**theirs).update(
        key=Concat(Value("forgotten:"), Cast("id", CharField())),
        recipient_kind="forgotten",
        recipient_id=None,
        path="",
        contents=None,
        address_index=None,
        address_mask="",
        provider_id="",
        ask_at=None,
    )
    for model in (InboxMessage, CallEntry, Binding):
        model._default_manager.filter(**theirs).delete()
    audit.note(subject_kind="messages", forgotten=len(recipient_ids))


@command(None)
def hold_waiting(*, by: Actor, recipient_kind: str, recipient_ids: Sequence[UUID]) -> set[str]:
    """Before two of them become one: nothing of theirs goes out until the transaction ends. Returns
    the keys of what still waits."""
    _only_the_program(by)
    audit.note(subject_kind="messages", held=len(recipient_ids))
    return following.hold_waiting(recipient_kind, recipient_ids)


@command(None)
def follow_recipient(
    *,
    by: Actor,
    recipient_kind: str,
    kept_id: UUID,
    gone_id: UUID,
    path: str,
    resting: Collection[str],
) -> list[str]:
    """Two files became one: their messages, calls and WeChat account go along, looked after at
    `path`. Messages of these keys rest with the file that goes. Returns what takes it back."""
    _only_the_program(by)
    audit.note(subject_kind="messages", resting=len(resting))
    return following.move(recipient_kind, kept_id, gone_id, path=path, resting=resting)


@command(None)
def follow_back(
    *, by: Actor, recipient_kind: str, kept_id: UUID, gone_id: UUID, moved: Sequence[str]
) -> None:
    """The one file is two again: exactly what went along goes back."""
    _only_the_program(by)
    audit.note(subject_kind="messages")
    following.move_back(recipient_kind, kept_id, gone_id, moved)


@command(None)
def take_wechat_event(*, by: Actor, event: Event) -> None:
    """A tap, a withdrawal, a report or a text, from an account that is bound to somebody."""
    _only_the_program(by)
    bound = binding.by_address("wechat", event.openid)
    audit.note(subject_kind="channel", channel="wechat", event=event.kind[:40])
    if event.sent_id:
        receipt = Receipt(event.sent_id, None, event.is_delivered, event.code)
        take_receipt(by=by, channel="wechat", receipts=[receipt])
    if event.kind == "text":
        take_reply(by=by, channel="wechat", address=event.openid, text=event.text)
    if bound is None:
        return
    for number, tap in enumerate(event.taps):
        source = f"{event.source}:{number}"
        if not tap.is_accepted:
            taps.void(bound, tap.template, source)
        elif tap.template not in long_term_templates():
            taps.tapped(bound, tap.template, source)


@command(None)
def begin_binding(*, by: Actor, state: str, code: str) -> None:
    """The member came back from WeChat with a code; the worker asks whose it is."""
    member_id = _member(by)
    if not binding.is_state_of(state, "member", member_id):
        raise Refused("state", _("这次绑定已经过期或不是您发起的，请重新点一次“绑定微信”。"))
    row = binding.begin("member", member_id, code)
    audit.note(subject_kind="binding", subject_id=row.id, channel="wechat")


@command(None)
def end_binding(*, by: Actor) -> None:
    """The member takes their WeChat account back."""
    row = binding.active("wechat", "member", _member(by))
    if row is None:
        raise NotFound("binding")
    binding.close(row)
    audit.note(subject_kind="binding", subject_id=row.id, channel="wechat")


@command(None)
def mark_inbox_read(*, by: Actor) -> None:
    """The member has seen their messages."""
    read = InboxMessage.objects.filter(recipient_id=_member(by), read_at__isnull=True)
    read.update(read_at=now())
    audit.note(subject_kind="inbox")


@command(Permission.RECORD_CONTACT)
def finish_call(*, by: Actor, message_id: UUID, was_reached: bool) -> None:
    """Whoever called says whether the person was reached; upper rooms hear how the message ended."""
    entry = CallEntry.objects.select_for_update().filter(pk=message_id).first()
    if entry is None:
        raise NotFound(f"call {message_id}")
    if entry.done_at is not None:
        raise Refused("done", _("这个电话已经有人打过了，请刷新页面。"))
    entry.outcome = "reached" if was_reached else "not_reached"
    entry.done_at, entry.done_by = now(), by.account_id
    entry.save()
    row = OutboxMessage.objects.select_for_update().filter(pk=message_id).first()
    if row is not None and row.state == "accepted":
        outbox.end(row, "report_delivered" if was_reached else "report_failed", now())
    audit.note(subject_kind="call", subject_id=entry.id, was_reached=was_reached)


@command(Permission.MANAGE_CHANNELS)
def set_limits(*, by: Actor, channel: str, day_fen: int, month_messages: int, reason: str) -> None:
    """The day's breaker and the month's quota of a channel."""
    if day_fen < 0 or month_messages < 0:
        raise Refused("limit", _("上限不能是负数。"))
    code = channel_of(channel).code
    ChannelLimits.objects.update_or_create(
        channel=code,
        defaults={"day_fen": day_fen, "month_messages": month_messages, "set_at": now()},
    )
    audit.note(subject_kind="channel", channel=code, day_fen=day_fen, month_messages=month_messages)


def _is_within_bounds(message: NewMessage) -> bool:
    """Codes to one address are bounded here too, whoever asks for them."""
    if message.priority != "code":
        return True
    return limits.take(
        "channels.code.minute",
        message.address,
        limit=CODES_PER_MINUTE,
        per=timedelta(minutes=1),
    ) and limits.take(
        "channels.code.day", message.address, limit=CODES_PER_DAY, per=timedelta(days=1)
    )


def _row_of(message: NewMessage) -> OutboxMessage:
    code = channel_of(message.channel).code
    if not message.key:
        raise ValueError("a message needs a key: person:purpose:slot")
    if code == "group_text":
        refuse(may_go_to_a_group(f"{message.title}\n{message.text}", message.names))
    is_code, at, message_id = message.priority == "code", now(), uuid4()
    send_after = message.send_after or at
    lives = CODE_LIVES if is_code else MESSAGE_LIVES
    return OutboxMessage(
        id=message_id,
        key=message.key,
        channel=code,
        state="waiting",
        priority=outbox.CODE if is_code else outbox.USUAL,
        path=message.path,
        recipient_kind=message.recipient_kind,
        recipient_id=message.recipient_id,
        contents=contents.seal(message_id, message),
        address_index=contents.index_of(message.address) if message.address else None,
        address_mask=contents.mask_of(message.address),
        put_at=at,
        send_after=send_after,
        expires_at=message.expires_at or send_after + lives,
        next_try_at=send_after,
    )


def _ids_by_key(keys: Sequence[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    with beyond_scope("a key counts once for the whole country"):
        for start in range(0, len(keys), LOOKED_UP_AT_ONCE):
            some = keys[start : start + LOOKED_UP_AT_ONCE]
            found.update(OutboxMessage.objects.filter(key__in=some).values_list("key", "id"))
    return found


def _reported(channel: str, receipt: Receipt) -> OutboxMessage | None:
    rows = OutboxMessage.objects.select_for_update().filter(channel=channel)
    if receipt.message_id is not None:
        return rows.filter(pk=receipt.message_id).first()
    if not receipt.provider_id:
        return None
    return rows.filter(provider_id=receipt.provider_id).first()


def _only_the_program(by: Actor) -> None:
    if by.kind != "system":
        raise NotFound("only a signed call of a provider reports")


def _member(by: Actor) -> UUID:
    if by.member_id is None:
        raise NotFound("only a member")
    return by.member_id
