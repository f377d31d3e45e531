"""A register on paper: the same lines as PDF, bearing who had it printed and when."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from guiyan.flows.documents import facts as documents
from guiyan.flows.registers import RegisterSide, balance, received
from guiyan.insight.register_rows import TITLES, Row, columns_of
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now


def summary_of(actor: Actor, side: RegisterSide, path: str) -> str:
    """The balance in one line, from the kept counts."""
    if side == "in":
        counts = received(actor, path)
        return _("流入 %(in)d 人 = 已编入支部 %(placed)d 人 + 待编入 %(unplaced)d 人") % counts
    return _("流出 %(out)d 人 = 已认领 %(claimed)d 人 + 未认领 %(unclaimed)d 人") % balance(
        actor, path
    )


def printed_register(
    actor: Actor,
    side: RegisterSide,
    organisation_name: str,
    rows: Iterable[Row],
    *,
    as_of: date,
    summary: str,
) -> bytes:
    """The PDF of these lines, in the order given."""
    columns = [column for column in columns_of(side) if column.on_paper]
    return documents.register(
        documents.RegisterFacts(
            title=str(TITLES[side]),
            organisation=organisation_name,
            as_of=as_of,
            summary=summary,
            columns=[
                documents.RegisterColumn(
                    title=str(column.title), share=column.width, is_number=False
                )
                for column in columns
            ],
            rows=[[str(column.value(row)) for column in columns] for row in rows],
            watermark=documents.Watermark(
                viewer=actor.name, unit=actor.organisation_name, at=now()
            ),
        )
    )
