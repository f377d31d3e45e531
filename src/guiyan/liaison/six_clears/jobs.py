"""The clock's work of the six clears: what was said goes after its time; new keys seal it again."""

from guiyan.liaison.six_clears.commands import forget_old_clears, seal_context
from guiyan.platform.actor import Actor
from guiyan.platform.jobs import job
from guiyan.platform.resealing import sealed_column

sealed_column("liaison.SixClear", "sealed", lambda row: seal_context(row.id))


@job("liaison.forget_old_clears", cron="40 18 * * *")
def forget_old() -> None:
    """Every night (02:40 in China)."""
    forget_old_clears(by=Actor.system("liaison.forget_old_clears"))
