"""The roles of the database: one owns, one serves, one copies; none may pass by row security.

`guiyan_owner` owns database and tables and runs the migrations. `guiyan_web` reads and writes
rows and can make, change or own nothing, so that row-level security binds it. `guiyan_backup`
may only replicate. Extensions are made by the administrator, nobody else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.secrets_store import make_password
from guiyan.platform.launcher.urls import parts_of, url_of

DATABASE = "guiyan"
OWNER = "guiyan_owner"
WEB = "guiyan_web"
BACKUP = "guiyan_backup"
EXTENSIONS = ("pg_trgm", "btree_gist", "cube", "earthdistance")
WELCOME_EXTENSIONS = ("pg_stat_statements",)
RIGHTS = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE INHERIT"
OLDEST_VERSION = 150000
LOCK = 7_236_118  # any number, the same for every Guiyan: preparations queue up behind it

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """The addresses of one prepared database, by who uses them; they hold passwords."""

    web: str = field(repr=False)
    owner: str = field(repr=False)
    admin: str = field(repr=False)


def prepare(admin_url: str, secrets: Path, *, database: str = DATABASE) -> DatabaseUrls:
    """Makes roles, database, extensions and rights where they lack; a second time changes nothing.

    `admin_url` is a superuser's; passwords are random and kept in `secrets`. A password that is
    new in `secrets` is set anew on the server.
    """
    with _connected(admin_url) as admin:
        if admin.info.server_version < OLDEST_VERSION:
            message = (
                f"The server is PostgreSQL {admin.info.server_version // 10000}; "
                "15 or later is needed."
            )
            raise LauncherError(message)
        admin.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        passwords = {
            OWNER: _ensure_role(admin, OWNER, RIGHTS + " NOREPLICATION", secrets),
            WEB: _ensure_role(admin, WEB, RIGHTS + " NOREPLICATION", secrets),
            BACKUP: _ensure_role(admin, BACKUP, RIGHTS + " REPLICATION", secrets),
        }
        _ensure_database(admin, database)
        with _connected(make_conninfo(admin_url, dbname=database)) as inside:
            _ensure_extensions(inside)
            _ensure_rights(inside)
    return DatabaseUrls(
        web=url_as(admin_url, WEB, passwords[WEB], database),
        owner=url_as(admin_url, OWNER, passwords[OWNER], database),
        admin=url_of(parts_of(admin_url) | {"dbname": database}),
    )


def prepare_external(admin_url: str, secrets: Path, *, database: str = DATABASE) -> DatabaseUrls:
    """Prepares a database on one's own server (15 or later) through an administrator's address.

    Row security can't bind what the server's administrators do; they are outside Guiyan.
    """
    secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    return prepare(admin_url, secrets, database=database)


def drop_database(admin_url: str, database: str) -> None:
    """Removes a database and all that is in it; for tests and for a second try at a restore."""
    with _connected(admin_url) as admin:
        admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )


def url_as(admin_url: str, role: str, password: str, database: str) -> str:
    """The same server's address for another role and database."""
    parts = parts_of(admin_url)
    return url_of(parts | {"user": role, "password": password, "dbname": database})


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        place = parts_of(url).get("host", "its default socket")
        message = f"The database server at {place} doesn't let us in: {error}"
        raise LauncherError(message) from error
    with connection:
        yield connection


def _ensure_role(admin: Connection, role: str, rights: str, secrets: Path) -> str:
    password, is_new = make_password(secrets, role)
    known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = "ALTER" if known else "CREATE"
    admin.execute(
        sql.SQL("{} ROLE {} {}").format(sql.SQL(verb), sql.Identifier(role), sql.SQL(rights))
    )
    if is_new or not known:
        # Hashed here, so that the password itself stands in no statement and in no log.
        hashed = admin.pgconn.encrypt_password(
            password.encode(), role.encode(), b"scram-sha-256"
        ).decode()
        admin.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(hashed))
        )
    return password


def _ensure_database(admin: Connection, database: str) -> None:
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        # One order of bytes and one table of letters on every server, whatever its own locale.
        locale = "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
        if admin.info.server_version >= 170000:
            locale += " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' {}").format(
                sql.Identifier(database), sql.Identifier(OWNER), sql.SQL(locale)
            )
        )
    for template in (
        "ALTER DATABASE {database} OWNER TO {owner}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {web}, {backup}",
    ):
        admin.execute(sql.SQL(template).format(database=sql.Identifier(database), **_roles()))


def _roles() -> dict[str, sql.Identifier]:
    return {
        "owner": sql.Identifier(OWNER),
        "web": sql.Identifier(WEB),
        "backup": sql.Identifier(BACKUP),
    }


def _ensure_extensions(inside: Connection) -> None:
    offered = {row[0] for row in inside.execute("SELECT name FROM pg_available_extensions")}
    lacking = [name for name in EXTENSIONS if name not in offered]
    if lacking:
        message = (
            f"The server lacks the extension(s) {', '.join(lacking)}; "
            "install PostgreSQL's contrib modules there."
        )
        raise LauncherError(message)
    preloaded = str(inside.execute("SHOW shared_preload_libraries").fetchone())
    welcome = [name for name in WELCOME_EXTENSIONS if name in offered and name in preloaded]
    for name in (*EXTENSIONS, *welcome):
        inside.execute(
            sql.SQL("CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA public").format(
                sql.Identifier(name)
            )
        )


def _ensure_rights(inside: Connection) -> None:
    # By default privileges only: a migration that takes a right from the web role (the audit
    # rows are append-only) must not find it given back at the next start.
    for template in (
        "ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {web}",
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {web}"
        ),
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
            "GRANT USAGE, SELECT ON SEQUENCES TO {web}"
        ),
    ):
        inside.execute(sql.SQL(template).format(**_roles()))
