"""Files outside the database, sealed at rest: uploaded workbooks, exports, with a day of deletion."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from django.conf import settings

from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.errors import NotFound
from guiyan.platform.keys import key_ring
from guiyan.platform.models import StoredFile

PIECE_BYTES = 4 * 1024 * 1024  # sealed piece by piece, so that memory stays flat


def store_file(
    by: Actor, *, source: Path, name: str, media_type: str, purpose: str, keep: timedelta
) -> StoredFile:
    """Seal a file into the store and note it in the running transaction.

    The sealed file is written and synced before its row, so that a row never points at nothing; a
    crash in between leaves a file without a row, which the nightly job removes.
    """
    file_id = uuid4()
    digest = hashlib.sha256()
    size = 0
    target = _place(file_id)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (
        tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as sealed,
        source.open("rb") as plain,
    ):
        for number, piece in enumerate(iter(lambda: plain.read(PIECE_BYTES), b"")):
            digest.update(piece)
            size += len(piece)
            box = key_ring().seal(piece, context=f"file.{file_id}.{number}")
            sealed.write(len(box).to_bytes(4, "big") + box)
        sealed.flush()
        os.fsync(sealed.fileno())
    Path(sealed.name).rename(target)
    return StoredFile.objects.create(
        id=file_id,
        path=by.path,
        owner_id=by.account_id,
        name=name[:200],
        media_type=media_type,
        size_bytes=size,
        sha256=digest.digest(),
        purpose=purpose,
        delete_after=now() + keep,
    )


def get_file_for(by: Actor, file_id: UUID) -> StoredFile:
    """Out of scope, or past its day: NotFound."""
    stored = StoredFile.objects.filter(id=file_id, delete_after__gt=now()).first()
    if stored is None or not _place(file_id).exists():
        raise NotFound("file")
    return stored


def copy_out(stored: StoredFile, target: Path) -> Path:
    """Open the sealed file into `target` (a temporary place with mode 0600). Raises SealBroken."""
    with _place(stored.id).open("rb") as sealed, target.open("wb") as plain:
        os.fchmod(plain.fileno(), 0o600)
        number = 0
        while length := sealed.read(4):
            box = sealed.read(int.from_bytes(length, "big"))
            plain.write(key_ring().open_sealed(box, context=f"file.{stored.id}.{number}"))
            number += 1
    return target


def contents(stored: StoredFile) -> bytes:
    """The whole file in memory: for downloads, whose size the writers bound."""
    pieces: list[bytes] = []
    with _place(stored.id).open("rb") as sealed:
        while length := sealed.read(4):
            box = sealed.read(int.from_bytes(length, "big"))
            pieces.append(key_ring().open_sealed(box, context=f"file.{stored.id}.{len(pieces)}"))
    return b"".join(pieces)


def streamed(stored: StoredFile) -> Iterator[bytes]:
    """The file piece by piece, in constant memory; a missing one raises before the first piece."""
    return _pieces(stored, _place(stored.id).open("rb"))


def _pieces(stored: StoredFile, sealed: BinaryIO) -> Iterator[bytes]:
    with sealed:
        number = 0
        while length := sealed.read(4):
            box = sealed.read(int.from_bytes(length, "big"))
            yield key_ring().open_sealed(box, context=f"file.{stored.id}.{number}")
            number += 1


def delete_expired() -> int:
    """Remove files past their day, and sealed files that have had no row for a day."""
    expired = list(StoredFile.objects.filter(delete_after__lte=now()).values_list("id", flat=True))
    StoredFile.objects.filter(id__in=expired).delete()
    for file_id in expired:
        _place(file_id).unlink(missing_ok=True)
    return len(expired) + _delete_orphans()


def _delete_orphans() -> int:
    removed = 0
    yesterday = (now() - timedelta(days=1)).timestamp()
    for place in Path(settings.FILES_DIR).glob("??/*.sealed"):
        is_old = place.stat().st_mtime < yesterday
        if is_old and not StoredFile.objects.filter(id=place.stem).exists():
            place.unlink(missing_ok=True)
            removed += 1
    return removed


def _place(file_id: UUID) -> Path:
    return Path(settings.FILES_DIR) / file_id.hex[:2] / f"{file_id}.sealed"
