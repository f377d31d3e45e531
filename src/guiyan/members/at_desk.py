"""What a clerk does for somebody who stands at the desk: a copy of the file, a correction on paper.

Sources: Personal Information Protection Law arts. 45, 46; mission N11 (the person without a phone
is a full user).
"""

from typing import Any
from uuid import UUID

from guiyan.members import copying, openings, own, queries, rules
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import refuse
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
    return own.note_wish(by, member_id, field, wish)
