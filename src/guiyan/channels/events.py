"""What upper rooms hear of: how a message ended, and what somebody has answered."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MessageEnded:
    """A message has come to an end of its way: accepted, delivered, declined, unknown, expired,
    cancelled. "accepted" may still be followed by "delivered" or "declined", "unknown" by what a
    receipt or a person says."""

    message_id: UUID
    key: str
    channel: str
    state: str


@dataclass(frozen=True, slots=True)
class ReplyReceived:
    """Somebody answered on a channel; `message_id` is the last message that went to them."""

    channel: str
    message_id: UUID | None
    recipient_kind: str
    recipient_id: UUID | None
    text: str = field(repr=False)
    # From which number or account; it reaches no job but sealed or hashed.
    address: str = field(default="", repr=False)
