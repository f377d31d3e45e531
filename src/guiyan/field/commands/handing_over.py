"""No line at all: a file carries what one phone could not send, by whomever; twice is once."""

import base64
import binascii
import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from guiyan.access import handsets
from guiyan.field.commands import speaking
from guiyan.field.commands.receiving import receive, sender_of
from guiyan.field.rules import reading
from guiyan.field.types import Answer, Batch, Sender
from guiyan.kernel.boxes import has_signed
from guiyan.kernel.crypto import BoxBroken, KeyMissing
from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform.actor import Actor
from guiyan.platform.errors import ComeLater, Forbidden, NotFound, Refused
from guiyan.platform.keys import key_ring

FORM = "guiyan-handover-1"
_BROKEN = _("这不是归雁的转交文件，或者文件不完整。请在原来的手机上重新生成一份。")
_OLD_KEY = _("这份转交文件太旧，已经打不开。请在原来的手机上重新生成一份。")


def take_file(*, by: Actor, content: dict[str, Any]) -> tuple[list[Answer], str]:
    """The operations count as the first phone's, not the carrier's; without that phone's signature
    each waits for a person. Answers with the outcomes and what the first phone's clock said.

    Raises Refused: handover-broken, handover-key; Forbidden for who does not work in the field.
    """
    if not handsets.is_field_worker(by):
        raise Forbidden("field.take_file")
    inside, device_id, is_signed = _open(content)
    try:
        sender, actor = sender_of(device_id)
    except NotFound as unknown:
        raise Refused("handover-broken", _BROKEN) from unknown
    sender = replace(sender, carried=True, carried_unsigned=not is_signed)
    operations = inside.get("operations")
    packets, said = inside.get("packets"), str(inside.get("clock", ""))[:40]
    if not isinstance(operations, list) or not isinstance(packets, dict):
        raise Refused("handover-broken", _BROKEN)
    answers: list[Answer] = []
    for start in range(0, len(operations), reading.MOST_IN_A_BATCH):
        some = tuple(operations[start : start + reading.MOST_IN_A_BATCH])
        # The clock is of the hour when the file was written, so it says nothing of how wrong it is.
        batch = Batch(some, packets={str(key): str(value) for key, value in packets.items()})
        answers += [
            replace(answer, place=start + answer.place)
            for answer in receive(by=actor, sender=sender, batch=batch)
        ]
    _take_notes(by=actor, sender=sender, notes=inside.get("spoken"))
    return answers, said


def _take_notes(*, by: Actor, sender: Sender, notes: Any) -> None:
    """Notes by voice that went along; one that can't be read, or is too many for today, is sent
    again by its own phone: what was recorded beside it is taken all the same."""
    for key, text in notes.items() if isinstance(notes, dict) else ():
        try:
            note_id, box = UUID(str(key)), bytes_of(str(text))
            speaking.take_piece(by=by, sender=sender, note_id=note_id, at=0, piece=box)
        except (NotFound, ValueError, ComeLater):
            continue


def _open(content: dict[str, Any]) -> tuple[dict[str, Any], UUID, bool]:
    try:
        device_id = UUID(str(content["device_id"]))
        sealed, signature = str(content["sealed"]), str(content.get("signature") or "")
        if content["form"] != FORM:
            raise Refused("handover-broken", _BROKEN)
        plain = key_ring().open_box(sealed, context=f"{FORM}|{device_id}")
        inside = json.loads(plain)
        signed = bytes_of(signature)
    except KeyMissing as old:
        raise Refused("handover-key", _OLD_KEY) from old
    except (BoxBroken, ValueError, KeyError, TypeError, binascii.Error, RecursionError) as broken:
        raise Refused("handover-broken", _BROKEN) from broken
    if not isinstance(inside, dict):
        raise Refused("handover-broken", _BROKEN)
    return inside, device_id, _is_signed(device_id, sealed, signed)


def bytes_of(text: str) -> bytes:
    """base64url without padding. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_signed(device_id: UUID, sealed: str, signature: bytes) -> bool:
    try:
        point = handsets.handset(device_id).public_key
    except NotFound:
        return False
    return has_signed(point, f"{FORM}|{device_id}|{sealed}".encode(), signature)
