"""A backup is one directory: the database, files, keys and passwords, sealed, with a manifest.

The database is copied by PostgreSQL's own pg_basebackup, which with the WAL archive gives any
later moment back; a server that lets us not replicate is dumped by pg_dump instead. Keys are a
file of their own, so that they can be kept in escrow. Names in the database stay readable (search
needs them), hence everything is encrypted; see `sealing` for the identity that opens it.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from guiyan.platform.launcher.account import stream_program
from guiyan.platform.launcher.cluster import Cluster, Progress, unseen
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home, make_home
from guiyan.platform.launcher.providers import Binaries, find_binaries
from guiyan.platform.launcher.roles import BACKUP
from guiyan.platform.launcher.sealing import (
    Sealed,
    recipient_of,
    seal,
    seal_directories,
    sha256_of,
)
from guiyan.platform.launcher.urls import parts_of, url_of

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_SUM = "manifest.json.sha256"
BASE = "base.tar.gz.age"
DUMP = "database.dump.gz.age"
FILES = "files.tar.gz.age"
KEYS = "keys.tar.gz.age"
PASSWORDS = "passwords.tar.gz.age"
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `counts` are rows by table, as the maker counted them.

    `wal_from` names the first WAL segment that a replay from here may need; empty for a dump.
    """

    made_at: datetime
    version: str
    postgres: str
    kind: str  # "physical" (pg_basebackup) or "logical" (pg_dump)
    counts: dict[str, int]
    wal_from: str
    recipient: str
    artefacts: tuple[Sealed, ...]

    def as_json(self) -> str:
        facts = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        facts: dict[str, Any] = json.loads(text)
        if facts.pop("format") != FORMAT:
            message = f"{MANIFEST} is of a newer Guiyan; use that one."
            raise LauncherError(message)
        artefacts = tuple(Sealed(**entry) for entry in facts.pop("artefacts"))
        made_at = datetime.fromisoformat(facts.pop("made_at"))
        return cls(made_at=made_at, artefacts=artefacts, **facts)


def back_up(
    cluster: Cluster,
    *,
    counts: Mapping[str, int],
    version: str,
    at: datetime | None = None,
    progress: Progress | None = None,
) -> Path:
    """Copies the running embedded database with files, keys and passwords; returns the directory.

    The directory appears under its final name only when all of it is on the disk.
    """

    def copy(part: Path, recipient: str, report: Progress) -> Sealed:
        url = cluster.url(BACKUP, "postgres")
        expected = _bytes_of_databases(cluster.admin_url)
        arguments = ("--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast")
        program = _Program(
            cluster.binaries, "pg_basebackup", (*arguments, "--no-password"), url, expected
        )
        return program.seal_output(part / BASE, recipient, report)

    wal_from = _wal_segment_in_use(cluster.admin_url)
    facts = _Facts("physical", cluster.binaries.version, version, dict(counts), wal_from)
    return _assemble(cluster.home, facts, copy, at=at, report=progress or unseen)


def back_up_database(
    home: Home,
    owner_url: str,
    *,
    counts: Mapping[str, int],
    version: str,
    at: datetime | None = None,
    progress: Progress | None = None,
) -> Path:
    """Dumps one's own server through the owner's address, with files, keys and passwords.

    It gives back the moment of the dump only; a moment between dumps is that server's business.
    """
    binaries = find_binaries()

    def copy(part: Path, recipient: str, report: Progress) -> Sealed:
        expected = _bytes_of_databases(owner_url)
        arguments = ("--format=custom", "--compress=0", "--no-password")
        program = _Program(binaries, "pg_dump", arguments, owner_url, expected)
        return program.seal_output(part / DUMP, recipient, report)

    facts = _Facts("logical", _server_version(owner_url), version, dict(counts))
    return _assemble(home, facts, copy, at=at, report=progress or unseen)


@dataclass(frozen=True, slots=True)
class _Facts:
    kind: str
    postgres: str
    version: str
    counts: dict[str, int]
    wal_from: str = ""


def _assemble(
    home: Home,
    facts: _Facts,
    copy_database: Callable[[Path, str, Progress], Sealed],
    *,
    at: datetime | None,
    report: Progress,
) -> Path:
    make_home(home)
    made_at = datetime.now(UTC) if at is None else at
    recipient = recipient_of(home)
    with _appearing_whole(home.backups / made_at.strftime(STAMP)) as part:
        # The database first: files that its rows name are older than the copy of the rows.
        artefacts = [copy_database(part, recipient, report)]
        contents = {
            FILES: (("files", home.files), ("checkpoints", home.checkpoints)),
            KEYS: (("keys", home.keys),),
            PASSWORDS: (("secrets", home.secrets),),
        }
        for share, (name, directories) in enumerate(contents.items()):
            report(name, share / len(contents))
            artefacts.append(seal_directories(directories, part / name, recipient))
        manifest = Manifest(
            made_at=made_at,
            version=facts.version,
            postgres=facts.postgres,
            kind=facts.kind,
            counts=facts.counts,
            wal_from=facts.wal_from,
            recipient=recipient,
            artefacts=tuple(artefacts),
        )
        _write_down(part, manifest)
    report("Backup", 1.0)
    return home.backups / made_at.strftime(STAMP)


@contextmanager
def _appearing_whole(directory: Path) -> Iterator[Path]:
    if directory.exists():
        message = f"{directory} exists already; wait a second and make the backup again."
        raise LauncherError(message)
    part = directory.with_name(f".{directory.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    try:
        yield part
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    part.rename(directory)
    for place in (directory, directory.parent):
        descriptor = os.open(place, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def _write_down(part: Path, manifest: Manifest) -> None:
    (part / MANIFEST).write_text(manifest.as_json(), encoding="utf-8")
    line = f"{sha256_of(part / MANIFEST)}  {MANIFEST}\n"  # as sha256sum -c reads it
    (part / MANIFEST_SUM).write_text(line, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Program:
    """One of PostgreSQL's own copying programs with the server it copies."""

    binaries: Binaries
    name: str
    arguments: tuple[str, ...]
    url: str
    expected_bytes: int

    def seal_output(self, target: Path, recipient: str, report: Progress) -> Sealed:
        parts = parts_of(self.url)
        password = parts.pop("password", "")  # an argument would stand in the process list
        complaints = target.parent / "complaints"
        done = 0

        def seen(count: int) -> None:
            nonlocal done
            done += count
            report("Database", min(0.99, done / max(self.expected_bytes, 1)))

        running = stream_program(
            self.binaries.program(self.name),
            f"--dbname={url_of(parts)}",
            *self.arguments,
            environment={"PGPASSWORD": password} if password else {},
            complaints=complaints,
        )
        sealed = self._sealed_to_the_end(running, target, recipient, seen)
        if running.returncode != 0:
            said = complaints.read_text(errors="replace").strip()[-800:]
            message = f"{self.name} failed, no backup was made: {said}"
            raise LauncherError(message)
        complaints.unlink()
        report("Database", 1.0)
        return sealed

    @staticmethod
    def _sealed_to_the_end(
        running: subprocess.Popen[bytes],
        target: Path,
        recipient: str,
        seen: Callable[[int], None],
    ) -> Sealed:
        if running.stdout is None:
            message = "The copying program was started without a pipe."
            raise LauncherError(message)
        try:
            with running.stdout as output:
                return seal(output, target, recipient, seen=seen)
        except BaseException:
            running.terminate()
            raise
        finally:
            running.wait()


def _bytes_of_databases(url: str) -> int:
    query = (
        "SELECT sum(pg_database_size(oid))::bigint FROM pg_database "
        "WHERE has_database_privilege(oid, 'CONNECT')"
    )
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _wal_segment_in_use(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    return str(row[0]) if row else ""


def _server_version(url: str) -> str:
    with psycopg.connect(url) as connection:
        number = connection.info.server_version
    return f"{number // 10000}.{number % 10000}"
