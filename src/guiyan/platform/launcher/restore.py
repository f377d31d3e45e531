"""A restore fills an empty home from a backup, or brings it on to a moment by the WAL archive."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import psycopg

from guiyan.platform.launcher import archive, configuration
from guiyan.platform.launcher.account import account_for, give, run_program
from guiyan.platform.launcher.backup import BASE, DUMP, FILES, KEYS, PASSWORDS, Manifest
from guiyan.platform.launcher.cluster import Cluster, Progress, unseen
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home, make_home, make_private
from guiyan.platform.launcher.providers import find_binaries, within_reach
from guiyan.platform.launcher.sealing import extract, unsealed
from guiyan.platform.launcher.urls import parts_of, url_of
from guiyan.platform.launcher.verify import read_manifest, verify

Moment = datetime | Literal["backup", "latest"]
REPLAY = "wal-replay"
PATIENCE_S = 3600  # replay of a long archive
LINES_OF_HEAD = 40  # of a script, before the first row of anybody's data
IN_THE_HEAD = {
    b"SET transaction_timeout = 0;\n": b"",
    b"SELECT pg_catalog.set_config('search_path', '', false);\n": b"SET search_path = public;\n",
}
NOT_FOR_THE_OWNER = (" EXTENSION ", " SCHEMA - public ", " ACL - SCHEMA ", " DEFAULT ACL ")


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored home, stopped; `reached` is the last transaction replayed, if any was."""

    home: Home
    manifest: Manifest
    reached: datetime | None


def restore(
    directory: Path,
    *,
    into: Home,
    identity: str,
    to_time: Moment = "backup",
    wal_archive: Path | None = None,
    progress: Progress | None = None,
) -> Restored:
    """Fills an empty home with the state of the backup, of a later moment, or of the latest WAL.

    A moment needs the WAL archive of the database that was saved (by default the one beside the
    backup's own directory). The home is refused unless it is empty, so that nothing is lost; a
    failed restore leaves it empty again. The restored database is left stopped.
    """
    report = progress or unseen
    manifest = _sound_manifest(directory, report)
    if manifest.kind != "physical":
        message = f"{directory} is a dump of a server of your own: restore it into a database."
        raise LauncherError(message)
    saved = Home(directory.resolve().parent.parent)
    kept = wal_archive or into.chosen_wal_archive or saved.own_wal_archive
    if to_time != "backup" and not kept.is_dir():
        message = f"A moment in time needs the WAL archive; {kept} isn't there."
        raise LauncherError(message)
    with _filled_or_empty(into):
        account = account_for(into)
        binaries = find_binaries(major=int(manifest.postgres.split(".")[0]))
        cluster = Cluster(into, within_reach(binaries, into, account), account)
        with cluster.lock():
            _unpack(directory, identity, cluster, report)
            if to_time != "backup":
                start = archive.position(manifest.wal_from)
                # What a home that is still there handed over last may not be in its archive yet.
                for pieces in (kept, saved.wal_spool):
                    _open_pieces(pieces, identity, cluster, start)
                _prepare_replay(cluster, to_time)
        reached = _replay(cluster, report)
    return Restored(into, manifest, reached)


def restore_into_database(
    directory: Path,
    owner_url: str,
    *,
    identity: str,
    into: Home,
    progress: Progress | None = None,
) -> Manifest:
    """Fills a prepared, empty database of one's own server from a dump, and the home with files.

    Roles, rights and extensions are made before by `prepare_external`; the owner may not.
    """
    report = progress or unseen
    manifest = _sound_manifest(directory, report)
    if manifest.kind != "logical":
        message = f"{directory} is a copy of a whole server: restore it into an empty home."
        raise LauncherError(message)
    _refuse_a_filled_database(owner_url)
    make_home(into)
    room = into.run / "restore"
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(mode=0o700)
    try:
        with unsealed(directory / DUMP, identity) as plain, (room / "dump").open("wb") as file:
            shutil.copyfileobj(plain, file)
        report("Database", 0.5)
        _load_dump(room, owner_url)
    finally:
        shutil.rmtree(room, ignore_errors=True)
    for name in (FILES, KEYS):
        report(name, 0.9)
        extract(directory / name, identity, into.root)
    report("Restored", 1.0)
    return manifest


def _sound_manifest(directory: Path, report: Progress) -> Manifest:
    outcome = verify(directory, progress=report)
    if not outcome.is_sound:
        found = "; ".join(f"{problem.file} {problem.reason}" for problem in outcome.problems)
        message = f"The backup is damaged, nothing was restored: {found}."
        raise LauncherError(message)
    return read_manifest(directory)


@contextmanager
def _filled_or_empty(home: Home) -> Iterator[None]:
    if home.root.exists() and any(home.root.iterdir()):
        message = f"{home.root} isn't empty. Restore into an empty directory (GUIYAN_HOME)."
        raise LauncherError(message)
    try:
        yield
    except BaseException:
        # It was empty before, so all that is in it is half of a restore.
        for entry in home.root.iterdir() if home.root.exists() else ():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        raise


def _unpack(directory: Path, identity: str, cluster: Cluster, report: Progress) -> None:
    home = cluster.home
    report("Database", 0.0)
    part = home.root / "pgdata.part"
    make_private(part)
    extract(directory / BASE, identity, part)
    for path in (part, *part.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        give(path, cluster.account)
    for index, name in enumerate((FILES, KEYS, PASSWORDS)):
        report(name, index / 3)
        extract(directory / name, identity, home.root)
    make_home(home)
    cluster.make_directories()
    part.rename(home.pgdata)


def _open_pieces(pieces: Path, identity: str, cluster: Cluster, start: str) -> None:
    if pieces.is_dir():
        opened = cluster.home.root / REPLAY
        make_private(opened)
        archive.open_all(pieces, identity, opened, start=start)


def _prepare_replay(cluster: Cluster, to_time: Moment) -> None:
    """Gives the opened archive to the database's account and names the moment to stop at."""
    opened = cluster.home.root / REPLAY
    for path in (opened, *opened.iterdir()):
        give(path, cluster.account)
    moment = None
    if isinstance(to_time, datetime):
        moment = to_time.astimezone(UTC).isoformat(sep=" ")
    texts = {
        configuration.RECOVERY_FILE: configuration.recovery_settings(opened, to_time=moment),
        "recovery.signal": "",
    }
    for name, text in texts.items():
        path = cluster.home.pgdata / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        give(path, cluster.account)


def _replay(cluster: Cluster, report: Progress) -> datetime | None:
    """Starts once, so that the restore ends with a database that has really recovered."""
    replays = (cluster.home.pgdata / configuration.RECOVERY_FILE).exists()
    try:
        running = cluster.ensure_running(report)
    except LauncherError as error:
        if replays:
            raise _ended_early(str(error)) from error
        raise
    try:
        reached = _reached(cluster)
    finally:
        running.stop()
    (cluster.home.pgdata / configuration.RECOVERY_FILE).unlink(missing_ok=True)
    shutil.rmtree(cluster.home.root / REPLAY, ignore_errors=True)
    report("Restored", 1.0)
    return reached


def _reached(cluster: Cluster) -> datetime | None:
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        try:
            with psycopg.connect(cluster.admin_url, connect_timeout=10) as connection:
                row = connection.execute(
                    "SELECT pg_is_in_recovery(), pg_last_xact_replay_timestamp()"
                ).fetchone()
        except psycopg.OperationalError as error:
            if cluster.running_pid() is None:
                said = cluster.last_words()
                raise _ended_early(said) from error
            row = None
        if row is not None and not row[0]:
            return row[1] if isinstance(row[1], datetime) else None
        time.sleep(0.1)
    message = "The replay of the WAL archive didn't end within an hour."
    raise LauncherError(message)


def _ended_early(said: str) -> LauncherError:
    return LauncherError(
        "The WAL archive doesn't reach the moment asked for, or a piece of it is missing; choose "
        f"an earlier moment or 'latest'. PostgreSQL said: {said}"
    )


def _refuse_a_filled_database(owner_url: str) -> None:
    query = "SELECT count(*) FROM pg_tables WHERE tableowner = current_user"
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(query).fetchone()
    if row is None or row[0]:
        message = "The database isn't empty. Restore into a new one."
        raise LauncherError(message)


def _load_dump(room: Path, owner_url: str) -> None:
    """By way of a script, because pg_restore sets what only servers of its own version know."""
    binaries = find_binaries()
    pg_restore = binaries.program("pg_restore")
    contents = run_program(pg_restore, "--list", room / "dump").stdout.splitlines()
    wanted = [line for line in contents if not any(word in line for word in NOT_FOR_THE_OWNER)]
    (room / "list").write_text("\n".join(wanted) + "\n", encoding="utf-8")
    written = run_program(
        pg_restore, f"--use-list={room / 'list'}", f"--file={room / 'script'}", room / "dump"
    )
    if written.returncode != 0:
        message = f"The dump could not be read: {written.stderr.strip()[-800:]}"
        raise LauncherError(message)
    _understood_everywhere(room / "script", room / "script.sql")
    parts = parts_of(owner_url)
    password = parts.pop("password", "")
    loaded = run_program(
        binaries.program("psql"),
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        f"--file={room / 'script.sql'}",
        f"--dbname={url_of(parts)}",
        environment={"PGPASSWORD": password} if password else {},
    )
    if loaded.returncode != 0:
        message = f"The dump could not be loaded: {loaded.stderr.strip()[-800:]}"
        raise LauncherError(message)


def _understood_everywhere(script: Path, target: Path) -> None:
    """Change what servers of other versions do not understand, in the script's head only.

    Servers before 17 do not know every setting; before 16 earthdistance's functions name their
    types without a schema, so that an index on them needs a search path to be built.
    """
    with script.open("rb") as lines, target.open("wb") as kept:
        for number, line in enumerate(lines):
            kept.write(IN_THE_HEAD.get(line, line) if number < LINES_OF_HEAD else line)
    script.unlink()
