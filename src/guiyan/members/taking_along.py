"""Telephone numbers that a contact person's phone takes along where there is no line.

Sources: GB/T 35273-2020 7.1 (more than the day's 50 needs a second person); docs/adr/0011.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from guiyan.members import openings, rules, vault
from guiyan.members.models import VaultField
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.permissions import Permission


@dataclass(frozen=True, slots=True)
class Dialled:
    """A number as it is dialled and as people write it, by the field that it stands in."""

    field_id: UUID
    number: str = field(repr=False)
    shown: str = field(repr=False)


@command(Permission.REVEAL_IDENTITY)
def take_numbers_along(
    *, by: Actor, member_ids: Sequence[UUID], reason: str
) -> dict[UUID, list[Dialled]]:
    """The numbers of these files in scope, as far as the day's 50 reach, in the order given.

    The member reads that the number went along, once a day for each person who took it; a packet
    that is fetched again, or its next page, writes nothing more.
    """
    at = now()
    already = openings.count_today(by, at)
    before = openings.taken_along_today(by, at)
    fresh = [one for one in member_ids if one not in before]
    rows: dict[UUID, list[VaultField]] = defaultdict(list)
    wanted = VaultField.objects.filter(
        member_id__in=list(member_ids), kind="phone", valid_to__isnull=True
    )
    for row in wanted:
        rows[row.member_id].append(row)
    left = max(rules.REVEALS_PER_DAY - already, 0)
    new = [one for one in fresh if one in rows][:left]
    for member_id in new:
        audit.note(subject_kind="member", subject_id=member_id, member_id=member_id, kind="phone")
    if not new:
        audit.note(subject_kind="members", fresh=0)
    along = [one for one in member_ids if one in rows and (one in before or one in new)]
    return {
        member_id: [
            Dialled(row.id, vault.number_of(row), vault.open_value(row)) for row in rows[member_id]
        ]
        for member_id in along
    }
