"""How the embedded PostgreSQL is set up: durable, private, quiet about persons, small.

Sizes fit a county on 2 cores and 2 GB. A site changes them in `guiyan.local.conf` beside
`postgresql.conf`; that file is never written by Guiyan.
"""

import shlex
from pathlib import Path

from guiyan.platform.launcher.home import Home

OWN_FILE = "guiyan.conf"
SITE_FILE = "guiyan.local.conf"
RECOVERY_FILE = "guiyan.recovery.conf"

# Every way in asks for a password; there is no way in from the network.
ACCESS_RULES = """\
# Written by Guiyan at every start.
# TYPE  DATABASE     USER           METHOD
local   replication  guiyan_backup  scram-sha-256
local   all          all            scram-sha-256
"""

FIXED_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "jit": "off",  # queries are short; compiling them costs more than it saves
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "wal_keep_size": "256MB",  # a base backup fetches its WAL at its end
    "archive_mode": "on",
    "archive_timeout": "300",  # a lost disk loses at most five minutes
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_filename": "postgres-%m-%d.log",  # a year of days, then the oldest is overwritten
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_file_mode": "0600",
    # A failed statement or a DETAIL line holds names and numbers of members: neither is logged.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


def quoted(value: str) -> str:
    """A value as postgresql.conf reads it back."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _for_shell(path: Path) -> str:
    return shlex.quote(str(path)).replace("%", "%%")


def archive_command(spool: Path) -> str:
    """A WAL segment is handed over whole or not at all, and never over a different one.

    Copied into a part file, flushed, then renamed; the same segment again is a success. From the
    spool it is sealed into the archive (`archive`): the database's account knows no keys.
    """
    target = f"{_for_shell(spool)}/%f"
    return (
        f'if [ -f {target} ]; then cmp -s {target} "%p"; '
        f'else cp "%p" {target}.part && sync {target}.part && mv {target}.part {target}; fi'
    )


def restore_command(opened: Path) -> str:
    """Gives a WAL segment back from the opened archive, and fails when it isn't there."""
    source = f"{_for_shell(opened)}/%f.gz"
    return f'test -f {source} && gzip -dc {source} > "%p"'


def server_settings(home: Home, *, preload: str) -> str:
    """The text of guiyan.conf for this home; `preload` names libraries loaded at start."""
    settings = FIXED_SETTINGS | {
        "unix_socket_directories": str(home.sockets).replace('"', '""').join('""'),
        "archive_command": archive_command(home.wal_spool),
        "log_directory": str(home.database_logs),
        "shared_preload_libraries": preload,
    }
    lines = [f"{name} = {quoted(value)}" for name, value in settings.items()]
    present = [name for name in (SITE_FILE, RECOVERY_FILE) if (home.pgdata / name).exists()]
    return "\n".join(
        [
            f"# Written by Guiyan at every start; put your own settings into {SITE_FILE}.",
            *lines,
            *(f"include_if_exists = '{name}'" for name in present),
            "",
        ]
    )


def recovery_settings(opened: Path, *, to_time: str | None) -> str:
    """What a restored cluster replays: the archive up to a moment, or all of it."""
    settings = {
        "restore_command": restore_command(opened),
        "recovery_target_action": "promote",
        "recovery_target_timeline": "latest",
    }
    if to_time is not None:
        settings["recovery_target_time"] = to_time
    return "".join(f"{name} = {quoted(value)}\n" for name, value in settings.items())


def initdb_arguments(major: int) -> list[str]:
    """UTF-8, byte order for sorting, Unicode's letters, checksums, a password on every way in.

    From 17 the C.UTF-8 built into PostgreSQL, the same on each machine; before, the one of libc.
    LC_CTYPE is C.UTF-8 in both, or pg_trgm would see no letters in Han text.
    """
    arguments = [
        "--encoding=UTF8",
        "--locale=C",
        "--lc-ctype=C.UTF-8",
        "--data-checksums",
        "--auth-local=scram-sha-256",
        "--auth-host=scram-sha-256",
        "--no-instructions",
    ]
    if major >= 17:
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return arguments
