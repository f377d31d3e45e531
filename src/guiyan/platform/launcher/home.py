"""Where Guiyan keeps its state: one directory with the database, files, keys, backups and logs."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guiyan.platform.launcher.errors import LauncherError

SYSTEM_HOME = Path("/var/lib/guiyan")
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes: sun_path of Linux holds 108 with its closing zero


@dataclass(frozen=True, slots=True)
class Home:
    """The directories of one Guiyan; nothing outside them is written, the demo's note and
    a WAL archive that the operator chose excepted.

    `checkout` is the source tree that Guiyan runs from, None when it runs from an installed
    package; `chosen_wal_archive` is where the operator wants WAL kept, None for in the home.
    """

    root: Path
    checkout: Path | None = None
    chosen_wal_archive: Path | None = None

    @property
    def pgdata(self) -> Path:
        return self.root / "pgdata"

    @property
    def wal_spool(self) -> Path:
        """Where PostgreSQL puts closed WAL segments until they are sealed into the archive."""
        return self.root / "wal-spool"

    @property
    def own_wal_archive(self) -> Path:
        return self.root / "wal-archive"

    @property
    def wal_archive(self) -> Path:
        return self.chosen_wal_archive or self.own_wal_archive

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints"

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def database_logs(self) -> Path:
        return self.logs / "postgres"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def demo_json(self) -> Path:
        return self.root / "demo.json"

    @property
    def demo_json_copies(self) -> tuple[Path, ...]:
        """The demo's facts stand in the home and, wherever the home is, in var/ of the checkout."""
        if self.checkout is None or self.checkout / "var" == self.root:
            return (self.demo_json,)
        return (self.demo_json, self.checkout / "var" / "demo.json")

    @property
    def socket_record(self) -> Path:
        return self.run / "socket-directory"

    @property
    def sockets(self) -> Path:
        """The private directory of the database's socket: in the home, or short when that is long.

        A start writes a short choice down, so that a process with another environment finds it.
        """
        inside = self.root / "sockets"
        if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return inside
        if self.socket_record.is_file():
            return Path(self.socket_record.read_text(encoding="utf-8").strip())
        return short_socket_directory(self.root)


def short_socket_directory(root: Path) -> Path:
    """A home whose path is too long for a socket gets a name of its own in the run directory."""
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    uid = os.geteuid()
    own_run = Path(f"/run/user/{uid}")
    if uid == 0:
        base = Path("/run")
    elif own_run.is_dir():
        base = own_run
    else:
        base = Path(tempfile.gettempdir())
    return base / f"guiyan-{uid}-{digest}"


def source_checkout() -> Path | None:
    """The source tree this package stands in (src layout beside pyproject.toml), if any."""
    candidate = Path(__file__).resolve().parents[4]
    if (candidate / "pyproject.toml").is_file() and (candidate / "src" / "guiyan").is_dir():
        return candidate
    return None


def others_may_enter(path: Path) -> bool:
    """Another account reaches a directory only when each one on the way lets others enter."""
    nearest = path
    while not nearest.exists():
        nearest = nearest.parent
    return all(step.stat().st_mode & stat.S_IXOTH for step in (nearest, *nearest.parents))


def choose_root(
    environ: Mapping[str, str], *, checkout: Path | None, is_root: bool, user_home: Path
) -> Path:
    """GUIYAN_HOME chooses; else var/ of the checkout; else the place of an installed package.

    PostgreSQL refuses to run as root, so for root its data must lie where another account can
    enter; a checkout in a closed directory sends the state to /var/lib/guiyan.
    """
    chosen = environ.get("GUIYAN_HOME", "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    if checkout is None:
        return SYSTEM_HOME if is_root else user_home / ".local" / "share" / "guiyan"
    if is_root and not others_may_enter(checkout):
        return SYSTEM_HOME
    return checkout / "var"


def find_home(environ: Mapping[str, str] | None = None) -> Home:
    """The home of this process, by its environment and where it was installed."""
    environment = os.environ if environ is None else environ
    checkout = source_checkout()
    root = choose_root(
        environment, checkout=checkout, is_root=os.geteuid() == 0, user_home=Path.home()
    )
    chosen = environment.get("GUIYAN_WAL_ARCHIVE", "").strip()
    archive = Path(chosen).expanduser().absolute() if chosen else None
    return Home(root=root, checkout=checkout, chosen_wal_archive=archive)


def make_private(directory: Path, *, mode: int = 0o700) -> None:
    """Makes one directory for this user alone; what exists keeps its mode and ancestors theirs."""
    try:
        directory.mkdir(mode=mode, parents=True)
    except FileExistsError:
        if not directory.is_dir():
            message = f"{directory} is in the way: a directory is needed there. Move it away."
            raise LauncherError(message) from None
    except PermissionError:
        message = (
            f"{directory} can't be made: {directory.parent} belongs to another user. "
            "Set GUIYAN_HOME to a directory of your own."
        )
        raise LauncherError(message) from None
    else:
        directory.chmod(mode)  # mkdir's mode is cut by the umask


def make_home(home: Home) -> None:
    """Makes the directories of the home; those of the database are the cluster's business.

    As root the home itself lets others pass through (not list), because the database's account
    must reach its data; everything inside stays closed.
    """
    make_private(home.root, mode=0o711 if os.geteuid() == 0 else 0o700)
    for directory in (home.secrets, home.keys, home.files, home.backups, home.run):
        make_private(directory)
    make_private(home.logs, mode=0o711 if os.geteuid() == 0 else 0o700)
