"""What a message says and to which address: sealed for its own row, erased after its end."""

import json
from typing import Any
from uuid import UUID

from guiyan.channels.models import OutboxMessage
from guiyan.channels.types import NewMessage, Outgoing
from guiyan.kernel.phones import mask_phone
from guiyan.platform.keys import key_ring
from guiyan.platform.resealing import sealed_column

SHOWN = 3
ADDRESS_PURPOSE = "channels.address"


def seal(message_id: UUID, message: NewMessage) -> bytes:
    plain = json.dumps(
        [message.address, message.title, message.text, message.template, dict(message.params)],
        ensure_ascii=False,
    )
    return key_ring().seal(plain.encode(), context=_context(message_id))


def open_contents(row: OutboxMessage) -> Outgoing:
    """Raises SealBroken, or LookupError when they have been erased."""
    if row.contents is None:
        raise LookupError("the contents of this message are erased")
    plain = key_ring().open_sealed(bytes(row.contents), context=_context(row.id))
    address, title, text, template, params = json.loads(plain)
    return Outgoing(
        id=row.id,
        channel=row.channel,
        address=address,
        title=title,
        text=text,
        template=template,
        params=params,
        recipient_kind=row.recipient_kind,
        recipient_id=row.recipient_id,
        path=row.path,
        expires_at=row.expires_at,
    )


def index_of(address: str) -> bytes:
    return key_ring().blind_index(address, purpose=ADDRESS_PURPOSE)


def indexes_of(address: str) -> tuple[bytes, ...]:
    return key_ring().blind_indexes(address, purpose=ADDRESS_PURPOSE)


def mask_of(address: str) -> str:
    """Enough to tell two addresses apart, never enough to use one."""
    if not address:
        return ""
    if address.lstrip("+").isdigit():
        return mask_phone(address)
    return f"{address[:SHOWN]}****"


def seal_column(table: str, column: str, row_id: object, value: str) -> bytes:
    return key_ring().seal(value.encode(), context=f"{table}.{column}.{row_id}")


def open_column(table: str, column: str, row_id: object, sealed: bytes | memoryview) -> str:
    return key_ring().open_sealed(bytes(sealed), context=f"{table}.{column}.{row_id}").decode()


def _context(message_id: UUID) -> str:
    return f"channels_outboxmessage.contents.{message_id}"


def join_lower_rooms() -> None:
    sealed_column("channels.OutboxMessage", "contents", lambda row: _context(row.id))
    sealed_column("channels.ChannelToken", "token", _token_context)
    sealed_column("channels.Binding", "address", lambda row: f"channels_binding.address.{row.id}")
    sealed_column("channels.Binding", "code", lambda row: f"channels_binding.code.{row.id}")


def _token_context(row: Any) -> str:
    return f"channels_channeltoken.token.{row.channel}"
