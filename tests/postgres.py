"""A throw-away PostgreSQL for the tests: unsafe and fast, gone with the run."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from guiyan.platform.launcher.account import account_for, run_program
from guiyan.platform.launcher.home import Home
from guiyan.platform.launcher.providers import find_binaries, within_reach
from guiyan.platform.launcher.urls import parts_of, url_of

ROOT = Path(__file__).resolve().parents[1]
OWNER, WEB = "guiyan_owner", "guiyan_web"
PASSWORD = "for-tests-only"
EXTENSIONS = ("pg_trgm", "btree_gist", "cube", "earthdistance")

# Losing a test's data is no loss, so nothing waits for the disk. Queries are not compiled, as in
# `platform.launcher.configuration`.
FAST = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    " -c wal_level=minimal -c max_wal_senders=0 -c jit=off -c max_connections=80"
)


@contextmanager
def temporary_server() -> Iterator[str]:
    """Start a server on a socket of its own and yield the administrator's URL.

    Under root it runs as the launcher's choice of account, with programs that this account can
    reach: the checkout may lie where only root may enter.
    """
    root = Path(tempfile.mkdtemp(prefix="gy-pg-"))
    root.chmod(0o755)
    home = Home(root)
    account = account_for(home)
    binaries = within_reach(find_binaries(os.environ), home, account)
    data = root / "data"
    data.mkdir(mode=0o700)
    if account is not None:
        os.chown(data, account.uid, account.gid)

    def run(program: str, *arguments: str) -> None:
        answer = run_program(binaries.program(program), *arguments, account=account)
        if answer.returncode:
            raise RuntimeError(f"{program} failed: {answer.stderr}")

    run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
        "--locale=C.UTF-8")  # fmt: skip
    options = f"-c listen_addresses= -k {data} {FAST}"
    log = str(data / "server.log")
    run("pg_ctl", "-D", str(data), "-w", "-l", log, "-o", options, "start")
    try:
        yield f"postgresql://postgres@/postgres?host={data}"
    finally:
        run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(root, ignore_errors=True)


# What every database of this process is a copy of, by its server: migrating takes seconds, a
# copy a blink. It is made by the first who asks and taken away with `drop_pattern`.
_patterns: dict[str, str] = {}


def make_database(admin_url: str, name: str) -> None:
    """A migrated database of the owner's in which the web role may read and write rows."""
    pattern = _pattern(admin_url)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )
        admin.execute(
            sql.SQL("create database {} owner {} template {}").format(
                *(sql.Identifier(each) for each in (name, OWNER, pattern))
            )
        )


def drop_pattern(admin_url: str) -> None:
    if pattern := _patterns.pop(admin_url, ""):
        drop_database(admin_url, pattern)


def _pattern(admin_url: str) -> str:
    if admin_url not in _patterns:
        name = f"guiyan_migrated_{os.getpid()}"
        _make_empty_database(admin_url, name)
        _migrate(address(admin_url, name, OWNER))
        _patterns[admin_url] = name
    return _patterns[admin_url]


def _make_empty_database(admin_url: str, name: str) -> None:
    """Both roles and an empty database of the owner's, as the launcher makes them."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        # Two processes of one run may share a server: the second waits, until we hang up.
        admin.execute("select pg_advisory_lock(hashtext('guiyan tests'))")
        for role in (OWNER, WEB):
            if not admin.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                admin.execute(
                    sql.SQL("create role {} login password {}").format(
                        sql.Identifier(role), sql.Literal(PASSWORD)
                    )
                )
        database = sql.Identifier(name)
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(database))
        admin.execute(
            sql.SQL("create database {} owner {}").format(database, sql.Identifier(OWNER))
        )
    _let_the_web_role_in(admin_url, name)


def _let_the_web_role_in(admin_url: str, name: str) -> None:
    with psycopg.connect(admin_url, dbname=name, autocommit=True) as database:
        for extension in EXTENSIONS:
            database.execute(
                sql.SQL("create extension if not exists {}").format(sql.Identifier(extension))
            )
        for right in ("select, insert, update, delete on tables", "usage, select on sequences"):
            database.execute(
                f"alter default privileges for role {OWNER} in schema public grant {right} to {WEB}"
            )


def _migrate(owner_url: str) -> None:
    """In a process of its own, as an installation does, so that no connection of ours stays."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GUIYAN_")}
    command = [sys.executable, "-m", "django", "migrate", "--database", "owner", "--verbosity", "0"]
    finished = subprocess.run(
        command,
        cwd=ROOT,
        env=inherited
        | {
            "DJANGO_SETTINGS_MODULE": "guiyan.platform.settings",
            "DATABASE_URL": owner_url,
            "OWNER_DATABASE_URL": owner_url,
            "GUIYAN_SECRET_KEY": "for-tests-only-never-served",
            "GUIYAN_LOG_LEVEL": "WARNING",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        },
        capture_output=True,
        text=True,
    )
    if finished.returncode:
        raise RuntimeError(f"migrating failed:\n{finished.stdout}\n{finished.stderr}")


def address(admin_url: str, name: str, role: str) -> str:
    """The address at which this role finds the database."""
    place = {part: value for part, value in parts_of(admin_url).items() if part in ("host", "port")}
    return url_of({**place, "user": role, "password": PASSWORD, "dbname": name})


def drop_database(admin_url: str, name: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
