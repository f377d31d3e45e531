"""The ladder of one saying: the first rung of many, the next rung of one that was declined.

A rung that may have reached the member is never followed by another one: two messages are worse
than a late one (F03). After a person has settled an unknown one, only a call follows.
"""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID, uuid4

from guiyan.kernel.quiet_hours import next_open
from guiyan.members import sending
from guiyan.messaging import counting, planning, putting, rules, wordings
from guiyan.messaging.models import Saying, SayingTo
from guiyan.messaging.planning import Way, key_for
from guiyan.messaging.purposes import Purpose
from guiyan.messaging.rules import Texts
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_rows
from guiyan.platform.clock import now
from guiyan.platform.scope import beyond_scope


def begin(
    by: Actor, saying: Saying, purpose: Purpose, texts: Texts, member_ids: Sequence[UUID]
) -> list[Way]:
    """The first rung of each member who has not been told of this yet; returns their ways."""
    month = counting.month_of(saying.send_after)
    people = sending.sendable(by, member_ids)
    if not purpose.is_answer:
        # Two that send at once wait for each other here; what one has sent, the other counts.
        counting.lock([(one.member_id, one.path) for one in people.values() if one.agrees], month)
    first = planning.ways(by, purpose, texts, member_ids, at=saying.send_after, people=people)
    rows = [(_new_row(saying, purpose, way, month), way) for way in first]
    insert_rows([row for row, _ in rows], unless_taken="key")
    ours = set(SayingTo.objects.filter(saying=saying).values_list("id", flat=True))
    kept = [(row, way) for row, way in rows if row.id in ours]
    counting.add([row.member_id for row, _ in kept if row.counted_in], month)
    putting.put(by, saying, purpose, texts, [(row, way) for row, way in kept if way.step])
    return [way for _, way in kept]


def next_rung(by: Actor, row: SayingTo, *, only: Collection[str] = ()) -> None:
    """This rung is known not to have arrived: the next open one, or nothing reaches the member."""
    saying = row.saying
    purpose, texts = wordings.read(saying.purpose, saying.texts)
    row.tried = [*row.tried, row.channel]
    row.passed = _with(row.passed, [(row.channel, "declined")])
    _give_back(row)
    if now() >= saying.expires_at:
        _settle(row, "unreached", _with(row.passed, [("", "too-late")]))
        return
    goes_at = max(saying.send_after, next_open(now()))
    month = counting.month_of(goes_at)
    if not purpose.is_answer:
        counting.lock([(row.member_id, row.path)], month)
    found = planning.ways(
        by,
        purpose,
        texts,
        [row.member_id],
        at=goes_at,
        tried={row.member_id: row.tried},
        only=only,
    )
    if not found:  # the file went into another one, and the person is told by that one's
        _settle(row, "unreached", _with(row.passed, [("", "one-file")]))
        return
    (way,) = found
    if way.step is None:
        _settle(row, "unreached", _with(way.passed, row.passed))
        return
    row.rung += 1
    row.passed = _with(way.passed, row.passed)
    row.channel, row.whose = way.channel, way.whose
    row.state, row.changed_at = "sent", now()
    # By the file to which it was said first: of two that became one, each has keys of its own.
    first_file = UUID(row.key.partition(":")[0])
    row.outbox_key = putting.outbox_key(first_file, saying, way.channel, row.rung)
    if way.is_pushed and not purpose.is_answer:
        row.counted_in = month
        counting.add([row.member_id], month)
    row.save()
    putting.put(by, saying, purpose, texts, [(row, way)])


def hear(by: Actor, key: str, channel: str, state: str) -> None:
    """How a message of ours ended: on to the next rung, settled, or left to a person."""
    row = SayingTo.objects.select_for_update().filter(outbox_key=key).first()
    if row is None or row.state == "cancelled":
        return
    before = row.state
    if rules.goes_on(state):
        # A person settled it, or a receipt came late: then somebody calls, nothing is sent again.
        only = rules.BY_A_PERSON if before in {"unknown", "reached"} else ()
        next_rung(by, row, only=only)
        return
    row.state = _STATE_AFTER.get(state, before)
    if state == "accepted" and channel == "call_list":
        row.state = "calling"
    if state in {"expired", "cancelled"}:
        _give_back(row)
    row.changed_at = now()
    row.save()


_STATE_AFTER = {
    "accepted": "reached",
    "delivered": "reached",
    "unknown": "unknown",
    "expired": "expired",
    "cancelled": "cancelled",
}


def _new_row(saying: Saying, purpose: Purpose, way: Way, month: str) -> SayingTo:
    member_id = way.member.member_id
    key = putting.outbox_key(member_id, saying, way.channel, 0) if way.step else ""
    return SayingTo(
        id=uuid4(),
        saying=saying,
        key=key_for(member_id, saying.purpose, saying.slot),
        member_id=member_id,
        path=way.member.path,
        state="sent" if way.step else "unreached",
        channel=way.channel,
        whose=way.whose,
        passed=[list(each) for each in way.passed],
        outbox_key=key,
        counted_in=month if way.is_pushed and not purpose.is_answer else "",
        changed_at=now(),
    )


def _settle(row: SayingTo, state: str, passed: list[list[str]]) -> None:
    row.state, row.changed_at, row.passed = state, now(), passed
    row.save()


def _with(first: Iterable[Sequence[str]], then: Iterable[Sequence[str]]) -> list[list[str]]:
    """Each way once with its latest reason; what was tried stands after what was passed over."""
    found: dict[str, str] = {}
    for channel, why in (*first, *then):
        found.pop(channel, None)
        found[channel] = why
    return [list(each) for each in found.items()]


def _give_back(row: SayingTo) -> None:
    """What was not sent does not count toward the month; once, however often it is heard."""
    if row.counted_in:
        with beyond_scope("a member's four a month count together"):
            counting.add([row.member_id], row.counted_in, -1)
        row.counted_in = ""
