"""What follows when the number that a member signs in with is replaced (ADR 8)."""

from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.access import commands as access
from guiyan.members.models import Notice
from guiyan.platform.actor import Actor


def own_number_changed(by: Actor, member_id: UUID) -> None:
    """Browsers signed in with the old number are out, and the member reads who changed it."""
    access.end_member_devices(by=by, member_id=member_id)
    Notice.objects.create(
        member_id=member_id,
        kind="phone_changed",
        text=_("%(who)s（%(where)s）更换了您登记的手机号码。如果不是您要求的，请到窗口核对。")
        % {"who": by.name, "where": by.organisation_name},
    )
