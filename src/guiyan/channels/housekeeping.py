"""What a message said does not outlive its use (fields.py says for how long)."""

from datetime import datetime, timedelta

from guiyan.channels.models import (
    Binding,
    CallEntry,
    ChannelToken,
    GroupText,
    InboxMessage,
    OutboxMessage,
    Spending,
)
from guiyan.kernel.calendar import day_of

KEEP_INDEX = timedelta(days=90)
KEEP_INBOX = timedelta(days=365)
KEEP_SPENDING = timedelta(days=800)


def erase(ended_before: datetime, at: datetime) -> None:
    """The keys of the outbox stay for ever: they are what keeps a message from coming twice."""
    OutboxMessage.objects.filter(
        contents__isnull=False, ended_at__isnull=False, ended_at__lt=ended_before
    ).update(contents=None, ask_at=None)
    OutboxMessage.objects.filter(address_index__isnull=False, put_at__lt=at - KEEP_INDEX).update(
        address_index=None, address_mask=""
    )
    InboxMessage.objects.filter(at__lt=at - KEEP_INBOX).delete()
    GroupText.objects.filter(at__lt=at - KEEP_INBOX).delete()
    CallEntry.objects.filter(call_by__lt=at - KEEP_INDEX).delete()
    Binding.objects.filter(ended_at__lt=at - KEEP_INDEX).delete()
    ChannelToken.objects.filter(expires_at__lt=at).delete()
    Spending.objects.filter(
        period__lt=day_of(at - KEEP_SPENDING).isoformat(), period__regex=r"^\d{4}-\d\d-\d\d$"
    ).delete()
