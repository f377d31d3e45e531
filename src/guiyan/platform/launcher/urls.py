"""Addresses of databases: one's own by environment, the embedded one's, and Django's settings."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from guiyan.platform.launcher.errors import LauncherError

# What Django takes as settings of its own; the rest of an address are libpq's options.
DJANGO_NAMES = {
    "dbname": "NAME",
    "user": "USER",
    "password": "PASSWORD",
    "host": "HOST",
    "port": "PORT",
}


def url_of(parts: Mapping[str, str]) -> str:
    """An address as psycopg and PostgreSQL's programs read it, from its parts by libpq's names.

    A host that is a socket directory stands in the query, where a path is allowed.
    """
    rest = {name: value for name, value in parts.items() if name not in DJANGO_NAMES}
    place = parts.get("host", "")
    if place.startswith("/"):
        rest["host"], place = place, ""
    if parts.get("port"):
        if place:
            place += ":" + parts["port"]
        else:
            rest["port"] = parts["port"]
    user = quote(parts.get("user", ""), safe="")
    password = quote(parts.get("password", ""), safe="")
    who = f"{user}:{password}@" if password else f"{user}@" if user else ""
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in rest.items())
    database = quote(parts.get("dbname", ""), safe="")
    return f"postgresql://{who}{place}/{database}" + (f"?{query}" if query else "")


def socket_url(role: str, password: str, sockets: Path, database: str) -> str:
    """The address of a database behind the socket in a directory."""
    return url_of({"user": role, "password": password, "dbname": database, "host": str(sockets)})


def read_url(name: str, environ: Mapping[str, str] | None = None) -> str | None:
    """An address from the variable `name`, or from the file that `name`_FILE points to.

    None when neither is set. Both at once is refused, since one would be ignored in silence.
    """
    variables = os.environ if environ is None else environ
    direct = variables.get(name, "").strip()
    file = variables.get(f"{name}_FILE", "").strip()
    if direct and file:
        message = f"{name} and {name}_FILE are both set; unset one of them."
        raise LauncherError(message)
    if not file:
        return direct or None
    try:
        content = Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"{name}_FILE points to {file}, which can't be read: {error.strerror}."
        raise LauncherError(message) from error
    if not content:
        message = f"{name}_FILE points to {file}, which is empty."
        raise LauncherError(message)
    return content


def web_url(environ: Mapping[str, str] | None = None) -> str | None:
    """The address at which web and worker reach one's own server, None for the embedded one."""
    return read_url("DATABASE_URL", environ)


def owner_url(environ: Mapping[str, str] | None = None) -> str | None:
    """The address at which migrations and backups reach one's own server as the tables' owner."""
    return read_url("OWNER_DATABASE_URL", environ)


def parts_of(url: str) -> dict[str, str]:
    """The parts of an address by libpq's names; LauncherError (without the password) if it's none.

    >>> parts_of("postgresql://a:b@db.example/c")["host"]
    'db.example'
    """
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        message = "The database address isn't one: it looks like postgresql://user:password@host/db"
        raise LauncherError(message) from None
    return {name: str(value) for name, value in parts.items() if value is not None}


def connection_settings(url: str, *, pool: Mapping[str, int] | None = None) -> dict[str, Any]:
    """One entry of Django's DATABASES for an address.

    `pool` (such as {"min_size": 1, "max_size": 8}) turns Django's connection pool on; a pool and
    lasting connections exclude each other, so CONN_MAX_AGE is 0 with it.
    """
    parts = parts_of(url)
    settings: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql"}
    settings.update({ours: parts.pop(theirs, "") for theirs, ours in DJANGO_NAMES.items()})
    options: dict[str, Any] = dict(parts)
    if pool is not None:
        options["pool"] = dict(pool)
    return settings | {"OPTIONS": options, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
