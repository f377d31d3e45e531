"""Identity of many files opened at once, for an export: each member reads of it in their own file.

Sources: GB/T 35273-2020 7.1 (approval of batch reading); design decision 4.
"""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.members import openings, rules, vault
from guiyan.members.models import VaultField
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, Refused
from guiyan.platform.permissions import Permission

OPENED_KINDS = ("id_number", "phone")


@command(Permission.EXPORT_REGISTERS)
def open_identity_of_many(
    *, by: Actor, member_ids: Sequence[UUID], reason: str, approved_by: str = ""
) -> dict[UUID, dict[str, str]]:
    """ID number and own telephone number of these files in scope, by member and kind.

    With a second person's yes (`approved_by` is their name) of any number; without one the actor
    needs REVEAL_IDENTITY, and the rows count against the day's 50. The audit rows, one a member,
    are in the transaction before a value leaves it. Raises Refused "reveal-quota".
    """
    if not approved_by:
        if not by.may(Permission.REVEAL_IDENTITY):
            raise Forbidden("open_identity_of_many")
        already = openings.count_today(by, now())
        if already + len(member_ids) > rules.REVEALS_PER_DAY:
            raise Refused(
                "reveal-quota",
                _("加上今天已查看的，超过了每天50条完整身份信息。请由另一位有审批权的同志批准。"),
            )
    fields: dict[UUID, dict[str, list[VaultField]]] = defaultdict(lambda: defaultdict(list))
    rows = VaultField.objects.filter(
        member_id__in=list(member_ids), kind__in=OPENED_KINDS, valid_to__isnull=True
    )
    for row in rows:
        fields[row.member_id][row.kind].append(row)
    for member_id in fields:
        audit.note(
            subject_kind="member",
            subject_id=member_id,
            member_id=member_id,
            is_approved=bool(approved_by),
            approved_by=approved_by,
        )
    return {
        member_id: {kind: vault.open_value(_own(found)) for kind, found in kinds.items()}
        for member_id, kinds in fields.items()
    }


def _own(fields: list[VaultField]) -> VaultField:
    """Of several numbers the member's own."""
    return next((field for field in fields if field.whose == "own"), fields[0])


def left_today(by: Actor) -> int:
    """How many files this person may still open today without a second person. One query."""
    return max(rules.REVEALS_PER_DAY - openings.count_today(by, now()), 0)
