"""The clock's work of flows: counts are folded, dead leads erased, counts remade after a move."""

from guiyan.flows import commands, counts
from guiyan.flows.commands.leads import number_said, seal_context
from guiyan.platform.actor import Actor
from guiyan.platform.jobs import job
from guiyan.platform.reindexing import blind_column
from guiyan.platform.resealing import sealed_column

sealed_column("flows.Lead", "sealed", lambda lead: seal_context(lead.id))
blind_column("flows.Lead", "phone_blind", number_said)


@job("flows.fold_counts", cron="* * * * * */5")
def fold_counts() -> None:
    """Every five seconds until none waits; a page that shows counts is at most that much behind."""
    while counts.fold():
        pass


@job("flows.remake_counts")
def remake_counts() -> None:
    """After organisations have moved or merged, all above them have other sums."""
    counts.remake()


@job("flows.erase_dead_leads", cron="20 18 * * *")
def erase_dead_leads() -> None:
    """Every night (02:20 in China): what was said in leads that died more than 30 days ago goes."""
    commands.erase_dead_leads(by=Actor.system("flows.erase_dead_leads"))
