"""Work of the night: complaints and suggestions go when their time is over."""

from datetime import timedelta

from guiyan.platform.clock import now
from guiyan.platform.jobs import job
from guiyan.web.models import Feedback

FEEDBACK_KEPT = timedelta(days=730)


@job("web.forget_old_feedback", cron="25 18 * * *")
def forget_old_feedback() -> None:
    """Kept two years, answered or not: what people write may name somebody."""
    Feedback.objects.filter(sent_at__lt=now() - FEEDBACK_KEPT).delete()
