"""What happens after a message has ended or a member has written back, and each night's erasing."""

from collections.abc import Sequence
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


@job("messaging.stop_by_reply")
def stop_by_reply(
    member_id: str,
    channel: str,
    number_id: str = "",
    blinds: Sequence[str] = (),
    sealed: str = "",
) -> None:
    """A stop word: nothing more goes to this number, whoever has it; to those whose own it is
    nothing is pushed, and their consent shows as withdrawn; one neutral line back, once."""
    by = Actor.system("messaging.stop_by_reply")
    hashes = [bytes.fromhex(one) for one in blinds]
    is_news = bool(hashes) and stopping.stop_number(
        UUID(number_id), hashes, bytes.fromhex(sealed), channel
    )
    for person in _speakers(by, member_id, hashes):
        if stopping.stop(person.member_id, person.path, channel):
            is_news = True
            _record_consent(by, person, is_given=False)
    if is_news:
        commands.say(
            by=by,
            purpose=stopping.CONFIRMED,
            slot=f"{now():%Y-%m-%d %H%M}",
            member_ids=[UUID(member_id)],
            facts={},
        )


@job("messaging.resume_by_reply")
def resume_by_reply(
    member_id: str,
    channel: str,
    number_id: str = "",
    blinds: Sequence[str] = (),
    sealed: str = "",
) -> None:
    """The same phone takes it back; those whose own number it is agree again by that."""
    by = Actor.system("messaging.resume_by_reply")
    hashes = [bytes.fromhex(one) for one in blinds]
    stopping.resume_numbers(hashes)
    for person in _speakers(by, member_id, hashes):
        if stopping.resume(person.member_id):
            _record_consent(by, person, is_given=True)


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


def _speakers(by: Actor, member_id: str, hashes: Sequence[bytes]) -> list[Sendable]:
    """For whom a word speaks: those whose own number it came from; without a number, who is bound
    to the account. A relative's or a shared phone speaks for the number alone."""
    ids = [one for one, whose in sending.holders_of(hashes) if whose == "own"]
    people = sending.sendable(by, ids if hashes else [UUID(member_id)])
    return list(people.values())


def _record_consent(by: Actor, person: Sendable, *, is_given: bool) -> None:
    own.record_consent(
        by=by,
        member_id=person.member_id,
        purpose=sending.CONSENT,
        how="spoken",
        is_given=is_given,
    )


def _person(by: Actor, member_id: str) -> Sendable | None:
    return sending.sendable(by, [UUID(member_id)]).get(UUID(member_id))
