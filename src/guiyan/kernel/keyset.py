"""Where a page of a list ends, as a short text that the next page begins from.

With a key ring the place is sealed: a list of people is sorted by their names, and names belong
in no address. Without one it carries a digest that notices damage, and is for lists that hold
nothing personal.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from guiyan.kernel.crypto import KeyMissing, SealBroken
from guiyan.kernel.findings import gettext_noop as _

Place = str | int | UUID | date | datetime | None

LONGEST_CURSOR = 2000  # characters; what an address can carry everywhere
_DIGEST_BYTES = 6
_INTEGER = re.compile(r"-?\d{1,19}")


class CursorBroken(Exception):
    """The text is no place in this list; the person goes back to its first page."""


class Sealer(Protocol):
    """What a key ring does for a cursor."""

    def seal(self, plain: bytes, *, context: str) -> bytes: ...

    def open_sealed(self, sealed: bytes, *, context: str) -> bytes: ...


def encode_cursor(places: tuple[Place, ...], *, of: str, ring: Sealer | None = None) -> str:
    """The last row's sort values as URL-safe text; `of` names the list and its order.

    A cursor of one list is none of another.
    """
    plain = json.dumps([_written(place) for place in places], ensure_ascii=False).encode()
    content = _digest(plain, of) + plain if ring is None else ring.seal(plain, context=_context(of))
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


def decode_cursor(
    text: str, *, of: str, shape: tuple[type, ...], ring: Sealer | None = None
) -> tuple[Place, ...]:
    """The sort values again, in number and type as `shape` says; None may stand for any of them.

    Raises CursorBroken for anything that `encode_cursor` did not make for this list.
    """
    places = _places(_plain(text, of, ring))
    fits = len(places) == len(shape) and all(
        place is None or type(place) is kind for place, kind in zip(places, shape, strict=True)
    )
    if not fits:
        raise _broken()
    return places


def _plain(text: str, of: str, ring: Sealer | None) -> bytes:
    if len(text) > LONGEST_CURSOR or not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise _broken()
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if ring is not None:
            return ring.open_sealed(content, context=_context(of))
    except (binascii.Error, SealBroken, KeyMissing) as unreadable:
        raise _broken() from unreadable
    digest, plain = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if not hmac.compare_digest(digest, _digest(plain, of)):
        raise _broken()
    return plain


def _written(place: Place) -> tuple[str, str] | None:
    if place is None:
        return None
    letter = _LETTERS[type(place)]
    return letter, place.isoformat() if isinstance(place, date) else str(place)


def _places(plain: bytes) -> tuple[Place, ...]:
    try:
        return tuple(
            None if pair is None else _READERS[pair[0]](pair[1]) for pair in json.loads(plain)
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as wrong:
        raise _broken() from wrong


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError("not an integer of a database")
    return int(text)


def _digest(plain: bytes, of: str) -> bytes:
    return hashlib.blake2b(of.encode() + b"\x00" + plain, digest_size=_DIGEST_BYTES).digest()


def _context(of: str) -> str:
    return f"cursor.{of}"


def _broken() -> CursorBroken:
    return CursorBroken(_("翻页的位置已经失效，请回到第一页。"))


_LETTERS: Mapping[type, str] = MappingProxyType(
    {str: "s", int: "i", UUID: "u", date: "d", datetime: "t"}
)
_READERS: Mapping[str, Callable[[str], Place]] = MappingProxyType(
    {"s": str, "i": _integer, "u": UUID, "d": date.fromisoformat, "t": datetime.fromisoformat}
)
