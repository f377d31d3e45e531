"""What the platform does by the clock: seals the audit, clears old keys, buckets, files, sessions."""

from datetime import timedelta

from django.contrib.sessions.models import Session

from guiyan.platform import files, sealing
from guiyan.platform.clock import now
from guiyan.platform.jobs import job, long_job
from guiyan.platform.models import IdempotencyKey, RateBucket

# Longer than any client holds a write back before it tries again.
KEEP_ANSWERS = timedelta(days=180)
KEEP_BUCKETS = timedelta(days=2)


@long_job("platform.seal_audit", cron="* * * * * */10")
def seal_audit() -> None:
    """Every ten seconds: what was written is sealed soon, in batches."""
    sealing.seal_waiting_rows()


@job("platform.clear_expired", cron="15 19 * * *")
def clear_expired() -> None:
    """Nightly (03:15 in China): what has had its day goes."""
    IdempotencyKey.objects.filter(at__lt=now() - KEEP_ANSWERS).delete()
    RateBucket.objects.filter(window_started__lt=now() - KEEP_BUCKETS).delete()
    Session.objects.filter(expire_date__lt=now()).delete()
    files.delete_expired()
