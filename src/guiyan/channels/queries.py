"""Reads of the ways out: what waits, what is unknown, how channels stand, whose inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.db.models import Count, Q, QuerySet

from guiyan.channels import binding, contract, spending, taps, ways
from guiyan.channels.models import (
    Binding,
    CallEntry,
    DeliveryReceipt,
    GroupText,
    InboxMessage,
    OutboxMessage,
)
from guiyan.channels.types import ChannelStatus, MessageFacts, Outgoing
from guiyan.channels.wechat.channel import long_term_templates
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope

REGISTERED = ways  # importing it adds every channel
PAGE = 50
AT_ONCE = 5_000
SMS = ("aliyun_sms", "tencent_sms")


@dataclass(frozen=True, slots=True)
class InboxLine:
    title: str
    text: str
    at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class CallLine:
    id: UUID
    recipient_kind: str
    recipient_id: UUID | None
    text: str
    call_by: datetime


@dataclass(frozen=True, slots=True)
class GroupTextLine:
    title: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    at: datetime
    is_delivered: bool
    code: str


def sms_channel() -> str:
    """The channel by which a sign-in code goes: the first provider of SMS that is configured;
    empty when there is none."""
    return next((code for code in SMS if contract.channel_of(code).is_configured()), "")


def configured_channels() -> list[str]:
    """Codes of all channels that this deployment may use."""
    return [channel.code for channel in contract.all_channels() if channel.is_configured()]


def leaves_the_house(channel: str) -> bool:
    """Not for what only writes a row of our own: the own page, the list of calls."""
    return not contract.channel_of(channel).is_local


def messages_for(
    actor: Actor, *, state: str = "", limit: int = PAGE, before: datetime | None = None
) -> list[MessageFacts]:
    """The newest messages in the actor's part of the tree. One query; at most one page."""
    _needs(actor, Permission.SEND_MESSAGES)
    rows = _messages(actor)
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(put_at__lt=before)
    return [facts_of(row) for row in rows.order_by("-put_at")[:limit]]


def _messages(actor: Actor) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(path__gte=actor.scope.low, path__lt=actor.scope.high)


def of_unknown_outcome(actor: Actor) -> QuerySet[OutboxMessage]:
    """What a person has to decide, as rows, to be asked whether there are any."""
    _needs(actor, Permission.SEND_MESSAGES)
    return _messages(actor).filter(state="unknown")


def unknown_for(actor: Actor, *, limit: int = PAGE) -> list[MessageFacts]:
    """What a person has to decide. One query."""
    return messages_for(actor, state="unknown", limit=limit)


def get_message_for(actor: Actor, message_id: UUID) -> MessageFacts:
    """One query. Raises NotFound."""
    _needs(actor, Permission.SEND_MESSAGES)
    row = OutboxMessage.objects.filter(pk=message_id).first()
    if row is None:
        raise NotFound(f"message {message_id}")
    return facts_of(row)


def messages_by_key(actor: Actor, keys: Sequence[str]) -> dict[str, MessageFacts]:
    """How the messages with these keys stand. One query."""
    _needs(actor, Permission.SEND_MESSAGES)
    return {row.key: facts_of(row) for row in OutboxMessage.objects.filter(key__in=keys)}


def receipts_of(actor: Actor, message_id: UUID) -> list[ReceiptLine]:
    """Two queries."""
    get_message_for(actor, message_id)
    rows = DeliveryReceipt.objects.filter(message_id=message_id).order_by("id")
    return [ReceiptLine(row.at, row.is_delivered, row.code) for row in rows]


def channel_statuses(actor: Actor) -> list[ChannelStatus]:
    """How each channel stands today; counts only, so that who runs the system sees nobody."""
    _needs(actor, Permission.MANAGE_CHANNELS)
    with beyond_scope("counts of the outbox for who runs the channels; nobody is named"):
        counted = {
            row["channel"]: row
            for row in OutboxMessage.objects.filter(state__in=["waiting", "unknown"])
            .values("channel")
            .annotate(
                waiting=Count("pk", filter=Q(state="waiting")),
                unknown=Count("pk", filter=Q(state="unknown")),
                put_off=Count("pk", filter=Q(state="waiting", tries__gt=0)),
            )
        }
        found = []
        for channel in contract.all_channels():
            day_fen, day, month = spending.spent(channel.code, actor.today)
            row = counted.get(channel.code, {"waiting": 0, "unknown": 0, "put_off": 0})
            found.append(
                ChannelStatus(
                    code=channel.code,
                    name=str(channel.name),
                    is_configured=channel.is_configured(),
                    is_paid=channel.code in SMS,
                    day_fen=day_fen,
                    day_messages=day,
                    month_messages=month,
                    limits=spending.limits_of(channel.code),
                    waiting=row["waiting"],
                    unknown=row["unknown"],
                    put_off=row["put_off"],
                )
            )
    return found


def channel_status(actor: Actor, code: str) -> ChannelStatus:
    """Raises NotFound."""
    for status in channel_statuses(actor):
        if status.code == code:
            return status
    raise NotFound(f"channel {code}")


def own_inbox(actor: Actor, *, limit: int = PAGE) -> list[InboxLine]:
    """The member's own messages. One query."""
    rows = InboxMessage.objects.filter(recipient_kind="member", recipient_id=_member(actor))
    return [
        InboxLine(row.title, row.text, row.at, row.read_at is None)
        for row in rows.order_by("-at")[:limit]
    ]


def unread_count(actor: Actor) -> int:
    """One query."""
    return InboxMessage.objects.filter(
        recipient_kind="member", recipient_id=_member(actor), read_at__isnull=True
    ).count()


def open_calls(actor: Actor, *, limit: int = PAGE) -> list[CallLine]:
    """Calls that nobody has made yet, the most urgent first. One query."""
    _needs(actor, Permission.RECORD_CONTACT)
    return [
        CallLine(row.id, row.recipient_kind, row.recipient_id, row.text, row.call_by)
        for row in calls_to_make(actor).order_by("call_by")[:limit]
    ]


def calls_to_make(actor: Actor) -> QuerySet[CallEntry]:
    """Their rows, to be asked whether there are any."""
    return CallEntry.objects.filter(
        path__gte=actor.scope.low, path__lt=actor.scope.high, done_at__isnull=True
    )


def group_texts(actor: Actor, *, limit: int = PAGE) -> list[GroupTextLine]:
    """Texts for groups, the newest first. One query."""
    _needs(actor, Permission.SEND_MESSAGES)
    rows = GroupText.objects.filter(path__gte=actor.scope.low, path__lt=actor.scope.high)
    return [GroupTextLine(row.title, row.text, row.at) for row in rows.order_by("-at")[:limit]]


def wechat_address(actor: Actor, recipient_kind: str, recipient_id: UUID) -> str:
    """The openid to put into a message; empty when nobody is bound. One query."""
    _needs(actor, Permission.SEND_MESSAGES)
    with beyond_scope("a binding is the member's own; whoever may send needs its address"):
        row = binding.active("wechat", recipient_kind, recipient_id)
        return binding.address_of(row) if row else ""


def wechat_credit(actor: Actor, recipient_kind: str, recipient_id: UUID, template: str) -> int:
    """How many one-time notices of this template may still go. Two queries."""
    _needs(actor, Permission.SEND_MESSAGES)
    with beyond_scope("a binding is the member's own; whoever may send needs its credit"):
        row = binding.active("wechat", recipient_kind, recipient_id)
        return taps.balance(row, template) if row and row.bound_at else 0


def wechat_reaches(
    actor: Actor, member_ids: Sequence[UUID], template: str
) -> dict[UUID, tuple[str, int | None]]:
    """Of members whose WeChat is bound: the openid, and how many notices of this template may still
    go (None: without limit). Two queries for every 5,000."""
    _needs(actor, Permission.SEND_MESSAGES)
    is_counted = template not in long_term_templates()
    found: dict[UUID, tuple[str, int | None]] = {}
    with beyond_scope("a binding is the member's own; whoever may send needs its address"):
        for start in range(0, len(member_ids), AT_ONCE):
            rows = Binding.objects.filter(
                channel="wechat",
                recipient_kind="member",
                recipient_id__any=member_ids[start : start + AT_ONCE],
                bound_at__isnull=False,
                ended_at__isnull=True,
            )
            bound = {row.id: row for row in rows}
            left = taps.balances(list(bound), template) if is_counted and bound else {}
            for row in bound.values():
                credit = left.get(row.id, 0) if is_counted else None
                found[row.recipient_id] = (binding.address_of(row), credit)
    return found


def cost_fen(channel: str, text: str) -> int:
    """What one message with this text costs."""
    return contract.channel_of(channel).cost(_draft(channel, text)).fen


def _draft(channel: str, text: str) -> Outgoing:
    """A message to nobody, of which only the cost is asked."""
    return Outgoing(
        uuid4(), channel, "", "", text, "", {}, "", None, "", datetime.max.replace(tzinfo=UTC)
    )


def own_binding(actor: Actor) -> str:
    """Nothing when not bound, "waiting" for WeChat's answer, "bound". One query."""
    row = binding.active("wechat", "member", _member(actor))
    if row is None:
        return ""
    return "waiting" if row.code else "bound"


def facts_of(row: OutboxMessage) -> MessageFacts:
    return MessageFacts(
        id=row.id,
        key=row.key,
        channel=row.channel,
        state=row.state,
        address_mask=row.address_mask,
        recipient_kind=row.recipient_kind,
        recipient_id=row.recipient_id,
        path=row.path,
        put_at=row.put_at,
        send_after=row.send_after,
        expires_at=row.expires_at,
        claimed_at=row.claimed_at,
        ended_at=row.ended_at,
        tries=row.tries,
        detail_code=row.detail_code,
        cost_fen=row.cost_fen,
        asked_at=row.asked_at,
        asked_word=row.asked_word,
    )


def _needs(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise Forbidden(permission)


def _member(actor: Actor) -> UUID:
    if actor.member_id is None:
        raise NotFound("only a member")
    return actor.member_id
