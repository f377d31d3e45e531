"""The clock's work of outreach: counts are folded and remade, what is past its time is erased."""

from uuid import UUID

from guiyan.outreach import ending
from guiyan.outreach.census import commands as census
from guiyan.outreach.census import counts, forgetting, opening
from guiyan.outreach.commands import number_of, seal_context
from guiyan.outreach.hotline.jobs import forget_old_calls
from guiyan.outreach.screening import commands as screening
from guiyan.platform.actor import Actor
from guiyan.platform.beside import beside
from guiyan.platform.clock import today
from guiyan.platform.errors import Refused
from guiyan.platform.jobs import job, long_job
from guiyan.platform.reindexing import blind_column
from guiyan.platform.resealing import sealed_column

__all__ = ["forget_old_calls"]

sealed_column("outreach.Premises", "manager_sealed", lambda row: seal_context("manager", row.id))
sealed_column("outreach.Premises", "phone_sealed", lambda row: seal_context("phone", row.id))
blind_column("outreach.Premises", "phone_blind", number_of)


@long_job("outreach.open_round")
def open_round(*, round_id: str) -> None:
    """A round over a large register, for who asked for it; how far it is is seen meanwhile."""
    asked = opening.asked_for(UUID(round_id))
    if asked is None:
        return  # it is open: the job ran before
    with beside(asked.scope) as write:

        def progress(done: int) -> None:
            write(
                "update outreach_roundopening set done = %s where round_id = %s", [done, round_id]
            )

        try:
            census.open_round(by=asked, round_id=UUID(round_id), progress=progress)
        except Refused as refused:
            census.keep_refusal(by=asked, round_id=UUID(round_id), message=refused.message)


@job("outreach.fold_counts", cron="* * * * * */5")
def fold_counts() -> None:
    """Every five seconds until none waits; a board of coverage is at most that much behind."""
    while counts.fold():
        pass


@job("outreach.remake_counts")
def remake_counts() -> None:
    """After organisations have moved or merged, all above them have other sums."""
    counts.remake()


@job("outreach.mark_merged")
def mark_merged(gone_id: str, kept_id: str) -> None:
    """A branch that went into another has that state in the rounds that are open."""
    by = Actor.system("outreach")
    screening.mark_merged(by=by, gone_id=UUID(gone_id), kept_id=UUID(kept_id))


@job("outreach.erase_managers", cron="40 18 * * *")
def erase_managers() -> None:
    """Every night (02:40 in China): names and numbers that no census needs any more go."""
    ending.erase_managers(today())


@job("outreach.forget_walkers", cron="50 18 * * *")
def forget_walkers() -> None:
    """Every night (02:50 in China): who walked in rounds that were closed three years ago goes."""
    forgetting.forget_walkers(today())
