"""Backups on a real database: made, damaged, opened, restored, brought to a moment."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from tests.integration.platform.launching import open_place, run_sql, started

from guiyan.platform.launcher.archive import holds
from guiyan.platform.launcher.backup import (
    MANIFEST,
    MANIFEST_SUM,
    back_up,
    back_up_database,
)
from guiyan.platform.launcher.cluster import open_cluster
from guiyan.platform.launcher.embedded import Embedded, start
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home
from guiyan.platform.launcher.keeping import backups_of, prune
from guiyan.platform.launcher.restore import restore, restore_into_database
from guiyan.platform.launcher.roles import prepare_external
from guiyan.platform.launcher.sealing import IDENTITY_FILE, extract
from guiyan.platform.launcher.secrets_store import read_secret
from guiyan.platform.launcher.verify import read_manifest, verify

# These start servers of their own, with the programs that they look for themselves.
pytestmark = pytest.mark.embedded

COUNT = "SELECT count(*) FROM visit"
PHOTO = bytes(range(256)) * 5000


@pytest.fixture(scope="module")
def source() -> Iterator[Embedded]:
    """A small database with a file and a key, as the desk of one township would leave it."""
    with open_place() as directory, started(Home(directory / "home")) as embedded:
        home = embedded.cluster.home
        (home.files / "letters").mkdir()
        (home.files / "letters" / "letter.pdf").write_bytes(PHOTO)
        (home.keys / "key-1").write_text("not a real key")
        run_sql(
            embedded.urls.owner,
            "CREATE TABLE visit (id bigint GENERATED ALWAYS AS IDENTITY, note text)",
            "INSERT INTO visit (note) SELECT '敲门' || n FROM generate_series(1, 20000) n",
        )
        yield embedded


@pytest.fixture(scope="module")
def saved(source: Embedded) -> Path:
    counts = {"visit": rows_of(source.urls.owner)}
    return back_up(source.cluster, counts=counts, version="0.1.0")


@pytest.fixture
def place() -> Iterator[Path]:
    with open_place() as directory:
        yield directory


@pytest.fixture
def copy(saved: Path, place: Path) -> Path:
    """The same backup to spoil."""
    return Path(shutil.copytree(saved, place / saved.name))


def rows_of(url: str) -> int:
    ((count,),) = run_sql(url, COUNT)
    assert isinstance(count, int)
    return count


def identity_of(embedded: Embedded) -> str:
    return read_secret(embedded.cluster.home.secrets / IDENTITY_FILE)


def flip_a_byte(path: Path, at: float) -> None:
    content = bytearray(path.read_bytes())
    content[int((len(content) - 1) * at)] ^= 1
    path.write_bytes(content)


def test_a_backup_says_what_it_holds_and_is_sound_to_the_last_page(
    source: Embedded, saved: Path
) -> None:
    manifest = read_manifest(saved)
    assert manifest.counts == {"visit": 20000}
    assert manifest.version == "0.1.0"
    assert manifest.kind == "physical"
    assert {entry.name for entry in saved.iterdir()} == {
        MANIFEST,
        MANIFEST_SUM,
        *(artefact.name for artefact in manifest.artefacts),
    }
    assert backups_of(source.cluster.home)[0] == saved
    outcome = verify(saved, identity=identity_of(source))
    assert outcome.is_sound, outcome.problems
    assert outcome.is_deep
    assert not list(saved.glob(".verify-*")), "the deep check leaves nothing behind"


def test_nothing_in_a_backup_can_be_read_without_the_identity(
    source: Embedded, saved: Path
) -> None:
    texts = [b"not a real key", PHOTO[:512], "敲门1".encode(), identity_of(source).encode()]
    for path in saved.iterdir():
        content = path.read_bytes()
        assert not any(text in content for text in texts), path.name
        assert path.name.startswith(MANIFEST) or content.startswith(b"age-encryption.org/v1")
    stranger = str(pyrage.x25519.Identity.generate())
    outcome = verify(saved, identity=stranger)
    assert {problem.file for problem in outcome.problems} == {
        artefact.name for artefact in read_manifest(saved).artefacts
    }


def test_the_identity_is_in_no_backup_and_closed_to_others(
    source: Embedded, saved: Path, place: Path
) -> None:
    path = source.cluster.home.secrets / IDENTITY_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    extract(saved / "passwords.tar.gz.age", identity_of(source), place)
    assert (place / "secrets" / "guiyan_web.txt").is_file()
    assert not (place / "secrets" / IDENTITY_FILE).exists()


def test_one_flipped_byte_in_any_file_is_found_and_the_file_named(copy: Path) -> None:
    for path in sorted(copy.iterdir()):
        whole = path.read_bytes()
        for at in (0.0, 0.5, 1.0):
            flip_a_byte(path, at)
            outcome = verify(copy)
            named = {problem.file for problem in outcome.problems}
            # Which of the manifest and its sum was changed can't be known; both are named.
            said = " ".join(f"{problem.file} {problem.reason}" for problem in outcome.problems)
            assert not outcome.is_sound
            assert path.name in named or (path.name == MANIFEST_SUM and MANIFEST_SUM in said)
            path.write_bytes(whole)
    assert verify(copy).is_sound


def test_a_missing_and_a_shortened_file_are_named(copy: Path) -> None:
    base, files = copy / "base.tar.gz.age", copy / "files.tar.gz.age"
    base.write_bytes(base.read_bytes()[:-1])
    files.unlink()
    reasons = {problem.file: problem.reason for problem in verify(copy).problems}
    assert reasons["files.tar.gz.age"] == "is missing"
    assert "instead of" in reasons["base.tar.gz.age"]


def test_a_damaged_backup_is_not_restored_and_the_home_stays_empty(
    source: Embedded, copy: Path, place: Path
) -> None:
    flip_a_byte(copy / "keys.tar.gz.age", 0.5)
    target = Home(place / "target")
    with pytest.raises(LauncherError, match=r"damaged.*keys\.tar\.gz\.age"):
        restore(copy, into=target, identity=identity_of(source))
    assert not target.root.exists()


def test_a_restore_with_the_wrong_identity_leaves_the_home_empty(saved: Path, place: Path) -> None:
    target = Home(place / "target")
    stranger = str(pyrage.x25519.Identity.generate())
    with pytest.raises(LauncherError, match=r"base\.tar\.gz\.age can't be opened"):
        restore(saved, into=target, identity=stranger)
    assert list(target.root.iterdir()) == []


def test_a_home_that_holds_anything_is_not_restored_into(
    source: Embedded, saved: Path, place: Path
) -> None:
    (place / "target").mkdir()
    (place / "target" / "note").write_text("mine")
    with pytest.raises(LauncherError, match="isn't empty"):
        restore(saved, into=Home(place / "target"), identity=identity_of(source))
    assert (place / "target" / "note").read_text() == "mine"


def test_a_restored_home_has_the_rows_files_keys_and_passwords_of_the_backup(
    source: Embedded, saved: Path, place: Path
) -> None:
    steps: list[str] = []
    restored = restore(
        saved,
        into=Home(place / "target"),
        identity=identity_of(source),
        progress=lambda step, share: steps.append(step),
    )
    home = restored.home
    assert (home.files / "letters" / "letter.pdf").read_bytes() == PHOTO
    assert (home.keys / "key-1").read_text() == "not a real key"
    assert "Database" in steps
    assert open_cluster(home).running_pid() is None, "it is left stopped"
    with start(home) as again:
        assert again.urls.web != source.urls.web, "another socket, the same passwords"
        assert rows_of(again.urls.web) == restored.manifest.counts["visit"]
        segment = again.cluster.archive_now()
        assert holds(home.wal_archive, segment)


def test_a_restore_reaches_the_moment_between_two_entries(place: Path) -> None:
    with started(Home(place / "home")) as embedded:
        owner = embedded.urls.owner
        run_sql(owner, "CREATE TABLE visit (note text)", "INSERT INTO visit VALUES ('saved')")
        saved = back_up(embedded.cluster, counts={"visit": 1}, version="0.1.0")
        run_sql(owner, "INSERT INTO visit VALUES ('kept')")
        ((between,),) = run_sql(owner, "SELECT clock_timestamp()")
        run_sql(owner, "INSERT INTO visit VALUES ('mistake')")
        embedded.cluster.archive_now()
        identity = identity_of(embedded)
    assert isinstance(between, datetime)
    expected = {
        "backup": ["saved"],
        between: ["kept", "saved"],
        "latest": ["kept", "mistake", "saved"],
    }
    for index, (moment, notes) in enumerate(expected.items()):
        target = Home(place / f"target-{index}")
        restore(saved, into=target, identity=identity, to_time=moment)  # type: ignore[arg-type]
        with start(target) as again:
            rows = run_sql(again.urls.owner, "SELECT note FROM visit ORDER BY note")
            assert [note for (note,) in rows] == notes
            run_sql(again.urls.web, "INSERT INTO visit VALUES ('goes on')")


def test_a_moment_that_the_archive_does_not_reach_is_refused_and_the_home_stays_empty(
    source: Embedded, saved: Path, place: Path
) -> None:
    target = Home(place / "target")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    source.cluster.archive_now()
    with pytest.raises(LauncherError, match="doesn't reach the moment"):
        restore(saved, into=target, identity=identity_of(source), to_time=tomorrow)
    assert list(target.root.iterdir()) == []


def test_a_moment_without_an_archive_is_refused(source: Embedded, copy: Path, place: Path) -> None:
    with pytest.raises(LauncherError, match="needs the WAL archive"):
        restore(copy, into=Home(place / "target"), identity=identity_of(source), to_time="latest")


def test_a_backup_that_fails_leaves_no_directory(source: Embedded, place: Path) -> None:
    home = Home(place / "home")
    wrong = source.urls.owner.replace("guiyan_owner", "guiyan_web", 1)
    with pytest.raises(Exception, match="password"):
        back_up_database(home, wrong, counts={}, version="0.1.0")
    run_sql(source.urls.admin, "CREATE SCHEMA closed", "CREATE TABLE closed.t (n int)")
    try:
        with pytest.raises(LauncherError, match=r"pg_dump failed.*permission denied"):
            back_up_database(home, source.urls.owner, counts={}, version="0.1.0")
    finally:
        run_sql(source.urls.admin, "DROP SCHEMA closed CASCADE")
    assert list(home.backups.iterdir()) == []


def test_a_database_of_ones_own_is_dumped_and_restored_by_its_owner(
    source: Embedded, place: Path
) -> None:
    home = Home(place / "home")
    home.root.mkdir()
    home.keys.mkdir()
    (home.keys / "key-1").write_text("not a real key")
    counts = {"visit": rows_of(source.urls.owner)}
    saved = back_up_database(home, source.urls.owner, counts=counts, version="0.1.0")
    identity = read_secret(home.secrets / IDENTITY_FILE)
    assert verify(saved, identity=identity).is_sound

    admin = source.cluster.admin_url
    fresh = prepare_external(admin, source.cluster.home.secrets, database="second")
    target = Home(place / "target")
    manifest = restore_into_database(saved, fresh.owner, identity=identity, into=target)

    assert rows_of(fresh.web) == manifest.counts["visit"]
    assert (target.keys / "key-1").read_text() == "not a real key"
    with pytest.raises(LauncherError, match="isn't empty"):
        restore_into_database(saved, fresh.owner, identity=identity, into=target)
    with pytest.raises(LauncherError, match="restore it into a database"):
        restore(saved, into=Home(place / "other"), identity=identity)


def test_two_backups_in_one_second_do_not_overwrite_each_other(source: Embedded) -> None:
    at = datetime(2030, 1, 1, tzinfo=UTC)
    first = back_up(source.cluster, counts={}, version="0.1.0", at=at)
    with pytest.raises(LauncherError, match="exists already"):
        back_up(source.cluster, counts={}, version="0.1.0", at=at)
    assert verify(first).is_sound


def test_pruning_keeps_the_newest_backups_and_the_wal_they_need(place: Path) -> None:
    with started(Home(place / "home")) as embedded:
        owner, home = embedded.urls.owner, embedded.cluster.home
        run_sql(owner, "CREATE TABLE visit (note text)")
        embedded.cluster.archive_now()
        for day in (1, 2, 3):
            at = datetime(2030, 1, day, tzinfo=UTC)
            back_up(embedded.cluster, counts={}, version="0.1.0", at=at)
            run_sql(owner, f"INSERT INTO visit VALUES ('day {day}')")
            embedded.cluster.archive_now()
        archived = len(list(home.wal_archive.iterdir()))

        prune(home, keep=2)

        kept = backups_of(home)
        assert [backup.name[:8] for backup in kept] == ["20300102", "20300103"]
        assert len(list(home.wal_archive.iterdir())) < archived
        first_needed = read_manifest(kept[0]).wal_from
        assert holds(home.wal_archive, first_needed)
        assert prune(home, keep=2) == [], "a second time removes nothing"
        with pytest.raises(LauncherError, match="At least one"):
            prune(home, keep=0)
        identity = identity_of(embedded)
    target = Home(place / "target")
    restore(kept[0], into=target, identity=identity, to_time="latest")
    with start(target) as again:
        rows = run_sql(again.urls.owner, "SELECT note FROM visit ORDER BY note")
        assert [note for (note,) in rows] == ["day 1", "day 2", "day 3"]


def test_what_is_shown_of_a_database_hides_its_passwords(source: Embedded) -> None:
    for url in (source.urls.web, source.urls.owner, source.urls.admin):
        assert url not in repr(source)
