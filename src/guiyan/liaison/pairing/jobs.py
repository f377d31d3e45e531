"""The clock's work of pairing: old proposals and leaves go in their time."""

from guiyan.liaison.fields import RETENTION
from guiyan.platform.jobs import job
from guiyan.platform.retention import obey


@job("liaison.forget_proposals", cron="40 18 * * *")
def forget_proposals() -> None:
    """Proposals go with their lines a month after they were made, decided or not: what was decided
    stands in the members' history. Leaves go after a year."""
    obey(RETENTION)
