"""A throw-away PostgreSQL for the tests: unsafe and fast, gone with the run."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from guiyan.platform.launcher.account import account_for, run_program
from guiyan.platform.launcher.home import Home
from guiyan.platform.launcher.providers import find_binaries, within_reach

OWNER, WEB = "guiyan_owner", "guiyan_web"
PASSWORD = "for-tests-only"
EXTENSIONS = ("pg_trgm", "btree_gist", "cube", "earthdistance")

# Losing a test's data is no loss, so nothing waits for the disk.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=80"


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


def make_database(admin_url: str, name: str) -> None:
    """Both roles and an empty database of the owner's, as the launcher makes them."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        # Two processes of one run share a server: the second waits, until we hang up.
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


def drop_database(admin_url: str, name: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
