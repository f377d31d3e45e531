"""What was said on the telephone goes in time; sealed columns follow a new key."""

from uuid import UUID

from guiyan.flows.events import CaseAdvanced, CasesGone, MemberMovedOn
from guiyan.outreach.hotline import commands, following, queries
from guiyan.outreach.models import Call
from guiyan.platform.actor import Actor
from guiyan.platform.jobs import enqueue, job
from guiyan.platform.keys import key_ring
from guiyan.platform.reindexing import blind_column
from guiyan.platform.resealing import sealed_column

sealed_column("outreach.Call", "number_sealed", lambda row: queries.seal_context("number", row.id))
sealed_column("outreach.Call", "said_sealed", lambda row: queries.seal_context("said", row.id))


def _number_said(row: Call) -> tuple[str, str] | None:
    """The number that the blind index is made of, and the index's purpose."""
    if row.number_sealed is None:
        return None
    context = queries.seal_context("number", row.id)
    return key_ring().open_sealed(bytes(row.number_sealed), context=context).decode(), "phone"


blind_column("outreach.Call", "number_blind", _number_said)


@job("outreach.forget_old_calls", cron="50 18 * * *")  # 02:50 in China
def forget_old_calls() -> None:
    """Number and words thirty days after a call is done, the rest after a year."""
    commands.forget_old_calls(by=Actor.system())


@job("outreach.follow_stay")
def follow_stay(case_id: str) -> None:
    """After a step of a stay: calls that wait about it go to the side that has the member now."""
    following.follow(Actor.system("outreach.follow_stay"), UUID(case_id))


@job("outreach.forget_stays")
def forget_stays(case_ids: list[str]) -> None:
    """Stays were taken back or erased: nobody is asked to call back about them."""
    by = Actor.system("outreach.forget_stays")
    following.forget_stays(by, [UUID(case_id) for case_id in case_ids])


def hear_of_stay(news: CaseAdvanced | MemberMovedOn) -> None:
    """Few stays have a call that waits; the others leave no job behind."""
    if following.is_called_about(news.case_id):
        enqueue(follow_stay, case_id=str(news.case_id))


def hear_of_gone(news: CasesGone) -> None:
    enqueue(forget_stays, case_ids=[str(case_id) for case_id in news.case_ids])
