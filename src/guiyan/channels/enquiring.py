"""The provider is asked for what it has not reported (trust.md F03): an enquiry sends nothing.

Only its word settles an outcome that is unknown. That it knows of no such message is no word: its
lists come late, so a person decides, and reads on the page what the provider said.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from guiyan.channels import commands, contents, outbox
from guiyan.channels.contract import Enquirable, enquirable
from guiyan.channels.models import OutboxMessage
from guiyan.channels.outbox import Clock
from guiyan.channels.rules import ask_again_after
from guiyan.channels.types import Enquiry, Receipt, Word
from guiyan.kernel.crypto import KeyMissing, SealBroken
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.scope import Scope, scoped

MOST_IN_A_RUN = 1_000
NOT_TWICE_WITHIN = timedelta(minutes=10)


def run(clock: Clock = now, *, most: int = MOST_IN_A_RUN) -> int:
    """Ask for each end that is due, the longest due first; returns how many were asked for.

    A message is put off and committed before its provider is asked, so that two runs never ask for
    the same. A provider that does not answer is left alone for the rest of the run.
    """
    if settings.DEMO:
        return 0  # its fakes stand only while something is sent
    asked, silent = 0, set[str]()
    while asked < most:
        with transaction.atomic(), scoped(Scope.everywhere()):
            found = _next(clock(), silent)
        if found is None:
            break
        channel, code, enquiry = found
        word = channel.enquire(enquiry)
        asked += 1
        if word == "no-answer":
            silent.add(code)
        with transaction.atomic(), scoped(Scope.everywhere()):
            note(enquiry.message_id, word, clock())
    return asked


def note(message_id: UUID, word: Word, at: datetime) -> None:
    """What the provider said: an end is taken like one that it reports by itself."""
    row = OutboxMessage.objects.select_for_update().get(pk=message_id)
    row.asked_at = at
    row.asked_word = "end" if isinstance(word, Receipt) else word
    if word != "no-answer" and row.ask_at is not None:
        row.asks += 1
        pause = ask_again_after(row.asks)
        row.ask_at = at + pause if pause else None
    row.save(update_fields=["asked_at", "asked_word", "asks", "ask_at"])
    if isinstance(word, Receipt):
        commands.take_receipt(
            by=Actor.system("channels.enquire"), channel=row.channel, receipts=[word]
        )
    elif word == "taken" and row.state == "unknown":
        outbox.end(row, "accept", at)


def _next(at: datetime, silent: set[str]) -> tuple[Enquirable, str, Enquiry] | None:
    """The message whose end is due longest, put off so that nobody else asks for it now."""
    while True:
        row = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(ask_at__lte=at)
            .exclude(channel__in=silent)
            .order_by("ask_at")
            .first()
        )
        if row is None:
            return None
        channel, enquiry = enquirable(row.channel), _enquiry(row)
        is_open = row.state in {"accepted", "unknown"} and row.decided_by is None
        can_be_asked = channel is not None and enquiry is not None and is_open
        row.ask_at = at + NOT_TWICE_WITHIN if can_be_asked else None
        row.save(update_fields=["ask_at"])
        if channel is not None and enquiry is not None and is_open:
            return channel, row.channel, enquiry


def _enquiry(row: OutboxMessage) -> Enquiry | None:
    """None when its address is erased, or can't be opened any more."""
    try:
        address = contents.open_contents(row).address
    except (SealBroken, KeyMissing, LookupError):
        return None
    return Enquiry(row.id, row.provider_id, address, row.claimed_at or row.put_at)
