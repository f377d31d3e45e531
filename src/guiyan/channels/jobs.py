"""The clockwork of sending: every ten seconds the outbox, each night the erasing."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from guiyan.channels import binding, contents, dispatching, enquiring, housekeeping
from guiyan.channels.models import Binding, OutboxMessage
from guiyan.platform.clock import now
from guiyan.platform.jobs import job, long_job
from guiyan.platform.reindexing import blind_column, held_by_others
from guiyan.platform.scope import Scope, scoped

KEEP_CONTENTS = timedelta(days=7)


def _reads_message(row: OutboxMessage) -> tuple[str, str] | None:
    if row.contents is None:
        return None
    return contents.open_contents(row).address, contents.ADDRESS_PURPOSE


def _reads_binding(row: Binding) -> tuple[str, str] | None:
    if row.address is None:
        return None
    openid = contents.open_column(binding.TABLE, "address", row.id, row.address)
    return openid, contents.ADDRESS_PURPOSE


def _erased_messages(since: datetime) -> int:
    """Their addresses are erased; a reply to them is still recognised for 90 days."""
    return OutboxMessage.objects.filter(
        contents__isnull=True, address_index__isnull=False, put_at__lt=since
    ).count()


blind_column("channels.OutboxMessage", "address_index", _reads_message)
blind_column("channels.Binding", "address_index", _reads_binding)
held_by_others("messages sent, to which a reply may come", _erased_messages)


@long_job("channels.dispatch", cron="* * * * * */10")
def dispatch() -> None:
    """What is due goes out; a run that is still busy makes the next one needless."""
    dispatching.run(threads=settings.CHANNEL_THREADS)


@long_job("channels.enquire", cron="*/5 * * * *")
def enquire() -> None:
    """What a provider has not reported is asked for; nothing is sent by that."""
    enquiring.run()


@long_job("channels.exchange_codes", cron="* * * * * */10")
def exchange_codes() -> None:
    """Whoever came back from WeChat with a code is bound to their account."""
    while True:
        with transaction.atomic(), scoped(Scope.everywhere()):
            waiting = binding.next_waiting()
        if waiting is None:
            return
        openid = binding.ask_whose(waiting)
        with transaction.atomic(), scoped(Scope.everywhere()):
            binding.finish(waiting.id, openid)


@job("channels.erase_contents", cron="25 18 * * *")
def erase_contents() -> None:
    """Nightly (02:25 in China): addresses and texts that nobody needs any more."""
    housekeeping.erase(now() - KEEP_CONTENTS, now())
