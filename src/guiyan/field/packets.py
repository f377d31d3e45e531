"""A packet: one area as pages, each signed and chained to the one before, the last for the whole.

Nothing is kept between two pages: the cursor carries how far the phone has come, signed. Records
come in the order of their ids; one that changes between two pages is in the next delta again,
because the phone goes on from the version of the first page.
"""

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from guiyan.field.offline import PacketContent, PacketKind
from guiyan.field.rules import packets as rules
from guiyan.field.rules.reading import canonical
from guiyan.field.rules.routing import PACKET_LASTS
from guiyan.kernel.crypto import KeyUse, TokenBroken
from guiyan.platform.errors import Refused, refuse
from guiyan.platform.keys import key_ring

FORM = "guiyan-packet-1"
FULL = 0


@dataclass(frozen=True, slots=True)
class Place:
    """How far a phone has come in a packet; what a cursor carries."""

    since: int
    version: int
    last_id: str
    number: int
    chain: str
    issued: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is sent: its bytes, packed, and what it is called by a cache."""

    packed: bytes
    etag: str


def page_of(
    kind: PacketKind,
    area_id: UUID,
    content: PacketContent,
    place: Place,
    *,
    size: int = rules.RECORDS_ON_A_PAGE,
) -> Page:
    """The page after `place`. Raises Refused: packet-too-large, packet-has-id-number.

    With `since` 0 the whole area, otherwise what changed after it and what left the area.
    """
    records = rules.changed_since(content.records, place.since)
    if sum(len(canonical(each)) for each in records) > rules.LARGEST_BYTES:
        refuse(rules.TOO_LARGE)
    following = [each for each in records if str(each["id"]) > place.last_id]
    shown = following[:size]
    is_last = len(following) <= size
    gone = [
        {"id": str(key), "version": version}
        for key, version in sorted(content.tombstones.items(), key=lambda item: str(item[0]))
        if is_last and version > place.since
    ]
    issued = datetime.fromisoformat(place.issued)
    inside = {
        "form": FORM,
        "kind": kind.code,
        "area_id": str(area_id),
        "since": place.since,
        "version": place.version,
        "issued": place.issued,
        "expires": (issued + PACKET_LASTS).isoformat(),
        "number": place.number,
        "before": place.chain,
        "is_last": is_last,
        "records": shown,
        "tombstones": gone,
        "token": _token(kind.code, area_id, place) if is_last else "",
    }
    text = canonical(inside)
    refuse(rules.may_leave(text.decode()))
    chain = hashlib.sha256(text).hexdigest()
    next_place = Place(
        place.since,
        place.version,
        str(shown[-1]["id"]) if shown else place.last_id,
        place.number + 1,
        chain,
        place.issued,
    )
    answer = {
        "page": text.decode(),
        "signature": _text(key_ring().sign(text)),
        "key_id": key_ring().primary_id(KeyUse.SIGN),
        "next": "" if is_last else cursor_of(kind.code, area_id, next_place),
    }
    # The same page is packed to the same bytes: without a time in the header of gzip.
    packed = gzip.compress(json.dumps(answer, ensure_ascii=False).encode(), 6, mtime=0)
    return Page(packed, f'"{chain[:32]}"')


def beginning(content: PacketContent, since: int, now: datetime) -> Place:
    """The first page of a whole area, or of what changed since a version that the phone has."""
    is_delta = 0 < since <= content.version
    start = now.replace(microsecond=0).isoformat()
    return Place(since if is_delta else FULL, content.version, "", 1, "", start)


def cursor_of(kind: str, area_id: UUID, place: Place) -> str:
    said = [kind, str(area_id), place.since, place.version, place.last_id, place.number,
            place.chain, place.issued]  # fmt: skip
    return key_ring().sign_token(json.dumps(["cursor", *said]).encode())


def read_cursor(cursor: str, kind: str, area_id: UUID) -> Place:
    """Raises Refused("cursor"): the phone begins this packet anew."""
    try:
        use, of_kind, of_area, *place = json.loads(key_ring().read_token(cursor))
        if (use, of_kind, of_area) != ("cursor", kind, str(area_id)):
            raise TokenBroken(cursor)
        return Place(*place)
    except (TokenBroken, ValueError, TypeError) as broken:
        raise Refused("cursor", rules.CURSOR.message) from broken


def _token(kind: str, area_id: UUID, place: Place) -> str:
    """What the phone shows with its operations: that it works on a packet of ours, and since when."""
    said = ["packet", kind, str(area_id), place.version, place.issued]
    return key_ring().sign_token(json.dumps(said).encode())


def read_packet_token(
    token: str, kind: str, area_id: UUID, now: datetime
) -> Literal["good", "missing", "forged", "expired"]:
    """Whether an operation was made on a packet of ours that was still good when it came in."""
    if not token:
        return "missing"
    try:
        use, of_kind, of_area, _version, issued = json.loads(key_ring().read_token(token[:1000]))
        began = datetime.fromisoformat(issued)
    except (TokenBroken, ValueError, TypeError):
        return "forged"
    if (use, of_kind, of_area) != ("packet", kind, str(area_id)):
        return "forged"
    return "good" if now <= began + PACKET_LASTS else "expired"


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")
