"""The embedded PostgreSQL: made, started, joined, killed and found again, on real processes."""

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from tests.integration.platform.launching import open_place, run_sql, started

from guiyan.platform.launcher import embedded as embedded_module
from guiyan.platform.launcher.account import give
from guiyan.platform.launcher.archive import holds
from guiyan.platform.launcher.cluster import is_alive, open_cluster
from guiyan.platform.launcher.embedded import Embedded, database_url, start
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home
from guiyan.platform.launcher.roles import prepare
from guiyan.platform.launcher.urls import parts_of, url_of

# These start servers of their own, with the programs that they look for themselves.
pytestmark = pytest.mark.embedded


@pytest.fixture
def place() -> Iterator[Path]:
    with open_place() as directory:
        yield directory


@pytest.fixture
def home(place: Path) -> Home:
    return Home(place / "home")


@pytest.fixture(scope="module")
def shared() -> Iterator[Embedded]:
    """One running database for what leaves it as it was."""
    with open_place() as directory, started(Home(directory / "home")) as embedded:
        run_sql(
            embedded.urls.owner,
            "CREATE TABLE branch (id bigint GENERATED ALWAYS AS IDENTITY, name text)",
            "ALTER TABLE branch ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY nobody ON branch FOR SELECT USING (false)",
            "CREATE POLICY newcomers ON branch FOR INSERT WITH CHECK (true)",
        )
        yield embedded


def postmaster(embedded: Embedded) -> int:
    pid = embedded.cluster.running_pid()
    assert pid is not None
    return pid


def test_the_first_start_makes_everything_and_reports_its_steps(home: Home) -> None:
    steps: list[str] = []
    embedded = start(home, progress=lambda step, share: steps.append(step))
    with embedded:
        assert embedded.owned
        assert run_sql(embedded.urls.web, "SELECT current_user") == [("guiyan_web",)]
        assert list(dict.fromkeys(steps)) == [
            "Making the database",
            "Starting the database",
            "Preparing the roles",
        ]
    assert embedded.cluster.running_pid() is None, "who started it stops it"


def test_a_second_start_joins_the_running_one_and_leaves_it_running(shared: Embedded) -> None:
    with start(shared.cluster.home) as second:
        assert not second.owned
        assert postmaster(second) == postmaster(shared)
    assert run_sql(shared.urls.web, "SELECT 1") == [(1,)]


def test_two_processes_that_start_at_once_share_one_database(home: Home) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from guiyan.platform.launcher.embedded import start\n"
        "from guiyan.platform.launcher.home import Home\n"
        "embedded = start(Home(Path(sys.argv[1])))\n"
        "print(embedded.owned, embedded.cluster.running_pid(), flush=True)\n"
        "sys.stdin.readline()\n"
        "embedded.stop()\n"
    )
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(home.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        answers = [starter.stdout.readline().split() for starter in starters if starter.stdout]
    finally:
        for starter in starters:
            starter.communicate("stop\n")
    assert sorted(answer[0] for answer in answers) == ["False", "True"]
    assert answers[0][1] == answers[1][1]
    assert open_cluster(home).running_pid() is None


def test_a_database_whose_starter_died_belongs_to_the_next_who_comes(home: Home) -> None:
    program = (
        "import os, sys; from pathlib import Path\n"
        "from guiyan.platform.launcher.embedded import start\n"
        "from guiyan.platform.launcher.home import Home\n"
        "start(Home(Path(sys.argv[1])))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    died = subprocess.run([sys.executable, "-c", program, str(home.root)], check=False)
    assert died.returncode == -signal.SIGKILL
    with start(home) as heir:
        assert heir.owned
        with start(home) as guest:
            assert not guest.owned
    assert heir.cluster.running_pid() is None


def test_after_a_killed_postmaster_the_next_start_recovers_what_was_committed(home: Home) -> None:
    with started(home) as embedded:
        run_sql(embedded.urls.owner, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
        killed = postmaster(embedded)
        with psycopg.connect(embedded.urls.web):  # an orphan is left behind
            os.kill(killed, signal.SIGKILL)
            again = start(home)
        assert again.owned
        assert postmaster(again) != killed
        assert run_sql(again.urls.web, "SELECT n FROM kept") == [(7,)]


def test_a_noted_process_id_that_now_belongs_to_a_stranger_blocks_nothing(home: Home) -> None:
    start(home).stop()
    cluster = open_cluster(home)
    account = cluster.account
    stranger = subprocess.Popen(
        ["sleep", "600"],
        cwd="/",
        user=None if account is None else account.uid,
        stdin=subprocess.DEVNULL,
    )
    try:
        note = home.pgdata / "postmaster.pid"
        note.write_text(f"{stranger.pid}\n{home.pgdata}\n0\n5432\n{home.sockets}\n\n0 0\nready\n")
        give(note, account)
        assert cluster.running_pid() is None
        with start(home) as embedded:
            assert run_sql(embedded.urls.web, "SELECT 1") == [(1,)]
        assert is_alive(stranger.pid)
    finally:
        stranger.kill()
        stranger.wait()


def test_half_a_cluster_left_by_a_crash_is_made_anew(home: Home) -> None:
    cluster = open_cluster(home)
    with cluster.lock():
        part = home.root / "pgdata.part"
        part.mkdir()
        (part / "PG_VERSION").write_text("18\n")
    with start(home) as embedded:
        assert run_sql(embedded.urls.web, "SELECT 1") == [(1,)]
    assert not part.exists()


def test_a_home_with_a_long_path_gets_a_short_socket(place: Path) -> None:
    home = Home(place / ("长" * 30) / "home")
    sockets = home.sockets
    assert not sockets.is_relative_to(home.root)
    try:
        home.root.parent.mkdir(mode=0o755)
        with start(home) as embedded:
            assert sockets.stat().st_mode & 0o777 == 0o700
            assert run_sql(embedded.urls.web, "SELECT 1") == [(1,)]
            assert Home(home.root).sockets == sockets
    finally:
        with suppress(OSError):
            sockets.rmdir()


def test_a_home_with_a_quote_spaces_and_percent_signs_archives_its_wal(place: Path) -> None:
    home = Home(place / "it's 100 % Meigu")
    with start(home) as embedded:
        segment = embedded.cluster.archive_now()
        assert holds(home.wal_archive, segment)
        assert embedded.cluster.archive_now() >= segment


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has an account to give the data to")
def test_under_root_the_database_runs_as_an_unprivileged_account(shared: Embedded) -> None:
    uid = os.stat(f"/proc/{postmaster(shared)}").st_uid
    assert pwd.getpwuid(uid).pw_name in ("postgres", "nobody")
    assert os.stat(shared.cluster.home.pgdata).st_uid == uid


@pytest.mark.skipif(os.geteuid() != 0, reason="a normal user enters his own directories")
def test_a_home_that_the_account_cannot_enter_is_refused_with_the_remedy(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(LauncherError, match=r"may not enter .* Set GUIYAN_HOME"):
        start(Home(closed / "home"))
    assert closed.stat().st_mode & 0o777 == 0o700


def test_what_the_database_writes_is_closed_to_others(shared: Embedded) -> None:
    home = shared.cluster.home
    for directory in (home.pgdata, home.sockets, home.wal_spool, home.database_logs):
        assert directory.stat().st_mode & 0o077 == 0, directory
    for secret in home.secrets.iterdir():
        assert secret.stat().st_mode & 0o777 == 0o600, secret
    assert not (home.database_logs / "first-password").exists()


def test_a_wrong_password_is_refused_for_every_role(shared: Embedded) -> None:
    for role in ("guiyan_super", "guiyan_owner", "guiyan_web", "guiyan_backup"):
        parts = parts_of(shared.urls.web) | {"user": role, "dbname": "postgres"}
        for password in ("wrong", ""):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(url_of(parts | {"password": password})).close()


def test_nothing_listens_on_the_network_and_passwords_are_scram(shared: Embedded) -> None:
    assert run_sql(shared.cluster.admin_url, "SHOW listen_addresses") == [("",)]
    methods = run_sql(shared.cluster.admin_url, "SELECT auth_method FROM pg_hba_file_rules")
    assert {method for (method,) in methods} == {"scram-sha-256"}
    stored = run_sql(
        shared.cluster.admin_url,
        "SELECT rolname FROM pg_authid "
        "WHERE rolcanlogin AND rolpassword NOT LIKE 'SCRAM-SHA-256$%'",
    )
    assert stored == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("wal_level", "replica"),
        ("archive_mode", "on"),
        ("TimeZone", "UTC"),
        ("server_encoding", "UTF8"),
        ("max_connections", "60"),
        ("log_error_verbosity", "terse"),
        ("log_min_error_statement", "panic"),
    ],
)
def test_the_settings_are_durable_and_quiet(shared: Embedded, setting: str, value: str) -> None:
    assert run_sql(shared.cluster.admin_url, f"SHOW {setting}") == [(value,)]


def test_a_failed_statement_leaves_no_name_in_the_log(shared: Embedded) -> None:
    home = shared.cluster.home
    run_sql(shared.urls.owner, "CREATE TABLE person (name text UNIQUE)")
    for _ in range(2):
        with suppress(psycopg.errors.UniqueViolation):
            run_sql(shared.urls.owner, "INSERT INTO person VALUES ('吉克阿依')")
    logged = "".join(path.read_text() for path in home.database_logs.glob("*.log"))
    assert "person_name_key" in logged
    assert "吉克阿依" not in logged


def test_han_text_has_trigrams_and_sorts_by_bytes(shared: Embedded) -> None:
    ((trigrams,),) = run_sql(shared.urls.web, "SELECT cardinality(show_trgm('吉克阿依'))")
    assert trigrams == 5
    ((sorts,),) = run_sql(shared.urls.web, "SELECT 'a' > 'B'")
    assert sorts is True


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (n int)",
        "CREATE TEMP TABLE mine (n int)",
        "CREATE SCHEMA mine",
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
        "CREATE EXTENSION hstore",
        "ALTER TABLE branch DISABLE ROW LEVEL SECURITY",
        "DROP POLICY nobody ON branch",
        "TRUNCATE branch",
        "SET ROLE guiyan_owner",
        "ALTER ROLE guiyan_web BYPASSRLS",
        "COPY branch TO PROGRAM 'true'",
    ],
)
def test_the_web_role_can_make_own_and_change_nothing(shared: Embedded, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run_sql(shared.urls.web, statement)


def test_row_security_binds_the_web_role_and_not_the_owner(shared: Embedded) -> None:
    run_sql(shared.urls.web, "INSERT INTO branch (name) VALUES ('东风支部')")
    assert run_sql(shared.urls.web, "SELECT name FROM branch") == []
    assert run_sql(shared.urls.owner, "SELECT name FROM branch") != []


def test_no_role_of_guiyan_has_a_right_beyond_its_task(shared: Embedded) -> None:
    rows = run_sql(
        shared.cluster.admin_url,
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication "
        "FROM pg_roles WHERE rolname IN ('guiyan_owner', 'guiyan_web', 'guiyan_backup') ORDER BY 1",
    )
    nothing = (False, False, False, False)
    assert rows == [
        ("guiyan_backup", *nothing, True),
        ("guiyan_owner", *nothing, False),
        ("guiyan_web", *nothing, False),
    ]


def test_the_owner_makes_no_extension_but_all_that_are_needed_are_there(shared: Embedded) -> None:
    rows = run_sql(shared.urls.owner, "SELECT extname FROM pg_extension")
    needed = {"pg_trgm", "btree_gist", "cube", "earthdistance", "pg_stat_statements"}
    assert needed <= {name for (name,) in rows}
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run_sql(shared.urls.owner, "CREATE EXTENSION postgres_fdw")


def test_preparing_again_changes_nothing_and_gives_no_right_back(shared: Embedded) -> None:
    run_sql(
        shared.urls.owner,
        "CREATE TABLE log (n int)",
        "REVOKE UPDATE, DELETE ON log FROM guiyan_web",
    )
    catalogue = (
        "SELECT array_agg(rolpassword ORDER BY rolname) FROM pg_authid",
        "SELECT array_agg(relacl::text ORDER BY relname) FROM pg_class WHERE relname = 'log'",
        "SELECT array_agg(datacl::text ORDER BY datname) FROM pg_database",
    )
    inside = shared.urls.admin
    before = [run_sql(inside, query) for query in catalogue]
    assert prepare(shared.cluster.admin_url, shared.cluster.home.secrets) == shared.urls
    assert [run_sql(inside, query) for query in catalogue] == before


def test_the_addresses_can_be_read_without_starting_anything(shared: Embedded, place: Path) -> None:
    home = shared.cluster.home
    assert database_url("web", home) == shared.urls.web
    assert database_url("owner", home) == shared.urls.owner
    assert run_sql(database_url("super", home), "SELECT current_user") == [("guiyan_super",)]
    with pytest.raises(LauncherError, match=r"guiyan_web\.txt can't be read"):
        database_url("web", Home(place / "never-started"))
    assert set(embedded_module.ROLES) == {"web", "owner", "super"}
