"""The clock's work of field: overdue dues are counted each night, and corrected by day."""

from guiyan.field import due_counts
from guiyan.field.commands import upkeep
from guiyan.field.rules.spoken import seal_context
from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.platform.jobs import job
from guiyan.platform.resealing import sealed_column

sealed_column("field.SpokenNote", "sound", lambda row: seal_context(row.id))


@job("field.count_overdue", cron="10 16 * * *")
def count_overdue() -> None:
    """Ten minutes after midnight in China: another day has other dues that are overdue."""
    due_counts.remake(today())


@job("field.recount_overdue")
def recount_overdue() -> None:
    """After organisations have moved or merged, all above them have other sums."""
    due_counts.remake(today())


@job("field.fold_overdue", cron="* * * * * */5")
def fold_overdue() -> None:
    """Every five seconds until none waits."""
    while due_counts.fold():
        pass


@job("field.release_held", cron="*/5 * * * *")
def release_held() -> None:
    """Every five minutes: a link that came from elsewhere lets its followers go on."""
    upkeep.release_held(by=Actor.system("field.release_held"))


@job("field.tidy_sync", cron="40 18 * * *")
def tidy_sync() -> None:
    """Each night: old receipts and decided operations go, the sealing key is renewed in time."""
    upkeep.tidy(by=Actor.system("field.tidy_sync"))
