"""What was said into a phone beside an operation: it comes in pieces, sealed, and is heard by people."""

from django.db import models


class SpokenNote(models.Model):
    """A note by voice that an operation named, from its first byte on.

    `box` is what has come of it, sealed by the phone for this server; `sound` is the whole of it,
    sealed for here, once the operation took effect. One of the two is empty.
    """

    id = models.UUIDField(primary_key=True, editable=False, help_text="the phone's own id")
    operation_id = models.UUIDField(unique=True)
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    account_id = models.UUIDField()
    device_id = models.UUIDField()
    digest = models.BinaryField(help_text="SHA-256 of the box, as the operation named it")
    size_bytes = models.IntegerField(help_text="of the box, as the operation named it")
    came_bytes = models.IntegerField(default=0, help_text="how much of the box is here")
    key_id = models.CharField(max_length=8, blank=True, help_text="the key that opens the box")
    box = models.BinaryField(null=True)
    sound = models.BinaryField(null=True)
    media_type = models.CharField(
        max_length=20, blank=True, help_text="as its bytes say; empty while it is not opened"
    )
    is_broken = models.BooleanField(default=False, help_text="came whole, and is no sound")
    received_at = models.DateTimeField(help_text="when its operation came")
    ended_at = models.DateTimeField(null=True, help_text="when it came whole")

    class Meta:
        indexes = [models.Index(fields=["received_at", "id"], name="spoken_age")]
