"""Sealing of backups: compressed, encrypted with age to a recipient, hashed; memory stays flat.

A machine that makes backups needs only the recipient. The identity opens them: it is made at the
first backup and is to be taken to another place, or a lost machine takes its backups along.
"""

import gzip
import hashlib
import os
import shutil
import tarfile
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Protocol

import pyrage

from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home
from guiyan.platform.launcher.secrets_store import read_secret, write_secret

RECIPIENT_FILE = "backup-recipient.txt"
IDENTITY_FILE = "backup-identity.txt"
BLOCK = 1 << 20
GZIP_WINDOW = 31  # zlib's sign for "with a gzip header"


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed file of a backup: its name, length in bytes and SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


class _Compressed:
    """Reads a source through gzip and counts what it took from it."""

    def __init__(self, source: Readable, seen: Callable[[int], None]) -> None:
        self._source = source
        self._seen = seen
        self._packer = zlib.compressobj(1, zlib.DEFLATED, GZIP_WINDOW)
        self._ready = bytearray()
        self._ended = False

    def read(self, size: int) -> bytes:
        while len(self._ready) < size and not self._ended:
            block = self._source.read(BLOCK)
            self._seen(len(block))
            self._ended = not block
            self._ready += self._packer.compress(block) if block else self._packer.flush()
        answer = bytes(self._ready[:size])
        del self._ready[:size]
        return answer


class _Hashed:
    """Writes to a file and keeps the sum of what was written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, block: bytes) -> int:
        self.digest.update(block)
        self.size += len(block)
        return self._file.write(block)

    def flush(self) -> None:
        self._file.flush()


def recipient_of(home: Home) -> str:
    """The recipient that backups are sealed to; recipient and identity are made at first use."""
    path = home.secrets / RECIPIENT_FILE
    if not path.exists():
        identity = pyrage.x25519.Identity.generate()
        # The identity first: a recipient without one would seal for nobody.
        write_secret(home.secrets / IDENTITY_FILE, str(identity))
        write_secret(path, str(identity.to_public()))
    return read_secret(path)


def seal(
    source: Readable, target: Path, recipient: str, *, seen: Callable[[int], None] | None = None
) -> Sealed:
    """Seals a stream into a file that is on the disk when this returns; `seen` counts its bytes."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        sink = _Hashed(file)
        try:
            key = pyrage.x25519.Recipient.from_str(recipient)
        except pyrage.RecipientError as error:
            message = f"{RECIPIENT_FILE} holds no age recipient (age1…): {error}"
            raise LauncherError(message) from error
        pyrage.encrypt_io(_Compressed(source, seen or (lambda _: None)), sink, [key])
        file.flush()
        os.fsync(file.fileno())
    return Sealed(target.name, sink.size, sink.digest.hexdigest())


def seal_directories(
    directories: Iterable[tuple[str, Path]], target: Path, recipient: str
) -> Sealed:
    """Seals directories, each under its name, as one archive; a file gone meanwhile is left out."""
    read_end, write_end = os.pipe()

    def pack() -> None:
        with (
            suppress(BrokenPipeError),
            os.fdopen(write_end, "wb") as pipe,
            tarfile.open(fileobj=pipe, mode="w|") as archive,
        ):
            for name, directory in directories:
                _add(archive, directory, name)

    packer = threading.Thread(target=pack, name="pack-backup")
    with os.fdopen(read_end, "rb") as pipe:
        packer.start()
        try:
            return seal(pipe, target, recipient)
        finally:
            pipe.close()
            packer.join()


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    if path.is_symlink() or not (path.is_dir() or path.is_file()):
        return  # Guiyan makes no links, and a restore would refuse them
    with suppress(FileNotFoundError):
        archive.add(path, name, recursive=False)
        if path.is_dir():
            for entry in sorted(path.iterdir()):
                # The key to the backups is never inside a backup.
                if entry.name != IDENTITY_FILE:
                    _add(archive, entry, f"{name}/{entry.name}")


@contextmanager
def unsealed(path: Path, identity: str) -> Iterator[BinaryIO]:
    """Reads a sealed file as it was before sealing; LauncherError names it when it is damaged.

    What was read counts only when the block ends without an error, since the last bytes are
    authenticated last.
    """
    key = _key_of(identity)
    read_end, write_end = os.pipe()
    failures: list[Exception] = []

    def decrypt() -> None:
        try:
            with path.open("rb") as sealed, os.fdopen(write_end, "wb") as pipe:
                pyrage.decrypt_io(sealed, pipe, [key])
        except BrokenPipeError:
            pass  # the reader gave up and says why itself
        except (OSError, pyrage.DecryptError) as error:
            failures.append(error)

    opener = threading.Thread(target=decrypt, name="open-backup")
    opener.start()
    try:
        with os.fdopen(read_end, "rb") as pipe, gzip.GzipFile(fileobj=pipe) as plain:
            yield plain  # type: ignore[misc]  # GzipFile reads like a BinaryIO
            while plain.read(BLOCK):
                pass
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        opener.join()
        raise _damaged(path, failures[0] if failures else error) from error
    finally:
        opener.join()
    if failures:
        raise _damaged(path, failures[0])


def open_into(path: Path, identity: str, target: Path) -> None:
    """Opens a sealed file into another, still compressed; LauncherError names it when damaged."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with path.open("rb") as sealed, os.fdopen(descriptor, "wb") as file:
        try:
            pyrage.decrypt_io(sealed, file, [_key_of(identity)])
        except (OSError, pyrage.DecryptError) as error:
            raise _damaged(path, error) from error


def _key_of(identity: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(identity)
    except pyrage.IdentityError as error:
        message = "The backup identity isn't an age identity (AGE-SECRET-KEY-1…)."
        raise LauncherError(message) from error


def _damaged(path: Path, error: Exception) -> LauncherError:
    return LauncherError(
        f"{path.name} can't be opened: it is damaged or sealed for another identity ({error})."
    )


def extract(path: Path, identity: str, into: Path) -> None:
    """Unpacks a sealed archive into files and directories that this user alone reads.

    Anything else (links, devices) and names that lead out of the directory are refused: who knows
    the recipient can seal an archive of his own.
    """
    # tarfile's own filters came with 3.11.4; Debian 12 has 3.11.2.
    with unsealed(path, identity) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
        for member in archive:
            steps = PurePosixPath(member.name).parts
            content = archive.extractfile(member) if member.isreg() else None
            if ".." in steps or member.name.startswith("/") or not (content or member.isdir()):
                message = f"{path.name} holds {member.name!r}, which no backup of Guiyan does."
                raise LauncherError(message)
            _unpack(into.joinpath(*steps), content)


def _unpack(target: Path, content: IO[bytes] | None) -> None:
    if content is None:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with content, os.fdopen(os.open(target, flags, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, BLOCK)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
