"""A run of the dispatcher: claim (committed) → send (outside any transaction) → record and claim."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from guiyan.channels import demo, outbox, ways
from guiyan.channels.contract import channel_of
from guiyan.channels.models import OutboxMessage
from guiyan.channels.outbox import Claimant, Clock
from guiyan.channels.rules import CLAIM_LIVES
from guiyan.channels.types import Outcome, Outgoing
from guiyan.platform.clock import now
from guiyan.platform.scope import Scope, scoped

REGISTERED = ways  # importing it adds every channel
LOCAL_IN_ONE_TRANSACTION = 200

Claimed = tuple[OutboxMessage, Outgoing]


def run(clock: Clock = now, *, threads: int = 1, lives: timedelta = CLAIM_LIVES) -> None:
    """Put dead claims and expired messages aside, then send all that is due."""
    tidy(clock, lives)
    with transaction.atomic(), scoped(Scope.everywhere()):
        if not outbox.is_anything_due(clock()):
            return
    fakes: AbstractContextManager[object] = demo.providers() if settings.DEMO else nullcontext()
    with fakes:
        if threads == 1:
            work(clock)
            return
        with ThreadPoolExecutor(threads) as pool:
            for ended in [pool.submit(_work_by_itself, clock) for _ in range(threads)]:
                ended.result()


def tidy(clock: Clock, lives: timedelta = CLAIM_LIVES) -> None:
    """In steps, each a transaction of its own."""
    is_more = True
    while is_more:
        with transaction.atomic(), scoped(Scope.everywhere()):
            dead = outbox.release_dead_claims(clock(), lives)
            is_more = outbox.AT_ONCE in {dead, outbox.expire(clock())}


def work(clock: Clock = now) -> None:
    """One worker, until nothing is due. One commit for each message: it records how the last one
    ended and claims the next."""
    claimant = Claimant(clock)
    claimed = _record_and_claim(claimant, None)
    while claimed is not None:
        row, outgoing = claimed
        outcome = channel_of(row.channel).send(outgoing)
        claimed = _record_and_claim(claimant, (row, outgoing, outcome))


def _record_and_claim(
    claimant: Claimant, done: tuple[OutboxMessage, Outgoing, Outcome] | None
) -> Claimed | None:
    """What needs no network is sent here and now: its row and its outcome are one commit."""
    while True:
        with transaction.atomic(), scoped(Scope.everywhere()):
            if done is not None:
                outbox.record(*done, claimant.clock())
                done = None
            for _ in range(LOCAL_IN_ONE_TRANSACTION):
                claimed = outbox.claim_next(claimant)
                if claimed is None or not channel_of(claimed[0].channel).is_local:
                    return claimed
                row, outgoing = claimed
                outcome = channel_of(row.channel).send(outgoing)
                outbox.record(row, outgoing, outcome, claimant.clock())


def _work_by_itself(clock: Clock) -> None:
    """In a thread of its own, with its own connection to the database."""
    try:
        work(clock)
    finally:
        connection.close()
