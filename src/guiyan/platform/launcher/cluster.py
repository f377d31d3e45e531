"""The embedded PostgreSQL: made once, started by whoever comes first, stopped by who started it.

Data lies in `pgdata` of the home with checksums; the only way in is a socket in a private
directory, with a password. Nothing listens on the network.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from guiyan.platform.launcher import archive, configuration
from guiyan.platform.launcher.account import Account, account_for, give, may_enter, run_program
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home, find_home, make_home, make_private
from guiyan.platform.launcher.providers import Binaries, find_binaries, within_reach
from guiyan.platform.launcher.secrets_store import make_password, password_file, read_secret
from guiyan.platform.launcher.urls import socket_url

Progress = Callable[[str, float], None]
SUPERUSER = "guiyan_super"
START_PATIENCE_S = 120
ORPHANS_PATIENCE_S = 20
# A postmaster killed at once leaves its children a moment to notice; a start waits for them.
LEFT_BY_A_KILL = ("pre-existing shared memory block", "lock file")


def unseen(step: str, share: float) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A database cluster in a home: the programs that run it and the account they run as."""

    home: Home
    binaries: Binaries
    account: Account | None

    def url(self, role: str, database: str) -> str:
        """The address of a database for a role whose password the home keeps."""
        password = read_secret(password_file(self.home.secrets, role))
        return socket_url(role, password, self.home.sockets, database)

    @property
    def admin_url(self) -> str:
        return self.url(SUPERUSER, "postgres")

    @property
    def is_initialised(self) -> bool:
        return (self.home.pgdata / "PG_VERSION").exists()

    def running_pid(self) -> int | None:
        """The process id of the postmaster on this data, or None when none is alive."""
        pid = self._recorded_pid()
        if pid is None or not is_alive(pid):
            return None
        try:
            works_in = Path(f"/proc/{pid}/cwd").resolve(strict=True)
        except OSError:  # another user's process, or a system without /proc
            return pid
        return pid if works_in == self.home.pgdata.resolve() else None

    def _recorded_pid(self) -> int | None:
        try:
            lines = (self.home.pgdata / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, PermissionError):
            return None
        return int(lines[0]) if lines and lines[0].strip().isdecimal() else None

    def ensure_running(self, progress: Progress = unseen) -> "Running":
        """Starts the cluster, or joins the one that runs; makes it first when there is none."""
        with self.lock():
            if not self.is_initialised:
                progress("Making the database", 0.0)
                self._initialise()
            if self._answers():
                adopts = not self._has_living_owner()
                if adopts:
                    self._note_owner()
                return Running(self, owned=adopts)
            progress("Starting the database", 0.5)
            self._start()
            self._note_owner()
            progress("Starting the database", 1.0)
            return Running(self, owned=True)

    def stop(self) -> None:
        """Stops the cluster in good order; a cluster that doesn't run is no error."""
        with self.lock():
            if self.running_pid() is None:
                return
            for mode in ("fast", "immediate"):
                answer = self._pg_ctl("stop", "-m", mode, "-w", "-t", "60")
                if answer.returncode == 0 or self.running_pid() is None:
                    self._owner_note.unlink(missing_ok=True)
                    # What it handed over at its end; without an archive it waits for the next start.
                    with suppress(LauncherError):
                        archive.seal_waiting(self.home)
                    return
            message = f"The database doesn't stop: {answer.stderr.strip()}"
            raise LauncherError(message)

    def archive_now(self) -> str:
        """Closes the WAL segment in use and seals it into the archive; returns its name.

        Every transaction committed before is then in the archive.
        """
        give_up_at = time.monotonic() + START_PATIENCE_S
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            # A switch without anything written since the last one would close no segment.
            admin.execute("SELECT pg_create_restore_point('archive')")
            (segment,) = _row(admin, "SELECT pg_walfile_name(pg_switch_wal())")
            while not archive.holds(self.home.wal_archive, str(segment)):
                archive.seal_waiting(self.home)
                if time.monotonic() > give_up_at:
                    message = f"WAL isn't archived; the reason is in {self.home.database_logs}."
                    raise LauncherError(message)
                time.sleep(0.05)
        return str(segment)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One process at a time makes, starts or stops the cluster; the others wait."""
        make_home(self.home)
        with (self.home.run / "cluster.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def make_directories(self) -> None:
        """Makes the directories that the database itself writes, owned by its account."""
        sockets = self.home.sockets
        if sockets.parent != self.home.root:
            self.home.socket_record.write_text(f"{sockets}\n", encoding="utf-8")
        for directory in (sockets, self.home.wal_spool, self.home.database_logs):
            make_private(directory)
            give(directory, self.account)
        expected = os.geteuid() if self.account is None else self.account.uid
        if sockets.is_symlink() or sockets.stat().st_uid != expected:
            message = f"{sockets} belongs to somebody else; remove it or use a shorter GUIYAN_HOME."
            raise LauncherError(message)
        if not may_enter(self.home.root, self.account):
            name = self.account.name if self.account else "this user"
            message = (
                f"PostgreSQL runs as {name}, who may not enter {self.home.root}. Set GUIYAN_HOME "
                "to a directory below ones that others may enter, such as /var/lib/guiyan."
            )
            raise LauncherError(message)

    def _initialise(self) -> None:
        """Makes the data in a directory beside and renames it, so that half a cluster never is."""
        self.make_directories()
        password, _ = make_password(self.home.secrets, SUPERUSER)
        part = self.home.root / "pgdata.part"
        shutil.rmtree(part, ignore_errors=True)
        make_private(part)
        give(part, self.account)
        handed_over = self.home.database_logs / "first-password"
        try:
            handed_over.touch(mode=0o600)
            handed_over.write_text(password + "\n", encoding="utf-8")
            give(handed_over, self.account)
            answer = run_program(
                self.binaries.program("initdb"),
                *configuration.initdb_arguments(self.binaries.major),
                f"--pgdata={part}",
                f"--username={SUPERUSER}",
                f"--pwfile={handed_over}",
                account=self.account,
            )
        finally:
            handed_over.unlink(missing_ok=True)
        if answer.returncode != 0:
            message = f"The database could not be made: {answer.stderr.strip()[-800:]}"
            raise LauncherError(message)
        with (part / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"\ninclude = '{configuration.OWN_FILE}'\n")
        part.rename(self.home.pgdata)

    def write_configuration(self) -> None:
        """Writes the settings of this version of Guiyan into the data directory."""
        wanted = "pg_stat_statements"
        preload = wanted if self.binaries.library(wanted) else ""
        texts = {
            configuration.OWN_FILE: configuration.server_settings(self.home, preload=preload),
            "pg_hba.conf": configuration.ACCESS_RULES,
        }
        for name, text in texts.items():
            path = self.home.pgdata / name
            part = path.with_name(name + ".part")
            part.write_text(text, encoding="utf-8")
            part.chmod(0o600)
            give(part, self.account)
            part.rename(path)

    def _pg_ctl(self, *arguments: str | Path) -> "_Answer":
        answer = run_program(
            self.binaries.program("pg_ctl"),
            arguments[0],
            "-D",
            self.home.pgdata,
            *arguments[1:],
            account=self.account,
        )
        return _Answer(answer.returncode, answer.stderr)

    def _start(self) -> None:
        self.make_directories()
        self.write_configuration()
        give_up_at = time.monotonic() + ORPHANS_PATIENCE_S
        log = self.home.database_logs / "start.log"
        while True:
            self._drop_stale_pid_file()
            log.unlink(missing_ok=True)
            before = self._log_sizes()
            if (
                self._pg_ctl("start", "-w", "-t", str(START_PATIENCE_S), "-l", log).returncode == 0
                and self.running_pid() is not None
            ):
                return
            said = self._logged_since(before)
            if not any(sign in said for sign in LEFT_BY_A_KILL) or time.monotonic() > give_up_at:
                break
            time.sleep(0.1)
        message = (
            f"The database doesn't start: {said[-800:] or 'it said nothing'}\n"
            f"Its log is in {self.home.database_logs}."
        )
        raise LauncherError(message)

    def last_words(self) -> str:
        """The end of the database's log; it holds no statement and no value of a row."""
        return self._logged_since({})[-800:]

    def _log_sizes(self) -> dict[Path, int]:
        return {log: log.stat().st_size for log in self.home.database_logs.glob("*.log")}

    def _logged_since(self, before: dict[Path, int]) -> str:
        texts = [
            log.read_bytes()[before.get(log, 0) :].decode(errors="replace").strip()
            for log in sorted(self.home.database_logs.glob("*.log"), reverse=True)
        ]
        return "\n".join(text for text in texts if text)

    def _drop_stale_pid_file(self) -> None:
        """After a crash the noted process id may be a stranger's or a zombie's and block the start.

        PostgreSQL sees through it only when that process runs as another account. We go by the
        directory a process works in, so a postmaster of this data is never taken for a stranger;
        children it left behind are found by PostgreSQL itself, by their shared memory.
        """
        if self._recorded_pid() is not None and self.running_pid() is None:
            (self.home.pgdata / "postmaster.pid").unlink(missing_ok=True)

    def _answers(self) -> bool:
        """Whether a cluster runs; one that is still starting, or recovering, is waited for."""
        give_up_at = time.monotonic() + START_PATIENCE_S
        while self.running_pid() is not None:
            try:
                psycopg.connect(self.admin_url, connect_timeout=10).close()
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    message = f"{self.home.secrets} doesn't hold the password of this database."
                    raise LauncherError(message) from error
                if time.monotonic() > give_up_at:
                    message = f"The database runs but doesn't answer: {error}"
                    raise LauncherError(message) from error
                time.sleep(0.1)
            else:
                return True
        return False

    @property
    def _owner_note(self) -> Path:
        return self.home.run / "database-owner.json"

    def _note_owner(self) -> None:
        note = {"pid": os.getpid(), "since": started_at(os.getpid())}
        self._owner_note.write_text(json.dumps(note), encoding="utf-8")

    def _has_living_owner(self) -> bool:
        try:
            note = json.loads(self._owner_note.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return False
        return is_alive(note["pid"]) and started_at(note["pid"]) == note["since"]


@dataclass(frozen=True, slots=True)
class _Answer:
    returncode: int
    stderr: str


@dataclass(frozen=True, slots=True)
class Running:
    """A cluster that answers. `owned`: this process started it (or its starter died), so stops it.

    As a context manager it stops an owned cluster at the end and leaves another's alone.
    """

    cluster: Cluster
    owned: bool

    def stop(self) -> None:
        if self.owned:
            self.cluster.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _row(connection: "psycopg.Connection[tuple[object, ...]]", query: str) -> tuple[object, ...]:
    row = connection.execute(query.encode()).fetchone()
    if row is None:
        message = f"The database gave no answer to: {query}"
        raise LauncherError(message)
    return row


def is_alive(pid: int) -> bool:
    """Whether a process with this id runs, whoever owns it; one dead but not reaped doesn't."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _facts_of(pid)[:1] != ["Z"]


def started_at(pid: int) -> str | None:
    """When a process began, in the kernel's ticks: a re-used id doesn't pass for the old one."""
    facts = _facts_of(pid)
    return facts[19] if len(facts) > 19 else None


def _facts_of(pid: int) -> list[str]:
    """What the kernel tells of a process after its name (state first); empty without /proc."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return line.rpartition(")")[2].split()


def open_cluster(home: Home | None = None) -> Cluster:
    """The cluster of a home with the programs that fit its data; nothing is started or written."""
    chosen = find_home() if home is None else home
    account = account_for(chosen)
    version = chosen.pgdata / "PG_VERSION"
    major = int(version.read_text(encoding="utf-8").strip()) if version.exists() else None
    binaries = within_reach(find_binaries(major=major), chosen, account)
    return Cluster(chosen, binaries, account)
