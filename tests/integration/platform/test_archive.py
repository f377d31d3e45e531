"""The WAL archive: sealed, wherever an operator wants it, and enough to come back from."""

import gzip
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from tests.integration.platform.launching import open_place, run_sql, started

from guiyan.platform import upkeep
from guiyan.platform.health import machine_checks
from guiyan.platform.launcher import archive
from guiyan.platform.launcher.backup import back_up
from guiyan.platform.launcher.embedded import start
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home, find_home, make_home
from guiyan.platform.launcher.restore import restore
from guiyan.platform.launcher.sealing import IDENTITY_FILE
from guiyan.platform.launcher.secrets_store import read_secret

SEGMENT = "00000001000000000000000A"
NEXT = "00000001000000000000000B"
NAME = "曲木金雀"


@pytest.fixture
def place() -> Iterator[Path]:
    with open_place() as directory:
        yield directory


@pytest.fixture
def home(place: Path) -> Home:
    """A home whose database has handed over one segment."""
    home = Home(place / "home")
    make_home(home)
    home.wal_spool.mkdir()
    hand_over(home, SEGMENT)
    return home


def hand_over(home: Home, segment: str, text: str = NAME) -> None:
    (home.wal_spool / segment).write_text(text * 1000, encoding="utf-8")


def identity_of(home: Home) -> str:
    return read_secret(home.secrets / IDENTITY_FILE)


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def opened(home: Home, into: Path, start: str = "") -> dict[str, str]:
    into.mkdir()
    archive.open_all(home.wal_archive, identity_of(home), into, start=start)
    return {path.name: gzip.decompress(path.read_bytes()).decode() for path in into.iterdir()}


def test_what_was_handed_over_is_sealed_and_only_the_identity_opens_it(
    home: Home, place: Path
) -> None:
    assert archive.seal_waiting(home) == [SEGMENT]
    assert names_in(home.wal_spool) == []
    sealed = home.wal_archive / f"{SEGMENT}.gz.age"
    assert sealed.read_bytes().startswith(b"age-encryption.org/v1")
    assert NAME.encode() not in sealed.read_bytes()
    assert opened(home, place / "opened") == {f"{SEGMENT}.gz": NAME * 1000}
    with pytest.raises(LauncherError, match="sealed for another identity"):
        archive.open_all(home.wal_archive, str(pyrage.x25519.Identity.generate()), place, start="")


def test_the_same_segment_again_is_no_fault_and_another_under_its_name_is(home: Home) -> None:
    archive.seal_waiting(home)
    hand_over(home, SEGMENT)
    archive.seal_waiting(home)
    assert names_in(home.wal_spool) == []
    hand_over(home, SEGMENT, "another cluster")
    before = (home.wal_archive / f"{SEGMENT}.gz.age").read_bytes()
    with pytest.raises(LauncherError, match="something else under that name"):
        archive.seal_waiting(home)
    assert names_in(home.wal_spool) == [SEGMENT]
    assert (home.wal_archive / f"{SEGMENT}.gz.age").read_bytes() == before


def test_a_sealing_that_was_cut_off_is_begun_anew(home: Home, place: Path) -> None:
    archive.seal_waiting(home)
    hand_over(home, NEXT)
    (home.wal_archive / f"{NEXT}.gz.age.part").write_bytes(b"half")
    (home.wal_archive / f"{NEXT}.sha256").write_text("of an earlier try", encoding="ascii")
    archive.seal_waiting(home)
    assert set(opened(home, place / "opened")) == {f"{SEGMENT}.gz", f"{NEXT}.gz"}


def test_a_half_handed_over_segment_waits_for_its_other_half(home: Home) -> None:
    (home.wal_spool / f"{NEXT}.part").write_bytes(b"half")
    assert archive.seal_waiting(home) == [SEGMENT]
    assert names_in(home.wal_spool) == [f"{NEXT}.part"]


def test_what_an_older_version_archived_without_a_seal_is_sealed(home: Home, place: Path) -> None:
    home.own_wal_archive.mkdir()
    (home.own_wal_archive / f"{NEXT}.gz").write_bytes(gzip.compress(NAME.encode()))
    archive.seal_waiting(home)
    assert not (home.own_wal_archive / f"{NEXT}.gz").exists()
    assert opened(home, place / "opened")[f"{NEXT}.gz"] == NAME


def test_a_segment_that_lies_there_in_both_forms_is_opened_once(home: Home, place: Path) -> None:
    archive.seal_waiting(home)
    (home.wal_archive / f"{SEGMENT}.gz").write_bytes(gzip.compress((NAME * 1000).encode()))
    assert opened(home, place / "opened") == {f"{SEGMENT}.gz": NAME * 1000}


def test_an_archive_elsewhere_is_used_and_never_made_when_its_mount_is_gone(
    home: Home, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mount = place / "mount" / "wal"
    monkeypatch.setenv("GUIYAN_HOME", str(home.root))
    monkeypatch.setenv("GUIYAN_WAL_ARCHIVE", str(mount))
    assert find_home().wal_archive == mount
    upkeep.seal_wal()
    assert not mount.exists()
    assert names_in(home.wal_spool) == [SEGMENT]
    mount.mkdir(parents=True)
    upkeep.seal_wal()
    assert archive.holds(mount, SEGMENT)
    assert not home.own_wal_archive.exists()


def test_the_doctor_says_how_long_wal_waits_and_when_a_disk_is_shared(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIYAN_HOME", str(home.root))
    assert machine_checks.archive_apart().grade == "ok", "there is no embedded database"
    home.pgdata.mkdir()
    shared = machine_checks.archive_apart()
    assert (shared.grade, "same disk" in shared.seen) == ("warning", True)
    assert "GUIYAN_WAL_ARCHIVE" in shared.mend
    monkeypatch.setenv("GUIYAN_WAL_ARCHIVE", "/dev/shm")
    assert machine_checks.archive_apart().grade == "ok"

    assert machine_checks.wal_is_sealed().grade == "ok"
    long_ago = (home.wal_spool / SEGMENT).stat().st_mtime - 3600
    os.utime(home.wal_spool / SEGMENT, (long_ago, long_ago))
    late = machine_checks.wal_is_sealed()
    assert (late.grade, late.seen) == ("warning", "waits 60 minutes")


def test_old_pieces_go_and_the_history_of_a_timeline_stays(home: Home) -> None:
    hand_over(home, NEXT)
    hand_over(home, "00000002.history")
    archive.seal_waiting(home)
    removed = archive.remove_before(home.wal_archive, archive.position(NEXT))
    assert [path.name for path in removed] == [f"{SEGMENT}.gz.age"]
    assert names_in(home.wal_archive) == [
        f"{NEXT}.gz.age", f"{NEXT}.sha256", "00000002.history.gz.age", "00000002.history.sha256",
    ]  # fmt: skip


@pytest.mark.embedded
def test_a_lost_machine_comes_back_from_its_backup_and_the_archive_on_another_mount(
    place: Path,
) -> None:
    mount = place / "mount"
    mount.mkdir()
    home = replace(Home(place / "home"), chosen_wal_archive=mount)
    with started(home) as embedded:
        owner = embedded.urls.owner
        run_sql(owner, "CREATE TABLE visit (note text)", "INSERT INTO visit VALUES ('saved')")
        saved = back_up(embedded.cluster, counts={"visit": 1}, version="0.1.0")
        run_sql(owner, f"INSERT INTO visit VALUES ('{NAME}')")
        segment = embedded.cluster.archive_now()
        identity = identity_of(home)
    assert archive.holds(mount, segment)
    assert not home.own_wal_archive.exists()
    assert all(NAME.encode() not in path.read_bytes() for path in mount.iterdir())
    kept = Path(shutil.copytree(saved, place / "kept" / saved.name))
    shutil.rmtree(home.root)

    target = replace(Home(place / "target"), chosen_wal_archive=mount)
    restore(kept, into=target, identity=identity, to_time="latest")

    with start(target) as again:
        rows = run_sql(again.urls.owner, "SELECT note FROM visit ORDER BY note")
        assert [note for (note,) in rows] == ["saved", NAME]


@pytest.mark.embedded
def test_what_a_home_handed_over_and_nobody_sealed_is_replayed_too(place: Path) -> None:
    with started(Home(place / "home")) as embedded:
        home, owner = embedded.cluster.home, embedded.urls.owner
        run_sql(owner, "CREATE TABLE visit (note text)")
        saved = back_up(embedded.cluster, counts={}, version="0.1.0")
        run_sql(owner, "INSERT INTO visit VALUES ('late')")
        segment = embedded.cluster.archive_now()
        identity = identity_of(home)
    opened_segments = place / "opened"
    opened_segments.mkdir()
    archive.open_all(home.wal_archive, identity, opened_segments, start=archive.position(segment))
    plain = gzip.decompress((opened_segments / f"{segment}.gz").read_bytes())
    (home.wal_spool / segment).write_bytes(plain)
    (home.wal_archive / f"{segment}.gz.age").unlink()
    target = Home(place / "target")
    restore(saved, into=target, identity=identity, to_time="latest")
    with start(target) as again:
        assert run_sql(again.urls.owner, "SELECT note FROM visit") == [("late",)]
