"""The clock's work of outreach: counts of the census are folded, and remade after a move."""

from guiyan.outreach.census import counts
from guiyan.outreach.commands import seal_context
from guiyan.platform.jobs import job
from guiyan.platform.resealing import sealed_column

sealed_column("outreach.Premises", "manager_sealed", lambda row: seal_context("manager", row.id))
sealed_column("outreach.Premises", "phone_sealed", lambda row: seal_context("phone", row.id))


@job("outreach.fold_counts", cron="* * * * * */5")
def fold_counts() -> None:
    """Every five seconds until none waits; a board of coverage is at most that much behind."""
    while counts.fold():
        pass


@job("outreach.remake_counts")
def remake_counts() -> None:
    """After organisations have moved or merged, all above them have other sums."""
    counts.remake()
