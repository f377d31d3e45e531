"""What follows when the number that a member signs in with is put in or replaced (ADR 8)."""

from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.access import commands as access
from guiyan.members import queries, vault
from guiyan.members.models import Notice, VaultField
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound
from guiyan.platform.permissions import Permission


def own_number_changed(by: Actor, member_id: UUID) -> None:
    """Browsers signed in with the old number are out, and the member reads who changed it."""
    access.end_member_devices(by=by, member_id=member_id)
    Notice.objects.create(
        member_id=member_id,
        kind="phone_changed",
        text=_("%(who)s（%(where)s）登记或更换了您的手机号码。如果不是您要求的，请到窗口核对。")
        % {"who": by.name, "where": by.organisation_name},
    )


@command(Permission.CHANGE_MEMBERS)
def confirm_number(*, by: Actor, member_id: UUID, field_id: UUID, reason: str) -> None:
    """The member stood at the desk and the number is theirs: it signs in from now on, and they read it."""
    field = _own_number(by, member_id, field_id)
    field.signs_in_from = None
    field.save(update_fields=["signs_in_from"])
    Notice.objects.create(
        member_id=member_id,
        kind="phone_changed",
        text=_("%(who)s（%(where)s）登记：您本人在窗口核对了手机号码。如果不是您，请到窗口核对。")
        % {"who": by.name, "where": by.organisation_name},
    )
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)


@command(Permission.CHANGE_MEMBERS)
def allow_codes(*, by: Actor, member_id: UUID, field_id: UUID, reason: str) -> None:
    """Somebody used up this number's codes of the day: the member at the desk may ask again."""
    field = _own_number(by, member_id, field_id)
    access.allow_more_codes(
        by=by, member_id=member_id, blinds=vault.blinds_of_row(field), reason=reason
    )
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)


def _own_number(by: Actor, member_id: UUID, field_id: UUID) -> VaultField:
    queries.member_row(by, member_id, lock=True)
    field = VaultField.objects.filter(
        pk=field_id, member_id=member_id, kind="phone", whose="own", valid_to__isnull=True
    ).first()
    if field is None:
        raise NotFound("own number")
    return field
