"""A throw-away PostgreSQL for the tests: unsafe and fast, gone with the run."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from guiyan.platform.launcher.providers import find_binaries

OWNER, WEB = "guiyan_owner", "guiyan_web"
PASSWORD = "for-tests-only"
EXTENSIONS = ("pg_trgm", "btree_gist", "cube", "earthdistance")

# Losing a test's data is no loss, so nothing waits for the disk.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=80"


@contextmanager
def temporary_server() -> Iterator[str]:
    """Start a server on a socket of its own and yield the administrator's URL."""
    binaries = find_binaries(os.environ)
    root = Path(tempfile.mkdtemp(prefix="gy-pg-"))
    user = 65534 if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    if user is not None:
        os.chown(root, user, user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(binaries.program(program)), *arguments],
            check=True,
            capture_output=True,
            user=user,
            group=user,
            extra_groups=[] if user is not None else None,
            cwd="/",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(root)},
        )

    data = str(root / "data")
    run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
        "--locale=C.UTF-8")  # fmt: skip
    options = f"-c listen_addresses= -k {root} {FAST}"
    run("pg_ctl", "-D", data, "-w", "-l", str(root / "log"), "-o", options, "start")
    try:
        yield f"postgresql://postgres@/postgres?host={root}"
    finally:
        run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
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
