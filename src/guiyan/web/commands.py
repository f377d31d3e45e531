"""Writes of the shell: feedback is taken and answered."""

from uuid import UUID

from django.utils import timezone

from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound
from guiyan.platform.permissions import Permission
from guiyan.web.models import Feedback


@command(None)
def send_feedback(*, by: Actor, text: str, path: str = "", page: str = "") -> UUID:
    """Anybody may complain or suggest. `page` is a URL's name, `path` an organisation's."""
    feedback = Feedback(path=path, page=page[:80], text=text)
    # Inserted without RETURNING, which would need the right to read what the public may only add.
    Feedback.objects.bulk_create([feedback])
    audit.note(subject_kind="feedback", subject_id=feedback.id)
    return feedback.id


@command(Permission.ANSWER_CORRECTIONS)
def answer_feedback(*, by: Actor, feedback_id: UUID, answer: str) -> None:
    """The answer is read by everybody on the staff of the organisation concerned."""
    changed = Feedback.objects.filter(id=feedback_id).update(
        answer=answer, answered_at=timezone.now()
    )
    if not changed:
        raise NotFound(feedback_id)
    audit.note(subject_kind="feedback", subject_id=feedback_id)
