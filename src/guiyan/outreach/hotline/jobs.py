"""What was said on the telephone goes in time; sealed columns follow a new key."""

from guiyan.outreach.hotline import commands, queries
from guiyan.outreach.models import Call
from guiyan.platform.actor import Actor
from guiyan.platform.jobs import job
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
