"""Checks of the machine and its settings: keys, files, disk, fonts, secrets, time, backups."""

import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from guiyan.platform.clock import now
from guiyan.platform.health.findings import Finding, check, graded
from guiyan.platform.keys import key_ring
from guiyan.platform.launcher import archive
from guiyan.platform.launcher.home import find_home
from guiyan.platform.launcher.keeping import backups_of
from guiyan.platform.launcher.sealing import IDENTITY_FILE
from guiyan.platform.metrics.readings import reading

FONTS = Path(__file__).resolve().parent.parent / "documents" / "fonts"
SHORTEST_SECRET = 32
SEAL_WAL_WITHIN_MINUTES = 10
BACKUP_EVERY = timedelta(days=1)


def _is_private(path: Path) -> bool:
    return path.exists() and not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


@check("key ring")
def ring() -> Finding:
    primary = key_ring().primary_id()
    return graded(
        "key ring", bool(primary), f"{primary} seals", "Bring keys/ of the home back from a backup."
    )


@check("key files")
def key_files() -> Finding:
    directory = Path(settings.KEYS_DIR)
    open_ones = [p.name for p in [directory, *directory.glob("*")] if not _is_private(p)]
    return graded(
        "key files", not open_ones, "only this user reads them" if not open_ones else str(open_ones),
        f"chmod 700 {directory}; chmod 600 {directory}/*",
    )  # fmt: skip


@check("keys are outside the database's directory")
def keys_apart() -> Finding:
    keys, data = Path(settings.KEYS_DIR).resolve(), find_home().pgdata.resolve()
    return graded(
        "keys are outside the database's directory", data not in keys.parents, str(keys),
        "Move the keys and set GUIYAN_KEYS_DIR: who copies the data must not get the keys.",
    )  # fmt: skip


@check("signing secret")
def signing_secret() -> Finding:
    length = len(settings.SECRET_KEY)
    return graded(
        "signing secret", length >= SHORTEST_SECRET, f"{length} characters",
        "Put 48 random characters into the file that GUIYAN_SECRET_KEY_FILE names.",
    )  # fmt: skip


@check("secrets")
def secrets() -> Finding:
    directory = find_home().secrets
    open_ones = [p.name for p in directory.glob("*") if not _is_private(p)]
    return graded(
        "secrets", not open_ones, "only this user reads them" if not open_ones else str(open_ones),
        f"chmod 600 {directory}/*",
    )  # fmt: skip


@check("DEBUG")
def debug() -> Finding:
    return graded(
        "DEBUG", not settings.DEBUG, str(settings.DEBUG),
        "Unset GUIYAN_DEBUG: error pages would show people's data.",
    )  # fmt: skip


@check("demo")
def demo() -> Finding:
    is_demo = settings.DEMO or find_home().demo_json.exists()
    return graded(
        "demo", not is_demo, "this is the demo" if is_demo else "no demo",
        "The demo prints passwords: never use its home for real people.", bad="warning",
    )  # fmt: skip


@check("https")
def https() -> Finding:
    return graded(
        "https", settings.PUBLIC_URL.startswith("https://"), settings.PUBLIC_URL,
        "Put a proxy with a certificate before it and set GUIYAN_PUBLIC_URL=https://…",
        bad="warning",
    )  # fmt: skip


@check("proxy")
def proxy() -> Finding:
    is_behind_one = settings.PUBLIC_URL.startswith("https://")
    return graded(
        "proxy", settings.PROXY_HOPS > 0 or not is_behind_one,
        f"{settings.PROXY_HOPS} before the web server",
        "Set GUIYAN_PROXY_HOPS=1 (your proxies' number): else all visitors share one limit.",
        bad="warning",
    )  # fmt: skip


@check("hosts")
def hosts() -> Finding:
    return graded(
        "hosts", "*" not in settings.ALLOWED_HOSTS, " ".join(settings.ALLOWED_HOSTS),
        "Name your host in GUIYAN_ALLOWED_HOSTS instead of *.",
    )  # fmt: skip


def _nearest_there(path: Path) -> Path:
    """The path itself, or the nearest directory above it that is there already."""
    return next(place for place in (path, *path.parents) if place.exists())


@check("disk")
def disk() -> Finding:
    """As `df` counts it: what is kept back for nobody is neither used nor free."""
    usage = shutil.disk_usage(_nearest_there(Path(settings.HOME)))
    used = 100 * usage.used // (usage.used + usage.free)
    grade = "fault" if used >= 90 else "warning"
    return graded(
        "disk", used < 80, f"{used} % used, {usage.free // 2**30} GiB free",
        "Make room: above 90 % writing may stop. Old backups are in the home's backups/.",
        bad=grade,  # type: ignore[arg-type]
    )  # fmt: skip


@reading("guiyan_wal_waiting_seconds", "How long WAL waits to be sealed into its archive.")
def wal_waiting_s() -> float:
    since = archive.waiting_since(find_home())
    return (now() - since).total_seconds() if since else 0


@check("WAL is sealed")
def wal_is_sealed() -> Finding:
    home = find_home()
    since = archive.waiting_since(home)
    minutes = int((now() - since).total_seconds() // 60) if since else 0
    return graded(
        "WAL is sealed", minutes < SEAL_WAL_WITHIN_MINUTES,
        f"in {home.wal_archive}" if minutes < SEAL_WAL_WITHIN_MINUTES else f"waits {minutes} minutes",
        f"Keep guiyan worker running, and {home.wal_archive} mounted and writable; its log says more.",
        bad="warning",
    )  # fmt: skip


@check("archive apart from data")
def archive_apart() -> Finding:
    """A disk that is lost takes along what lies on it, and an archive there with its data."""
    home = find_home()
    data, kept = _nearest_there(home.pgdata), _nearest_there(home.wal_archive)
    shares = home.pgdata.exists() and data.stat().st_dev == kept.stat().st_dev
    return graded(
        "archive apart from data", not shares,
        f"{home.wal_archive} {'is on the same disk' if shares else 'is on another disk'}"
        if home.pgdata.exists() else "the database is your own server's",
        "Set GUIYAN_WAL_ARCHIVE to a directory on another disk or mount (docs/operations.md).",
        bad="warning",
    )  # fmt: skip


@check("memory")
def memory() -> Finding:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return graded(
        "memory", total >= 2 * 10**9, f"{total / 10**9:.1f} GB",
        "A county needs 2 GB.", bad="warning",
    )  # fmt: skip


@check("files directory")
def files_directory() -> Finding:
    directory = Path(settings.FILES_DIR)
    is_good = directory.is_dir() and os.access(directory, os.W_OK)
    return graded(
        "files directory", is_good, str(directory), f"mkdir -p {directory} and let this user write."
    )


@check("checkpoints directory")
def checkpoints_directory() -> Finding:
    directory = Path(settings.CHECKPOINTS_DIR)
    is_good = not directory.exists() or os.access(directory, os.W_OK)
    return graded(
        "checkpoints directory", is_good, str(directory), f"Let this user write {directory}."
    )


@check("fonts")
def fonts() -> Finding:
    found = sorted(file.name for file in FONTS.glob("*.[ot]tf"))
    return graded(
        "fonts", bool(found), ", ".join(found) or "none",
        "The package is incomplete: install it again, letters need its Han font.",
    )  # fmt: skip


@check("machine clock")
def machine_clock() -> Finding:
    year = now().year
    return graded(
        "machine clock", 2026 <= year < 2100, f"{now():%Y-%m-%d %H:%M} UTC",
        "Set the clock: days for answers are counted from it.",
    )  # fmt: skip


@check("backup")
def backup() -> Finding:
    made = backups_of(find_home())
    if not made:
        return Finding("backup", "warning", "none yet", "Run: guiyan backup (each night, by cron)")
    age = datetime.now(UTC) - datetime.fromtimestamp(made[-1].stat().st_mtime, UTC)
    return graded(
        "backup", age < BACKUP_EVERY * 2, f"{made[-1].name}, {age.days} days old",
        "Run: guiyan backup; then guiyan verify DIRECTORY", bad="warning",
    )  # fmt: skip


@check("backup identity")
def backup_identity() -> Finding:
    identity = find_home().secrets / IDENTITY_FILE
    if identity.exists():
        seen = "still on this machine"
    else:
        seen = "kept elsewhere" if backups_of(find_home()) else "made by the first backup"
    return graded(
        "backup identity", not identity.exists(), seen,
        f"Move {identity} to a safe place off this machine: without it no backup opens.",
        bad="warning",
    )  # fmt: skip
