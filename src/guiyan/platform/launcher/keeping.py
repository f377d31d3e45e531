"""Which backups are kept, and with them the WAL that leads on from the oldest."""

import shutil
from pathlib import Path

from guiyan.platform.launcher.archive import position, remove_before
from guiyan.platform.launcher.backup import MANIFEST, Manifest
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home


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
        position(manifest.wal_from)
        for manifest in (
            Manifest.from_json((backup / MANIFEST).read_text(encoding="utf-8"))
            for backup in backups[-keep:]
        )
        if manifest.wal_from
    ]
    for backup in removed:
        shutil.rmtree(backup)
    return removed + (remove_before(home.wal_archive, min(starts)) if starts else [])
