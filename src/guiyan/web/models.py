"""What people say about Guiyan itself: complaints and suggestions, and the answer to them."""

import uuid

from django.db import models


class Feedback(models.Model):
    """A complaint or suggestion. Who wrote it is not stored with it.

    Readers: staff of the organisation that it concerns, and above; what names no organisation
    is read by staff of counties, cities and provinces. Kept two years (`jobs`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(max_length=80, blank=True, db_collation="C")
    page = models.CharField(max_length=80, blank=True, help_text="the page's name, never its URL")
    text = models.CharField(max_length=500)
    sent_at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["path", "-sent_at"], name="feedback_path_sent")]
