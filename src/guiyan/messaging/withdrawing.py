"""What was planned may be withdrawn before it goes: a stop, a consent taken back, another number.

A message waits for the morning, or for a gateway that is down, for days. What held when it was
planned is asked again right before it goes, whichever channel it leaves by; whoever must not be
written to any more is called.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from guiyan.channels import queries as channels
from guiyan.channels import withdrawing
from guiyan.channels.types import Outgoing
from guiyan.members import sending
from guiyan.members.sending import Sendable
from guiyan.messaging import counting, rules, stopping
from guiyan.messaging.models import SayingTo, Stop
from guiyan.messaging.planning import whose_number
from guiyan.messaging.purposes import declared
from guiyan.messaging.rules import Reach, Recipient
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now


@dataclass(frozen=True, slots=True)
class _Said:
    """What this message is, and what its member has said meanwhile."""

    row: SayingTo
    purpose: str
    has_stopped: bool
    is_number_silent: bool

    @property
    def member_id(self) -> UUID:
        return self.row.member_id

    @property
    def way(self) -> str:
        return self.row.channel

    @property
    def names_them(self) -> bool:
        return self.row.whose == "own"

    @property
    def is_answer(self) -> bool:
        """A purpose that is declared no more is no answer, and stops nobody else's messages."""
        return self.purpose in declared() and declared()[self.purpose].is_answer


def why_not(key: str, message: Outgoing) -> str:
    """A code of `rules.WHY_NOT`, or nothing. The month is counted again only where it has turned since.
    Two queries for what leaves the house, three for WeChat; none for codes, calls, the own page."""
    if message.recipient_kind != "member" or not channels.leaves_the_house(message.channel):
        return ""
    said = _said(key, message)
    if said is None:
        return ""
    by = Actor.system("messaging.withdrawing")
    person = sending.sendable(by, [said.member_id]).get(said.member_id)
    if person is None:
        return "no-address"
    reach = _reach(by, said, person, message)
    recipient = Recipient(person.agrees, said.has_stopped, 0, {said.way: reach})
    step = rules.step(said.way, recipient, is_answer=said.is_answer, names_them=said.names_them)
    return step.why_not or _why_not_this_month(said.row)


def _why_not_this_month(row: SayingTo) -> str:
    """What a gateway that was down held over the turn of the month counts where it goes out."""
    month = counting.month_of(now())
    if row.counted_in in ("", month):
        return ""
    if not counting.recount(row.member_id, row.path, row.counted_in, month):
        return "month-full"
    SayingTo.objects.filter(pk=row.pk).update(counted_in=month)
    return ""


def _said(key: str, message: Outgoing) -> _Said | None:
    """One query. None for what no purpose of ours says."""
    hashes = sending.hashes_of(message.address) if _is_sms(message) else ()
    rows = SayingTo.objects.filter(outbox_key=key).select_related("saying")
    stops = Stop.objects.filter(member_id=OuterRef("member_id"), ended_at__isnull=True)
    row = rows.annotate(
        has_stopped=Exists(stops), is_silent=Exists(stopping.stopped(hashes))
    ).first()
    if row is None:
        return None
    return _Said(
        row,
        row.saying.purpose,
        row.has_stopped,
        row.is_silent and row.saying.purpose != stopping.CONFIRMED,
    )


def _reach(by: Actor, said: _Said, person: Sendable, message: Outgoing) -> Reach:
    """Whether the message still goes to where this member is reached by this way."""
    if _is_sms(message):
        is_there = person.blind in sending.hashes_of(message.address)
        whose = whose_number(person)
        return Reach(said.way, is_there, True, whose, said_no_more=said.is_number_silent)
    if message.channel == "wechat":
        is_there = channels.wechat_address(by, "member", said.member_id) == message.address
        return Reach(said.way, is_there, True)
    return Reach(said.way, True, True)  # files keep no address of the other ways


def _is_sms(message: Outgoing) -> bool:
    return message.channel in channels.SMS


def join_lower_rooms() -> None:
    withdrawing.asked.append(why_not)
