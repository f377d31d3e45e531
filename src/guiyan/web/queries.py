"""What people said about Guiyan, as the officers of the organisation concerned read it."""

from django.db.models import F, QuerySet

from guiyan.platform.actor import Actor
from guiyan.web.models import Feedback


def feedback_for(actor: Actor, *, limit: int = 100) -> list[Feedback]:
    """Unanswered first, then the newest; the actor's scope decides which. One query."""
    return list(
        Feedback.objects.order_by(F("answered_at").asc(nulls_first=True), "-sent_at")[:limit]
    )


def unanswered_feedback_for(actor: Actor, *, limit: int = 100) -> list[Feedback]:
    """What still waits for an answer, the oldest first. One query."""
    return list(unanswered_feedback(actor).order_by("sent_at")[:limit])


def unanswered_feedback(actor: Actor) -> QuerySet[Feedback]:
    """Its rows, to be asked whether there are any."""
    return Feedback.objects.filter(answered_at=None)
