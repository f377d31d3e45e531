"""Reads of what is said: sayings and how they stand, who was not reached, calls, replies, choices."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from guiyan.channels import queries as channels
from guiyan.members import sending
from guiyan.messaging import stopping
from guiyan.messaging.models import LadderChoice, MessageTemplate, Reply, Saying, SayingTo, Stop
from guiyan.messaging.planning import not_yet_told as not_yet_told
from guiyan.messaging.purposes import Purpose, by_hand, purpose_of
from guiyan.messaging.types import CallFacts, RecipientFacts, ReplyFacts, SayingFacts
from guiyan.messaging.wordings import in_force
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.permissions import Permission

PAGE = 50


@dataclass(frozen=True, slots=True)
class StopFacts:
    how: str
    since: datetime


def sayings_for(actor: Actor, *, limit: int = PAGE) -> list[SayingFacts]:
    """What was said in the actor's part of the tree, the newest first. Two queries."""
    _needs(actor, Permission.SEND_MESSAGES)
    rows = Saying.objects.filter(path__gte=actor.scope.low, path__lt=actor.scope.high)
    return _with_counts(list(rows.order_by("-at")[:limit]))


def get_saying_for(actor: Actor, saying_id: UUID) -> SayingFacts:
    """Two queries. Raises NotFound."""
    _needs(actor, Permission.SEND_MESSAGES)
    row = Saying.objects.filter(pk=saying_id).first()
    if row is None:
        raise NotFound(f"saying {saying_id}")
    return _with_counts([row])[0]


def recipients_of(
    actor: Actor, saying_id: UUID, state: str, *, limit: int = PAGE
) -> list[RecipientFacts]:
    """The members of a saying who stand in one state, with what was passed over and why."""
    get_saying_for(actor, saying_id)
    rows = SayingTo.objects.filter(saying_id=saying_id, state=state).order_by("-changed_at")
    return [
        RecipientFacts(
            row.member_id,
            row.state,
            row.channel,
            row.whose,
            tuple((channel, why) for channel, why in row.passed),
        )
        for row in rows[:limit]
    ]


def why_unreached(actor: Actor, saying_id: UUID) -> dict[str, int]:
    """How many of a saying were not reached, by the last reason. One query."""
    rows = SayingTo.objects.filter(saying_id=saying_id, state="unreached")
    found: dict[str, int] = defaultdict(int)
    for (passed,) in rows.values_list("passed")[:100_000]:
        found[passed[-1][1] if passed else "declined"] += 1
    return dict(found)


def calls_for(actor: Actor, *, limit: int = PAGE) -> list[CallFacts]:
    """Calls that nobody has made yet, the most urgent first, and whose number it is by now. Two queries."""
    lines = channels.open_calls(actor, limit=limit)
    called = {line.id: line.recipient_id for line in lines if line.recipient_kind == "member"}
    people = sending.sendable(actor, [one for one in called.values() if one])
    found = []
    for line in lines:
        member_id = called.get(line.id)
        person = people.get(member_id) if member_id else None
        whose = person.whose if person else "own"
        found.append(CallFacts(line.id, member_id, line.text, line.call_by, whose))
    return found


def open_replies(actor: Actor, *, limit: int = PAGE) -> list[ReplyFacts]:
    """Who wrote back and has not been answered, the longest waiting first. One query."""
    _needs(actor, Permission.RECORD_CONTACT)
    return [_reply(row) for row in unanswered_replies(actor).order_by("at")[:limit]]


def unanswered_replies(actor: Actor) -> QuerySet[Reply]:
    """Their rows, to be asked whether there are any."""
    return Reply.objects.filter(
        path__gte=actor.scope.low, path__lt=actor.scope.high, answered_at__isnull=True
    )


def get_reply_for(actor: Actor, reply_id: UUID) -> ReplyFacts:
    """One query. Raises NotFound."""
    _needs(actor, Permission.RECORD_CONTACT)
    row = Reply.objects.filter(pk=reply_id).first()
    if row is None:
        raise NotFound("reply")
    return _reply(row)


def purposes_at(actor: Actor) -> list[tuple[Purpose, int]]:
    """What may be said by hand, in the words that hold for the actor; with the number of their own
    organisation's version, 0 when it has none. Two queries and one a purpose."""
    _needs(actor, Permission.SEND_MESSAGES)
    rows = MessageTemplate.objects.filter(path=actor.path).order_by("version")
    versions = dict(rows.values_list("purpose", "version"))
    return [
        (in_force(purpose.code, actor.path), versions.get(purpose.code, 0)) for purpose in by_hand()
    ]


def purpose_at(actor: Actor, code: str) -> Purpose:
    """Raises NotFound, also for what nobody says by hand."""
    _needs(actor, Permission.SEND_MESSAGES)
    if purpose_of(code).is_program:
        raise NotFound(f"purpose {code}")
    return in_force(code, actor.path)


def own_choices(actor: Actor) -> dict[str, str]:
    """By which way the member wants to hear of what. One query."""
    rows = LadderChoice.objects.filter(member_id=_member(actor))
    return dict(rows.values_list("purpose", "choice"))


def own_stop(actor: Actor) -> StopFacts | None:
    """Since when the member gets no messages. One query."""
    row = Stop.objects.filter(member_id=_member(actor), ended_at__isnull=True).first()
    return StopFacts(row.how, row.since) if row else None


def is_number_stopped(actor: Actor) -> bool:
    """Whether a number that the member shares, or a relative's, said no more. Two queries."""
    theirs = sending.own_hashes(_member(actor), whose=("shared", "relative"))
    return bool(stopping.stopped_among(theirs))


def said_to(actor: Actor, member_id: UUID, *, limit: int = 20) -> list[tuple[str, str, datetime]]:
    """Purpose, state and when of what was said to a member, the newest first. One query."""
    _needs(actor, Permission.SEE_MEMBERS)
    rows = SayingTo.objects.filter(member_id=member_id).order_by("-changed_at")[:limit]
    return list(rows.values_list("saying__purpose", "state", "changed_at"))


def _with_counts(rows: Sequence[Saying]) -> list[SayingFacts]:
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    counted = SayingTo.objects.filter(saying__in=rows).values("saying_id", "state")
    for saying_id, state, many in counted.annotate(many=Count("id")).values_list(
        "saying_id", "state", "many"
    ):
        counts[saying_id][state] = many
    return [
        SayingFacts(
            row.id,
            row.purpose,
            row.slot,
            row.said_by_name,
            row.at,
            row.send_after,
            row.expires_at,
            counts[row.id],
        )
        for row in rows
    ]


def _reply(row: Reply) -> ReplyFacts:
    return ReplyFacts(row.id, row.member_id, row.channel, row.is_own_number, row.at, row.opened_at)


def _needs(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise Forbidden(permission)


def _member(actor: Actor) -> UUID:
    if actor.member_id is None:
        raise NotFound("only a member")
    return actor.member_id
