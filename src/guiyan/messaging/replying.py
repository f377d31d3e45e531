"""What members write back, sealed until somebody has answered."""

from collections.abc import Callable
from uuid import UUID

from guiyan.kernel.crypto import KeyMissing, SealBroken
from guiyan.messaging.models import Reply
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.keys import key_ring
from guiyan.platform.resealing import sealed_column

LONGEST = 500

# Upper rooms say in `ready()` where a contact with a member is recorded; empty: nowhere.
record_links: list[Callable[[Actor, UUID], str]] = []


def sealed(reply_id: UUID, text: str) -> bytes:
    return key_ring().seal(text[:LONGEST].encode(), context=context(reply_id))


def reply_row(reply_id: UUID, *, lock: bool = False) -> Reply:
    """Raises NotFound outside the scope."""
    rows = Reply.objects.select_for_update() if lock else Reply.objects.all()
    row = rows.filter(pk=reply_id).first()
    if row is None:
        raise NotFound("reply")
    return row


def text_of(row: Reply) -> str:
    """Empty when it has been answered, or can't be opened any more."""
    if row.text is None:
        return ""
    try:
        return key_ring().open_sealed(bytes(row.text), context=context(row.id)).decode()
    except (SealBroken, KeyMissing):
        return ""


def context(reply_id: UUID) -> str:
    return f"messaging_reply.text.{reply_id}"


def join_lower_rooms() -> None:
    sealed_column("messaging.Reply", "text", lambda row: context(row.id))
