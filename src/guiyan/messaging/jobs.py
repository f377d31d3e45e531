"""What happens after a message has ended or a member has written back, and each night's erasing."""

from uuid import UUID, uuid4

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
    if rules.is_stop_word(news.text):
        enqueue(stop_by_reply, member_id=str(news.recipient_id), channel=news.channel)
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
def stop_by_reply(member_id: str, channel: str) -> None:
    """A stop word: nothing more is pushed, the consent shows as withdrawn, one neutral line back."""
    by = Actor.system("messaging.stop_by_reply")
    person = _person(by, member_id)
    if person is None or not stopping.stop(person.member_id, person.path, channel):
        return
    own.record_consent(
        by=by,
        member_id=person.member_id,
        purpose=sending.CONSENT,
        how="spoken",
        is_given=False,
    )
    commands.say(
        by=by,
        purpose="stop_confirmed",
        slot=f"{now():%Y-%m-%d %H%M}",
        member_ids=[person.member_id],
        facts={},
    )


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


def _person(by: Actor, member_id: str) -> Sendable | None:
    return sending.sendable(by, [UUID(member_id)]).get(UUID(member_id))
