"""What the shell's own pages show: what waits for a person, and what people said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

from guiyan.platform.actor import Actor
from guiyan.web.models import Feedback


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work that waits for this person: how many, and where it is done."""

    label: str | Promise
    count: int
    url: str
    overdue: int = 0


Provider = Callable[[Actor], Iterator[Waiting]]

# Each room's pages add one line here; the order is the order on the page.
PROVIDERS: list[Provider] = []


def waiting_for(actor: Actor) -> list[Waiting]:
    """What waits for this actor, what is overdue first; kinds without work are left out."""
    found = [waiting for provider in PROVIDERS for waiting in provider(actor) if waiting.count]
    return sorted(found, key=lambda waiting: -waiting.overdue)


def feedback_for(actor: Actor, limit: int = 100) -> list[Feedback]:
    """Newest first, unanswered before answered; the scope of the actor decides which. One query."""
    return list(Feedback.objects.order_by("answered_at", "-sent_at")[:limit])
