"""What a clerk does for somebody who stands at the desk: a copy of the file, a correction on paper.

Sources: Personal Information Protection Law arts. 45, 46; mission N11 (the person without a phone
is a full user).
"""

from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guiyan.members import copying, fields, openings, queries, rules, vault
from guiyan.members.models import Correction
from guiyan.members.own import LONGEST_WISH, answer_day
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import Refused, refuse
from guiyan.platform.permissions import Permission


@command(Permission.REVEAL_IDENTITY)
def print_copy(*, by: Actor, member_id: UUID, reason: str) -> dict[str, Any]:
    """The whole file on paper, for the person who asks for it in person; it counts as an opening.

    Raises Refused for a reason that is none of the list, and beyond the day's 50 openings.
    """
    facts = queries.get_member_for(by, member_id)
    refuse(openings.translated(rules.may_reveal(reason, "", openings.count_today(by, now()))))
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)
    return copying.whole_file(by, facts, in_full=True)


@command(Permission.CHANGE_MEMBERS)
def take_correction(*, by: Actor, member_id: UUID, field: str, wish: str, reason: str = "") -> UUID:
    """What somebody says or writes on paper is wrong in their file; answered like one sent in."""
    if field not in fields.CORRECTABLE:
        raise Refused("field", _("请选择哪一项有误。"))
    text = " ".join(wish.split())
    if not text or len(text) > LONGEST_WISH:
        raise Refused("wish", _("请写明应改成什么，最多500个字。"))
    row = queries.member_row(by, member_id)
    correction_id = uuid4()
    Correction.objects.create(
        id=correction_id,
        member=row,
        field=field,
        sealed_wish=vault.seal_wish(correction_id, text),
        answer_by=answer_day(row.home_path or row.host_path or "", by.today),
    )
    audit.note(
        subject_kind="correction", subject_id=correction_id, member_id=member_id, field=field
    )
    return correction_id
