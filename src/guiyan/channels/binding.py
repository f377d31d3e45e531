"""Whose WeChat account this is. Only the person, signed in, can say so, and WeChat confirms it."""

import json
from datetime import timedelta
from uuid import UUID

from guiyan.channels import contents, network
from guiyan.channels.models import Binding
from guiyan.channels.wechat.channel import openid_for
from guiyan.kernel.crypto import TokenBroken
from guiyan.platform.clock import now
from guiyan.platform.keys import key_ring

TABLE = "channels_binding"
STATE_LIVES = timedelta(minutes=10)
CODE_LIVES = timedelta(minutes=5)  # of the provider


def state_for(kind: str, recipient_id: UUID) -> str:
    """Goes to WeChat and comes back with the code: proves who set out, and when."""
    said = json.dumps(["wechat", kind, str(recipient_id), int(now().timestamp())])
    return key_ring().sign_token(said.encode())


def is_state_of(state: str, kind: str, recipient_id: UUID) -> bool:
    try:
        said = json.loads(key_ring().read_token(state))
    except (TokenBroken, ValueError):
        return False
    if not isinstance(said, list) or said[:3] != ["wechat", kind, str(recipient_id)]:
        return False
    return bool(0 <= now().timestamp() - int(said[3]) <= STATE_LIVES.total_seconds())


def active(channel: str, kind: str, recipient_id: UUID) -> Binding | None:
    return Binding.objects.filter(
        channel=channel, recipient_kind=kind, recipient_id=recipient_id, ended_at__isnull=True
    ).first()


def by_address(channel: str, address: str) -> Binding | None:
    return Binding.objects.filter(
        channel=channel, address_index__in=contents.indexes_of(address), ended_at__isnull=True
    ).first()


def address_of(row: Binding) -> str:
    """Empty as long as WeChat has not confirmed it."""
    return contents.open_column(TABLE, "address", row.id, row.address) if row.address else ""


def begin(kind: str, recipient_id: UUID, code: str) -> Binding:
    """The code waits for the worker, sealed: no page waits for a provider."""
    row = active("wechat", kind, recipient_id) or Binding(
        channel="wechat", recipient_kind=kind, recipient_id=recipient_id
    )
    row.begun_at = now()
    row.code = contents.seal_column(TABLE, "code", row.id, code)
    row.save()
    return row


def next_waiting() -> Binding | None:
    return Binding.objects.filter(code__isnull=False, ended_at__isnull=True).first()


def ask_whose(row: Binding) -> str:
    """Asks WeChat, outside any transaction; empty when it does not say."""
    if row.code is None or now() - row.begun_at > CODE_LIVES:
        return ""
    try:
        return openid_for(contents.open_column(TABLE, "code", row.id, row.code))
    except (network.NotSent, network.NoAnswer):
        return ""


def finish(row_id: UUID, openid: str) -> None:
    """A code counts once. An account that belonged to somebody else leaves them."""
    row = Binding.objects.select_for_update().filter(pk=row_id, ended_at__isnull=True).first()
    if row is None:
        return
    row.code = None
    if openid:
        for other in Binding.objects.filter(
            channel=row.channel,
            address_index__in=contents.indexes_of(openid),
            ended_at__isnull=True,
        ).exclude(pk=row.pk):
            close(other)
        row.address = contents.seal_column(TABLE, "address", row.id, openid)
        row.address_index = contents.index_of(openid)
        row.bound_at = now()
    elif row.bound_at is None:
        row.ended_at = now()
    row.save()


def close(row: Binding) -> None:
    row.ended_at, row.address, row.address_index, row.code = now(), None, None, None
    row.save()
