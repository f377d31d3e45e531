"""The heart of sending: a message is claimed and committed before anybody is asked to send it.

So a worker that dies leaves a claim behind, and a claim says "perhaps sent": it becomes `unknown`
and is decided by a person. Nothing here sends a message a second time unless the first try is
known not to have been sent. Every function runs in a transaction with system scope.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Q
from django.utils import timezone

from guiyan.channels import contents, spending, withdrawing
from guiyan.channels.contract import channel_of, enquirable, local_channels
from guiyan.channels.events import MessageEnded
from guiyan.channels.following import ONE_FILE
from guiyan.channels.models import OutboxMessage
from guiyan.channels.rules import CLAIM_LIVES, OUTBOX, ask_again_after, pause_after
from guiyan.channels.types import Accepted, Declined, Limits, Outcome, Outgoing
from guiyan.kernel.crypto import KeyMissing, SealBroken
from guiyan.kernel.quiet_hours import is_quiet
from guiyan.platform.events import publish

Clock = Callable[[], datetime]
CODE, USUAL = 0, 5
AT_ONCE = 1_000
ENDING = (
    *("state", "ended_at", "detail_code", "contents"),
    *("provider_id", "cost_fen", "claim", "claimed_at", "decided_by"),
    "ask_at",
)


@dataclass
class Claimant:
    """One worker: what it may still claim in this run, and under which id."""

    clock: Clock
    id: UUID = field(default_factory=uuid4)
    spent: set[str] = field(default_factory=set)
    full: set[str] = field(default_factory=set)
    limits: dict[str, Limits] = field(default_factory=dict)

    def limits_of(self, channel: str) -> Limits:
        """Read once in a run: a new limit holds from the next one on."""
        if channel not in self.limits:
            self.limits[channel] = spending.limits_of(channel)
        return self.limits[channel]

    def due(self, at: datetime) -> Q:
        usual_only = Q(channel__in=self.full) & ~Q(priority=CODE)
        if is_quiet(at):  # a code was asked for in this minute; a row of our own disturbs nobody
            usual_only |= ~Q(priority=CODE) & ~Q(channel__in=local_channels())
        return (
            Q(state="waiting", next_try_at__lte=at, expires_at__gt=at)
            & ~Q(channel__in=self.spent)
            & ~usual_only
        )


def claim_next(claimant: Claimant) -> tuple[OutboxMessage, Outgoing] | None:
    """The next message that is due, marked as being sent; None when nothing is due.

    What can't be paid for today stays waiting, and its channel is left alone in this run.
    """
    while True:
        at = claimant.clock()
        row = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(claimant.due(at))
            .order_by("priority", "next_try_at")
            .first()
        )
        if row is None:
            return None
        outgoing = _opened(row, at)
        if outgoing is None:
            continue
        if why := _why_resting(row) or withdrawing.why_not(row.key, outgoing):
            _leave_unsent(row, at, why)
            continue
        cost = channel_of(row.channel).cost(outgoing)
        on = timezone.localdate(at)
        limits, is_code = claimant.limits_of(row.channel), row.priority == CODE
        brake = spending.reserve(row.channel, cost, on, limits, is_code=is_code)
        if brake:
            (claimant.spent if brake == "day" else claimant.full).add(row.channel)
            continue
        row.cost_fen, row.spent_on = cost.fen, on
        claim(row, claimant.id, at)
        return row, outgoing


def claim(row: OutboxMessage, claimant_id: UUID, at: datetime) -> None:
    """From here on it counts as perhaps sent."""
    row.state = OUTBOX.next_state(row.state, "claim")
    row.claim, row.claimed_at, row.tries = claimant_id, at, row.tries + 1
    row.save(update_fields=["state", "claim", "claimed_at", "cost_fen", "spent_on", "tries"])


def record(row: OutboxMessage, outgoing: Outgoing, outcome: Outcome, at: datetime) -> None:
    """Write how the try of this claim ended. A claim that a receipt has ended meanwhile is left
    as it is; one that was taken for dead is put right."""
    present = (
        OutboxMessage.objects.select_for_update()
        .filter(pk=row.pk, claim=row.claim, state__in=["claimed", "unknown"], decided_by=None)
        .first()
    )
    if present is None:
        return
    if isinstance(outcome, Accepted):
        present.provider_id = outcome.provider_id
        end(present, "accept", at)
        if outcome.is_delivered:
            end(present, "report_delivered", at)
    elif isinstance(outcome, Declined):
        cost = channel_of(row.channel).cost(outgoing)
        spending.give_back(row.channel, cost, row.spent_on or timezone.localdate(at))
        present.cost_fen = 0
        if outcome.is_permanent or present.state == "unknown":
            end(present, "decline", at, outcome.code)
        else:
            _put_off(present, at, outcome.code)
    elif present.state == "claimed":
        end(present, "lose", at, outcome.detail)


def end(row: OutboxMessage, act: str, at: datetime, code: str = "") -> None:
    """Take the message along one act of its states, erase what is no longer needed, tell others."""
    row.state = OUTBOX.next_state(row.state, act)
    row.ended_at, row.detail_code = at, code[:60]
    if row.state not in {"accepted", "unknown"} or not channel_of(row.channel).gives_receipts:
        row.contents = None
    row.ask_at = _when_to_ask(row, at)
    row.save(update_fields=ENDING)
    publish(MessageEnded(row.id, row.key, row.channel, row.state))


def expire(at: datetime) -> int:
    """What has waited too long is not sent any more."""
    rows = list(
        OutboxMessage.objects.select_for_update(skip_locked=True)
        .filter(state="waiting", expires_at__lte=at)
        .order_by("expires_at")[:AT_ONCE]
    )
    for row in rows:
        end(row, "expire", at, row.detail_code)
    return len(rows)


def release_dead_claims(at: datetime, lives: timedelta = CLAIM_LIVES) -> int:
    """Claims of workers that died: perhaps sent, perhaps not, so a person decides.

    A claim from the future is one from before the clock was set back.
    """
    rows = list(
        OutboxMessage.objects.select_for_update(skip_locked=True)
        .filter(state="claimed")
        .exclude(claimed_at__gt=at - lives, claimed_at__lte=at + lives)
        .order_by("claimed_at")[:AT_ONCE]
    )
    for row in rows:
        end(row, "lose", at, "worker-died")
    return len(rows)


def is_anything_due(at: datetime) -> bool:
    return OutboxMessage.objects.filter(Claimant(lambda: at).due(at)).exists()


def _why_resting(row: OutboxMessage) -> str:
    """The person was told the same by the message of a file that became one with this one."""
    return ONE_FILE if row.detail_code == ONE_FILE else ""


def _put_off(row: OutboxMessage, at: datetime, code: str) -> None:
    row.state = OUTBOX.next_state(row.state, "put_off")
    row.claim, row.claimed_at, row.detail_code = None, None, code[:60]
    row.next_try_at = at + pause_after(row.tries)
    row.save()


def _when_to_ask(row: OutboxMessage, at: datetime) -> datetime | None:
    """When the provider is asked for an end that it has not reported; None: there is no need, or
    nobody to ask, or the address is erased."""
    pause = ask_again_after(row.asks)
    if row.contents is None or pause is None or enquirable(row.channel) is None:
        return None
    return at + pause


def _opened(row: OutboxMessage, at: datetime) -> Outgoing | None:
    """Its contents; a message that can't be opened any more is declined, not tried for ever."""
    try:
        return contents.open_contents(row)
    except (SealBroken, KeyMissing, LookupError):
        _leave_unsent(row, at, "sealed")
        return None


def _leave_unsent(row: OutboxMessage, at: datetime, code: str) -> None:
    """Known not to have gone, so upper rooms look for another way."""
    row.state = OUTBOX.next_state(row.state, "claim")
    end(row, "decline", at, code)
