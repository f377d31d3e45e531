"""What happens after a message has ended or a member has written back, and each night's erasing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from guiyan.channels import queries as channels
from guiyan.channels.events import MessageEnded, ReplyReceived
from guiyan.members import own, sending
from guiyan.members.sending import Sendable
from guiyan.messaging import climbing, commands, housekeeping, replying, rules, stopping
from guiyan.messaging.models import Reply
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.jobs import enqueue, job

_HEARD = frozenset({"accepted", "delivered", "declined", "unknown", "expired", "cancelled"})


def hear_ended(news: MessageEnded) -> None:
    """Called within the write that ended the message; only enqueues. Codes and texts for groups
    have no ladder."""
    if news.state in _HEARD and not news.key.startswith(("code:", "group:")):
        enqueue(follow, key=news.key, channel=news.channel, state=news.state)


def hear_reply(news: ReplyReceived) -> None:
    """Only enqueues. A reply passes to its job sealed: jobs never hold what somebody wrote."""
    if news.recipient_kind != "member" or news.recipient_id is None:
        return
    is_stop = rules.is_stop_word(news.text)
    if is_stop or rules.is_resume_word(news.text):
        enqueue(
            stop_by_reply if is_stop else resume_by_reply,
            member_id=str(news.recipient_id),
            channel=news.channel,
            **_number_of(news),
        )
        return
    reply_id = uuid4()
    enqueue(
        keep_reply,
        reply_id=str(reply_id),
        member_id=str(news.recipient_id),
        channel=news.channel,
        sealed=replying.sealed(reply_id, news.text).hex(),
    )


@job("messaging.follow")
def follow(key: str, channel: str, state: str) -> None:
    """The next rung, or where it stands now; hearing it twice changes nothing."""
    climbing.hear(Actor.system("messaging.follow"), key, channel, state)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that came back: whose it is, by which channel, and by SMS from which number."""

    by: Actor
    member_id: UUID
    channel: str
    hashes: list[bytes]

    def speakers(self) -> list[Sendable]:
        """For whom it speaks: those whose own number it came from; without a number, who is bound to
        the account. A relative's or a shared phone speaks for the number alone."""
        ids = [one for one, whose in sending.holders_of(self.hashes) if whose == "own"]
        people = sending.sendable(self.by, ids if self.hashes else [self.member_id])
        return list(people.values())

    def record_consent(self, person: Sendable, *, is_given: bool) -> None:
        own.record_consent(
            by=self.by,
            member_id=person.member_id,
            purpose=sending.CONSENT,
            how="spoken",
            is_given=is_given,
        )


@job("messaging.stop_by_reply")
def stop_by_reply(member_id: str, channel: str, **number: Any) -> None:
    """A stop word: nothing more goes to this number, whoever has it; to those whose own it is
    nothing is pushed, and their consent shows as withdrawn; one neutral line back, once."""
    word = _word("messaging.stop_by_reply", member_id, channel, number)
    is_news = bool(word.hashes) and stopping.stop_number(
        UUID(number["number_id"]), word.hashes, bytes.fromhex(number["sealed"]), channel
    )
    for person in word.speakers():
        if stopping.stop(person.member_id, person.path, channel):
            is_news = True
            word.record_consent(person, is_given=False)
    if is_news:
        commands.say(
            by=word.by,
            purpose=stopping.CONFIRMED,
            slot=f"{now():%Y-%m-%d %H%M}",
            member_ids=[word.member_id],
            facts={},
        )


@job("messaging.resume_by_reply")
def resume_by_reply(member_id: str, channel: str, **number: Any) -> None:
    """The same phone takes it back; those whose own number it is agree again by that."""
    word = _word("messaging.resume_by_reply", member_id, channel, number)
    stopping.resume_numbers(word.hashes)
    for person in word.speakers():
        if stopping.resume(person.member_id):
            word.record_consent(person, is_given=True)


@job("messaging.keep_reply")
def keep_reply(reply_id: str, member_id: str, channel: str, sealed: str) -> None:
    """It waits for who looks after the member; a second run keeps it once."""
    person = _person(Actor.system("messaging.keep_reply"), member_id)
    if person is None:
        return
    Reply.objects.get_or_create(
        id=UUID(reply_id),
        defaults={
            "member_id": person.member_id,
            "path": person.path,
            "channel": channel,
            "is_own_number": channel == "wechat" or person.whose == "own",
            "text": bytes.fromhex(sealed),
            "at": now(),
        },
    )


@job("messaging.erase", cron="35 18 * * *")
def erase() -> None:
    """Nightly (02:35 in China): what nobody needs any more."""
    housekeeping.erase(now())


def _number_of(news: ReplyReceived) -> dict[str, Any]:
    """By SMS a number speaks, not a person; hashed and sealed, as jobs hold no number."""
    if news.channel not in channels.SMS or not news.address:
        return {}
    stop_id = uuid4()
    return {
        "number_id": str(stop_id),
        "blinds": [one.hex() for one in sending.hashes_of(news.address)],
        "sealed": stopping.sealed_number(stop_id, news.address).hex(),
    }


def _word(job: str, member_id: str, channel: str, number: Mapping[str, Any]) -> _Word:
    hashes = [bytes.fromhex(one) for one in number.get("blinds", ())]
    return _Word(Actor.system(job), sending.present_file(UUID(member_id)), channel, hashes)


def _person(by: Actor, member_id: str) -> Sendable | None:
    present = sending.present_file(UUID(member_id))
    return sending.sendable(by, [present]).get(present)
