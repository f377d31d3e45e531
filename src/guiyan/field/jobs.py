"""The clock's work of field: overdue dues are counted each night, and corrected by day."""

from guiyan.field import due_counts
from guiyan.platform.clock import today
from guiyan.platform.jobs import job


@job("field.count_overdue", cron="10 16 * * *")
def count_overdue() -> None:
    """Ten minutes after midnight in China, and after organisations have moved or merged."""
    due_counts.remake(today())


@job("field.fold_overdue", cron="* * * * * */5")
def fold_overdue() -> None:
    """Every five seconds until none waits."""
    while due_counts.fold():
        pass
