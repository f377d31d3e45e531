"""The inbox of leads: what people must look at apart from what looks like a machine's."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from guiyan.flows.models import Lead
from guiyan.flows.queries import lead_facts
from guiyan.flows.types import LeadFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.permissions import Permission

ON_A_PAGE = 50
# Machines come in thousands; the page says "more than" instead of counting them.
COUNTED_UP_TO = 1_000


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of leads to verify, the earliest day first, and how many others look false."""

    leads: list[LeadFacts]
    has_more: bool
    suspicious: int

    @property
    def is_over(self) -> bool:
        return self.suspicious > COUNTED_UP_TO


def inbox_for(actor: Actor, *, state: str = "to_verify", only_suspicious: bool = False) -> Inbox:
    """Two queries, whatever the number of leads. Leads already decided are shown newest first."""
    rows = _leads(actor).filter(state=state)
    suspicious = rows.exclude(suspicion="") if state == "to_verify" else rows.none()
    listed = rows
    if only_suspicious:
        listed = suspicious
    elif state == "to_verify":
        listed = rows.filter(suspicion="")
    order = (
        ("answer_by", "received_at") if state == "to_verify" else ("-decided_at", "-received_at")
    )
    found = [lead_facts(lead) for lead in listed.order_by(*order)[: ON_A_PAGE + 1]]
    return Inbox(
        found[:ON_A_PAGE],
        len(found) > ON_A_PAGE,
        suspicious.order_by()[: COUNTED_UP_TO + 1].count(),
    )


def get_screened_lead_for(actor: Actor, lead_id: UUID) -> LeadFacts:
    """One query. Out of scope is NotFound."""
    lead = _leads(actor).filter(id=lead_id).first()
    if lead is None:
        raise NotFound("lead")
    return lead_facts(lead)


def _leads(actor: Actor) -> QuerySet[Lead]:
    if not actor.may(Permission.SCREEN_LEADS):
        raise Forbidden(Permission.SCREEN_LEADS)
    return Lead.objects.all()
