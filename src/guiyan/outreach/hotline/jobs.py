"""What was said on the telephone goes in time; sealed columns follow a new key."""

from guiyan.outreach.hotline import commands, queries
from guiyan.platform.actor import Actor
from guiyan.platform.jobs import job
from guiyan.platform.resealing import sealed_column

sealed_column("outreach.Call", "number_sealed", lambda row: queries.seal_context("number", row.id))
sealed_column("outreach.Call", "said_sealed", lambda row: queries.seal_context("said", row.id))


@job("outreach.forget_old_calls", cron="50 18 * * *")  # 02:50 in China
def forget_old_calls() -> None:
    """Number and words thirty days after a call is done, the rest after a year."""
    commands.forget_old_calls(by=Actor.system())
