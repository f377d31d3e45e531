"""What was said does not outlive its use (fields.py says for how long); the keys stay for ever."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from guiyan.channels import commands as channel_commands
from guiyan.kernel.calendar import day_of
from guiyan.messaging import stopping
from guiyan.messaging.models import (
    LadderChoice,
    MonthCount,
    Reply,
    SayingTo,
    Stop,
    StoppedNumber,
)
from guiyan.platform.actor import Actor

KEEP_REPLIES = timedelta(days=90)
KEEP_WHYS = timedelta(days=365)
KEEP_STOPS = timedelta(days=1095)
KEEP_COUNTS = timedelta(days=62)


def erase(at: datetime) -> None:
    """A reply that nobody has answered in ninety days goes too; who said what to whom loses its ways
    after a year, the key (member, purpose, slot) is what keeps it from being said twice."""
    Reply.objects.filter(at__lt=at - KEEP_REPLIES).delete()
    SayingTo.objects.filter(changed_at__lt=at - KEEP_WHYS).update(passed=[], tried=[], whose="own")
    Stop.objects.filter(ended_at__lt=at - KEEP_STOPS).delete()
    StoppedNumber.objects.filter(ended_at__lt=at - KEEP_STOPS).delete()
    StoppedNumber.objects.filter(sealed__isnull=True, since__lt=at - KEEP_STOPS).delete()
    MonthCount.objects.filter(month__lt=f"{day_of(at - KEEP_COUNTS):%Y-%m}").delete()


def forget_members(member_ids: Sequence[UUID]) -> None:
    """Their file goes, and with it everything that was said to them or by them; what went out names
    nobody any more. That a number said no more stays as a keyed hash, without a person."""
    stopping.forget_numbers_of(member_ids)
    channel_commands.forget_recipients(
        by=Actor.system("messaging.forget_members"),
        recipient_kind="member",
        recipient_ids=member_ids,
    )
    for model in (SayingTo, Reply, Stop, LadderChoice, MonthCount):
        model._default_manager.filter(member_id__in=member_ids).delete()
