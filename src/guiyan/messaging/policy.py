"""Who may write to one member: who may write to all of their part of the tree, and a contact person to
their own members only, wherever the member's branch lies (issue 4)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from guiyan.members import queries as members
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import scoped

# Upper rooms say in `ready()` who keeps in touch with whom.
looks_after: list[Callable[[Actor, UUID], bool]] = []
# And as whom they act for a member whose branch lies elsewhere in the tree; None for nobody of theirs.
acting_elsewhere: list[Callable[[Actor, UUID], Actor | None]] = []


def may_message(actor: Actor, member_id: UUID) -> bool:
    """One query at most, for a member in scope."""
    if actor.may(Permission.SEND_MESSAGES):
        return True
    is_asked = actor.may(Permission.MESSAGE_OWN_MEMBERS)
    return is_asked and any(is_theirs(actor, member_id) for is_theirs in looks_after)


@contextmanager
def sending_to(actor: Actor, member_id: UUID) -> Iterator[Actor]:
    """The block reads and writes as the same person, who may send for this one message. Raises
    NotFound for a member who lies out of scope, or is somebody else's."""
    acting = _acting_for(actor, member_id)
    with scoped(acting.scope):
        members.get_member_for(acting, member_id)
        if not may_message(acting, member_id):
            raise NotFound(f"member {member_id}")
        yield replace(acting, permissions=acting.permissions | {Permission.SEND_MESSAGES})


def _acting_for(actor: Actor, member_id: UUID) -> Actor:
    try:
        members.get_member_for(actor, member_id)
    except NotFound:
        found = (look(actor, member_id) for look in acting_elsewhere)
        acting = next((one for one in found if one is not None), None)
        if acting is None:
            raise
        return acting
    return actor
