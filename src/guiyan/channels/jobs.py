"""The clockwork of sending: every ten seconds the outbox, each night the erasing."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from guiyan.channels import binding, dispatching, housekeeping
from guiyan.platform.clock import now
from guiyan.platform.jobs import job, long_job
from guiyan.platform.scope import Scope, scoped

KEEP_CONTENTS = timedelta(days=7)


@long_job("channels.dispatch", cron="* * * * * */10")
def dispatch() -> None:
    """What is due goes out; a run that is still busy makes the next one needless."""
    dispatching.run(threads=settings.CHANNEL_THREADS)


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
