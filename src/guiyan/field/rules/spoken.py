"""What a note by voice may be: half a minute, sealed, of a kind that every browser plays (issue 3)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

LARGEST_BYTES = 92_160  # thirty seconds of Opus at 16 kbit/s and its wrapping, with room
LARGEST_PIECE_BYTES = 65_536
# key id, public point, nonce and tag: what stands around the sound in a box
SMALLEST_BYTES = 8 + 65 + 12 + 16 + 1
AWAITED_FOR = timedelta(days=60)  # a phone without a line comes back within three weeks
MOST_OF_A_PHONE = (300, timedelta(days=1))

_OGG, _WEBM, _MP4 = b"OggS", b"\x1a\x45\xdf\xa3", b"ftyp"


def box_context(note_id: UUID) -> str:
    """What the phone's box is bound to, so that a box moved to another note does not open."""
    return f"{note_id}|spoken"


def seal_context(note_id: UUID) -> str:
    return f"field.spoken.{note_id}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a piece adds: its fresh bytes; empty when it is here already or lies beyond what came."""

    fresh: bytes
    came: int


def taken(piece: bytes, *, at: int, came: int, size: int) -> Taken:
    """A piece may overlap what came before it, and adds only what is new; one that leaves a gap
    adds nothing, and the phone goes on from what came."""
    end = min(at + len(piece), size)
    if at > came or end <= came:
        return Taken(b"", came)
    return Taken(piece[came - at : end - at], end)


def media_type_of(sound: bytes) -> str:
    """By its first bytes, never by what the phone said; empty for what is no sound."""
    if sound.startswith(_OGG):
        return "audio/ogg"
    if sound.startswith(_WEBM):
        return "audio/webm"
    return "audio/mp4" if sound[4:8] == _MP4 else ""
