"""What was planned may be withdrawn before it goes: a stop, a consent taken back, another number.

A message waits for the morning, or for a gateway that is down, for days. What held when it was
planned is asked again right before it goes; whoever must not be written to any more is called.
"""

from uuid import UUID

from guiyan.channels import queries as channels
from guiyan.channels import withdrawing
from guiyan.channels.types import Outgoing
from guiyan.members import sending
from guiyan.messaging import rules, stopping
from guiyan.messaging.models import SayingTo, Stop
from guiyan.messaging.planning import whose_number
from guiyan.messaging.purposes import declared
from guiyan.messaging.rules import Reach, Recipient
from guiyan.platform.actor import Actor


def why_not(key: str, message: Outgoing) -> str:
    """A code of `rules.WHY_NOT`, or nothing. The month is not counted again: this one is in it. Six
    queries for what is pushed to a member; none for codes, calls and the own page."""
    by_sms = message.channel in channels.SMS
    if message.recipient_kind != "member" or not (by_sms or message.channel == "wechat"):
        return ""
    row = SayingTo.objects.filter(outbox_key=key).select_related("saying").first()
    if row is None:
        return ""
    by, code = Actor.system("messaging.withdrawing"), row.saying.purpose
    person = sending.sendable(by, [row.member_id]).get(row.member_id)
    if person is None:
        return "no-address"
    if by_sms:
        is_there, whose = person.blind in sending.hashes_of(message.address), whose_number(person)
    else:
        bound = channels.wechat_reaches(by, [row.member_id], message.template)
        is_there, whose = bound.get(row.member_id, ("",))[0] == message.address, "own"
    is_silent = by_sms and code != stopping.CONFIRMED and _is_silent(person.blind)
    reach = Reach(row.channel, is_there, True, whose, said_no_more=is_silent)
    recipient = Recipient(person.agrees, _has_stopped(row.member_id), 0, {row.channel: reach})
    # A purpose that is declared no more is no answer, and stops nobody else's messages.
    is_answer = code in declared() and declared()[code].is_answer
    step = rules.step(row.channel, recipient, is_answer=is_answer, names_them=row.whose == "own")
    return step.why_not


def _is_silent(blind: bytes) -> bool:
    return bool(stopping.stopped_among([blind]))


def _has_stopped(member_id: UUID) -> bool:
    return Stop.objects.filter(member_id=member_id, ended_at__isnull=True).exists()


def join_lower_rooms() -> None:
    withdrawing.asked.append(why_not)
