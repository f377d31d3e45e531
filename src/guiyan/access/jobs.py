"""What the clock does here: codes, sessions, devices and messages that are over go."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from guiyan.access import handsets, rules, totp
from guiyan.access.models import DevelopmentMessage, Device, GrantProposal, Handset, MemberCode
from guiyan.platform import clock
from guiyan.platform.jobs import job
from guiyan.platform.reindexing import held_by_others
from guiyan.platform.resealing import sealed_column

CODES_KEPT = timedelta(days=1)
DEVICES_KEPT = timedelta(days=190)  # as long as the audit: 网络安全法 art. 23(3), six months
MESSAGES_KEPT = timedelta(days=1)

sealed_column(
    "access.TotpDevice", "sealed_secret", lambda device: totp.seal_context(device.account_id)
)


def _handsets_unheard_of(since: datetime) -> int:
    """Phones that still may sign in and have not done so since: their tokens' hashes are old."""
    in_use = Handset.objects.filter(
        revoked_at__isnull=True, seen_at__gt=clock.now() - handsets.LASTS
    )
    return in_use.filter(seen_at__lt=since).count()


def _codes_on_their_way(since: datetime) -> int:
    still_good = MemberCode.objects.filter(used_at__isnull=True, expires_at__gt=clock.now())
    return still_good.filter(expires_at__lt=since + rules.CODE_LASTS).count()


held_by_others("phones signed in for work without a line", _handsets_unheard_of)
held_by_others("codes sent to members", _codes_on_their_way)


@job("access.forget_what_is_over", cron="20 18 * * *")
def forget_what_is_over() -> None:
    """Each night: nothing of a sign-in is kept longer than its purpose asks."""
    now = clock.now()
    MemberCode.objects.filter(expires_at__lt=now - CODES_KEPT).delete()
    DevelopmentMessage.objects.filter(at__lt=now - MESSAGES_KEPT).delete()
    GrantProposal.objects.filter(proposed_at__lt=now - rules.PROPOSAL_LASTS).delete()
    Device.objects.filter(seen_at__lt=now - DEVICES_KEPT).delete()
    Handset.objects.filter(seen_at__lt=now - DEVICES_KEPT).delete()
    Session.objects.filter(expire_date__lt=now).delete()
