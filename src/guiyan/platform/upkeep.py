"""What the platform does by the clock: seals the audit, clears old keys, buckets, files, sessions."""

from datetime import timedelta

import structlog
from django.contrib.sessions.models import Session

from guiyan.platform import files, sealing
from guiyan.platform.clock import now
from guiyan.platform.jobs import job, long_job, take_up_stalled
from guiyan.platform.launcher import archive
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import find_home
from guiyan.platform.models import IdempotencyKey, RateBucket

log = structlog.get_logger("guiyan.upkeep")

# Longer than any client holds a write back before it tries again.
KEEP_ANSWERS = timedelta(days=180)
KEEP_BUCKETS = timedelta(days=2)


@long_job("platform.seal_audit", cron="* * * * * */10")
def seal_audit() -> None:
    """Every ten seconds: what was written is sealed soon, in batches."""
    sealing.seal_waiting_rows()


@long_job("platform.seal_wal", cron="* * * * * */10")
def seal_wal() -> None:
    """Every ten seconds: WAL that the embedded database handed over goes into its sealed archive.

    An archive that isn't there (a mount that is gone) fails no job: what waits stays, the log says
    why, and the doctor and the figures tell how long.
    """
    try:
        archive.seal_waiting(find_home())
    except (LauncherError, OSError) as error:
        log.warning("WAL is not archived", error=str(error))


@job("platform.take_up", cron="* * * * *")
def take_up() -> None:
    """Each minute: what a killed worker was doing is done by another one."""
    if many := take_up_stalled():
        log.warning("jobs of workers that were killed", many=many)


@job("platform.clear_expired", cron="15 19 * * *")
def clear_expired() -> None:
    """Nightly (03:15 in China): what has had its day goes."""
    IdempotencyKey.objects.filter(at__lt=now() - KEEP_ANSWERS).delete()
    RateBucket.objects.filter(window_started__lt=now() - KEEP_BUCKETS).delete()
    Session.objects.filter(expire_date__lt=now()).delete()
    files.delete_expired()
