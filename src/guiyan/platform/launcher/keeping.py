"""Which backups are kept, and with them the WAL that leads on from the oldest."""

import re
import shutil
from pathlib import Path

from guiyan.platform.launcher.backup import MANIFEST, Manifest
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home

SEGMENT = re.compile(r"[0-9A-F]{24}\.gz")
TIMELINE_DIGITS = 8  # before them in a segment's name; age doesn't depend on the timeline


def backups_of(home: Home) -> list[Path]:
    """The finished backups of a home, oldest first (their names are their moments in UTC)."""
    if not home.backups.is_dir():
        return []
    return sorted(
        entry
        for entry in home.backups.iterdir()
        if (entry / MANIFEST).is_file() and not entry.name.startswith(".")
    )


def prune(home: Home, *, keep: int) -> list[Path]:
    """Removes all but the newest `keep` backups, and WAL that none of these needs; returns them.

    Without a physical backup no WAL is removed. What a backup needs is read from its manifest.
    """
    if keep < 1:
        message = "At least one backup is kept."
        raise LauncherError(message)
    backups = backups_of(home)
    removed = backups[:-keep]
    starts = [
        manifest.wal_from[TIMELINE_DIGITS:]
        for manifest in (
            Manifest.from_json((backup / MANIFEST).read_text(encoding="utf-8"))
            for backup in backups[-keep:]
        )
        if manifest.wal_from
    ]
    for backup in removed:
        shutil.rmtree(backup)
    return removed + (_remove_wal_before(home.wal_archive, min(starts)) if starts else [])


def _remove_wal_before(archive: Path, start: str) -> list[Path]:
    old = [
        segment
        for segment in sorted(archive.glob("*.gz"))
        if SEGMENT.fullmatch(segment.name)
        and segment.name.removesuffix(".gz")[TIMELINE_DIGITS:] < start
    ]
    for segment in old:
        segment.unlink()
    return old
