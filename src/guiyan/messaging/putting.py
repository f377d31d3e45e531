"""From a rung of the ladder to a row of the outbox: number or openid, text, template, key."""

from collections.abc import Sequence
from uuid import UUID

from guiyan.channels import commands as channel_commands
from guiyan.channels import queries as channels
from guiyan.channels.types import NewMessage
from guiyan.kernel.quiet_hours import next_open
from guiyan.members.sending import open_numbers_for_sending
from guiyan.messaging import rules, wordings
from guiyan.messaging.models import Saying, SayingTo
from guiyan.messaging.planning import Way
from guiyan.messaging.purposes import Purpose
from guiyan.messaging.rules import Texts
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now

WECHAT_SIGNS = 20  # what a field of a subscription notice holds


def put(
    by: Actor,
    saying: Saying,
    purpose: Purpose,
    texts: Texts,
    rows: Sequence[tuple[SayingTo, Way]],
) -> None:
    """Put the message of each rung; numbers are opened for the outbox, which seals them at once."""
    texted = [way.member.member_id for _, way in rows if way.channel == "sms"]
    numbers = (
        open_numbers_for_sending(by=by, member_ids=texted, purpose=purpose.code) if texted else {}
    )
    sms = channels.sms_channel()
    messages = [
        _message(saying, purpose, texts, row, way, numbers.get(row.member_id, ""), sms)
        for row, way in rows
    ]
    channel_commands.put(by=by, messages=messages)


def outbox_key(member_id: UUID, saying: Saying, channel: str, rung: int) -> str:
    return rules.key_of(member_id, saying.purpose, saying.slot, channel, rung)


def _message(
    saying: Saying, purpose: Purpose, texts: Texts, row: SayingTo, way: Way, number: str, sms: str
) -> NewMessage:
    is_own = way.whose == "own"
    text, template, params, address, channel = texts.long, "", {}, "", way.channel
    if channel == "sms":
        text, address, channel = texts.short if is_own else texts.neutral, number, sms
        template = purpose.sms_template if is_own else purpose.neutral_sms_template
        params = wordings.facts_for(saying.texts, saying.facts, is_own=is_own)
    elif channel == "wechat":
        text, address, template = texts.short, way.wechat, purpose.wechat_template
        params = {"thing1": texts.title[:WECHAT_SIGNS], "thing2": texts.long[:WECHAT_SIGNS]}
    elif channel == "call_list":
        text = texts.call or texts.long
    return NewMessage(
        key=row.outbox_key,
        channel=channel,
        address=address,
        title=texts.title,
        text=text,
        template=template,
        params=params,
        send_after=max(saying.send_after, next_open(now())),
        expires_at=saying.expires_at,
        recipient_kind="member",
        recipient_id=row.member_id,
        path=way.member.path,  # where the member is looked after by now
    )
