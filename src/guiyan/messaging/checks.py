"""What the doctor says of what is said to members: whom nothing reached, and what waits for people."""

from datetime import timedelta

from django.db import transaction

from guiyan.messaging.models import Reply, SayingTo
from guiyan.platform.clock import now
from guiyan.platform.health.findings import Finding, check, graded
from guiyan.platform.scope import Scope, scoped

STUCK = timedelta(days=3)
UNANSWERED = timedelta(days=7)


@check("sayings")
def sayings() -> Finding:
    """A rung that ended without anybody hearing of it leaves its member waiting for ever."""
    with transaction.atomic(), scoped(Scope.everywhere()):
        stuck = SayingTo.objects.filter(state="sent", saying__expires_at__lt=now() - STUCK).count()
    return graded(
        "sayings", stuck == 0, f"{stuck} members wait for an end that nobody reported",
        "The worker does not follow what ended: see failed jobs messaging.follow (guiyan doctor).",
        bad="warning",
    )  # fmt: skip


@check("replies")
def replies() -> Finding:
    """Members wrote back and nobody answers; after ninety days their words are deleted unread."""
    with transaction.atomic(), scoped(Scope.everywhere()):
        waiting = Reply.objects.filter(answered_at__isnull=True, at__lt=now() - UNANSWERED).count()
    return graded(
        "replies", waiting == 0, f"{waiting} replies have waited for more than a week",
        "Let who looks after these members answer them at /w/replies.", bad="warning",
    )  # fmt: skip
