"""A round that the worker is opening: for whom, and how far it is."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from guiyan.outreach.models import RoundOpening
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import scoped

LOOK_AGAIN_S = 3


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """How many of how many stand in the round already; `refusal` when it was not opened."""

    done: int
    total: int
    refusal: str


def opening_of(actor: Actor, round_id: UUID) -> OpeningFacts | None:
    """None for a round that nobody asked to open, or that is open. One query."""
    row = RoundOpening.objects.filter(round_id=round_id).first()
    return OpeningFacts(row.done, row.total, row.refusal) if row else None


def asked_for(round_id: UUID) -> Actor | None:
    """The person who asked, standing where they stood; None when it is open. For the worker."""
    with transaction.atomic(), scoped(Actor.system("outreach").scope):
        row = RoundOpening.objects.filter(round_id=round_id).first()
    return Actor.of_kept(row.acting, frozenset({Permission.MANAGE_CENSUS})) if row else None
