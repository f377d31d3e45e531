"""The WAL archive: what PostgreSQL hands over is sealed like a backup, and may lie elsewhere.

PostgreSQL puts each closed segment into the spool beside its data (an account that knows no keys
can do that). From there it is sealed to the backups' recipient into the archive, which whoever
gets hold of it can't read. A segment is in the archive whole or not at all, and never over a
different one: the sum of what is inside stands beside it.
"""

import fcntl
import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home, make_private
from guiyan.platform.launcher.sealing import BLOCK, open_into, recipient_of, seal

SEALED = ".gz.age"
SUM = ".sha256"
BEFORE = ".gz"  # as segments were kept before they were sealed
# A segment, the history of a timeline, the mark of a base backup.
HANDED_OVER = re.compile(r"[0-9A-F]{24}(\.[0-9A-F]{8}\.backup|\.partial)?|[0-9A-F]{8}\.history")


def seal_waiting(home: Home) -> list[str]:
    """Seal all that waits into the archive, oldest first; returns the names.

    Raises LauncherError when the archive isn't there (a mount that is gone) or holds something
    else under a name; what waits then stays where it is.
    """
    if not home.wal_spool.is_dir():
        return []
    with _alone(home):
        waiting = list(_waiting(home))
        if not waiting:
            return []
        _make_archive(home)
        recipient = recipient_of(home)
        for path, name in waiting:
            _seal_one(path, name, home.wal_archive, recipient)
        return [name for _, name in waiting]


def waiting_since(home: Home) -> datetime | None:
    """Since when the oldest piece waits to be sealed; None when nothing does."""
    moments = []
    for path, _ in _waiting(home):
        try:
            moments.append(path.stat().st_mtime)
        except FileNotFoundError:  # sealed meanwhile
            continue
    return datetime.fromtimestamp(min(moments), UTC) if moments else None


def position(segment: str) -> str:
    """Where a segment stands in the WAL, whatever timeline it was written in."""
    return segment[8:24]


def holds(archive: Path, name: str) -> bool:
    return (archive / f"{name}{SEALED}").exists()


def open_all(archive: Path, identity: str, into: Path, *, start: str) -> None:
    """Open what a replay from this position on may need into a directory, compressed as it is.

    So are pieces that were kept before archives were sealed, and pieces of a spool that was left.
    """
    for path in sorted(archive.iterdir()):
        name = _name_of(path)
        if name is None or _is_before(name, start):
            continue
        target = into / f"{name}{BEFORE}"
        if target.exists():
            continue  # in both forms: a machine that stopped between sealing and removing
        if path.name.endswith(SEALED):
            open_into(path, identity, target)
        else:
            with _plain(path) as source, gzip.open(target, "wb", compresslevel=1) as packed:
                shutil.copyfileobj(source, packed, BLOCK)


def remove_before(archive: Path, start: str) -> list[Path]:
    """Remove the pieces that nothing from this position on needs; returns them."""
    old = {
        path: name
        for path in (sorted(archive.iterdir()) if archive.is_dir() else [])
        if (name := _name_of(path)) and _is_before(name, start)
    }
    for path, name in old.items():
        path.unlink()
        path.with_name(f"{name}{SUM}").unlink(missing_ok=True)
    return list(old)


def _name_of(path: Path) -> str | None:
    """What PostgreSQL calls the piece in this file; None when it is no piece."""
    name = path.name.removesuffix(SEALED).removesuffix(BEFORE)
    return name if HANDED_OVER.fullmatch(name) else None


def _is_before(name: str, start: str) -> bool:
    """The history of a timeline is needed by all that follows it."""
    return not name.endswith(".history") and position(name) < start


def _waiting(home: Home) -> Iterator[tuple[Path, str]]:
    """What PostgreSQL handed over, and what an older Guiyan archived without a seal."""
    for directory in (home.wal_spool, home.own_wal_archive):
        for path in sorted(directory.iterdir()) if directory.is_dir() else []:
            name = _name_of(path)
            if name and not path.name.endswith(SEALED):
                yield path, name


def _make_archive(home: Home) -> None:
    if home.wal_archive == home.own_wal_archive:
        make_private(home.wal_archive)
    elif not home.wal_archive.is_dir():
        # Made by us, it would lie on the wrong disk whenever the right one isn't mounted.
        message = f"{home.wal_archive} isn't there. Mount it, or make that directory on the mount."
        raise LauncherError(message)


def _seal_one(path: Path, name: str, archive: Path, recipient: str) -> None:
    target, part = archive / f"{name}{SEALED}", archive / f"{name}{SEALED}.part"
    sum_file = archive / f"{name}{SUM}"
    plain_sum = _sum_of(path)
    if target.exists():
        if not sum_file.exists() or sum_file.read_text(encoding="ascii").strip() != plain_sum:
            message = f"{target} holds something else under that name. Give each Guiyan its own."
            raise LauncherError(message)
        path.unlink()
        return
    part.unlink(missing_ok=True)
    with _plain(path) as source:
        seal(source, part, recipient)
    sum_file.write_text(f"{plain_sum}\n", encoding="ascii")
    part.rename(target)
    descriptor = os.open(archive, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    path.unlink()


@contextmanager
def _plain(path: Path) -> Iterator[gzip.GzipFile]:
    with gzip.open(path) if path.name.endswith(BEFORE) else path.open("rb") as file:
        yield file  # type: ignore[misc]  # both read alike


def _sum_of(path: Path) -> str:
    digest = hashlib.sha256()
    with _plain(path) as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """One process at a time seals; whoever comes second waits and finds it done."""
    make_private(home.run)
    with (home.run / "wal-archive.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
