"""Who may write to one member: who may write to all of their part of the tree, and a contact person to
their own members only (issue 4)."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from guiyan.members import queries as members
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.permissions import Permission

# Upper rooms say in `ready()` who keeps in touch with whom.
looks_after: list[Callable[[Actor, UUID], bool]] = []


def may_message(actor: Actor, member_id: UUID) -> bool:
    """One query at most, for a member in scope."""
    if actor.may(Permission.SEND_MESSAGES):
        return True
    is_asked = actor.may(Permission.MESSAGE_OWN_MEMBERS)
    return is_asked and any(is_theirs(actor, member_id) for is_theirs in looks_after)


def sender_to(actor: Actor, member_id: UUID) -> Actor:
    """The same person, who may send for this one message. Raises NotFound for a member who lies out
    of scope, or is somebody else's."""
    members.get_member_for(actor, member_id)
    if not may_message(actor, member_id):
        raise NotFound(f"member {member_id}")
    return replace(actor, permissions=actor.permissions | {Permission.SEND_MESSAGES})
