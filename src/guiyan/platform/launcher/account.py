"""The account that PostgreSQL runs as, and programs run under it.

PostgreSQL refuses to run as root. Started by a normal user it runs as that user. Started by root
it runs as an account that already exists, because initdb looks its own name up in the password
file and Guiyan creates no accounts on a machine: first the owner of existing data (so a
later installation of another account changes nothing), then `postgres`, then `nobody`. The data
directory belongs to that account with mode 0700 and every connection needs a password.
"""

import os
import pwd
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home

UNPRIVILEGED_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged account of the operating system."""

    name: str
    uid: int
    gid: int


def account_for(home: Home) -> Account | None:
    """Who runs the database: None for the present user, an unprivileged account under root."""
    if os.geteuid() != 0:
        return None
    if home.pgdata.exists():
        return _owner_of(home.pgdata)
    for name in UNPRIVILEGED_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    message = (
        "PostgreSQL doesn't run as root and this machine has neither an account 'postgres' nor "
        "'nobody'. Start Guiyan as a normal user."
    )
    raise LauncherError(message)


def _owner_of(pgdata: Path) -> Account:
    uid = pgdata.stat().st_uid
    if uid == 0:
        message = f"{pgdata} belongs to root, but PostgreSQL doesn't run as root: chown it."
        raise LauncherError(message)
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        message = f"{pgdata} belongs to user id {uid}, which has no account here: chown it."
        raise LauncherError(message) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def may_enter(directory: Path, account: Account | None) -> bool:
    """Whether the account may pass every directory on the way (by mode bits, not by ACL)."""
    if account is None:
        return os.access(directory, os.X_OK)
    return all(
        _allows(step.stat(), account, 0o1) for step in (directory, *directory.resolve().parents)
    )


def may_run(program: Path, account: Account | None) -> bool:
    """Whether the account may read and run the program where it lies."""
    if account is None:
        return os.access(program, os.R_OK | os.X_OK)
    return may_enter(program.parent, account) and _allows(program.stat(), account, 0o5)


def _allows(facts: os.stat_result, account: Account, bits: int) -> bool:
    mode = stat.S_IMODE(facts.st_mode)
    if facts.st_uid == account.uid:
        return mode >> 6 & bits == bits
    if facts.st_gid == account.gid:
        return mode >> 3 & bits == bits
    return mode & bits == bits


def give(path: Path, account: Account | None) -> None:
    """Makes the account own one path; nothing to do for a normal user."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """PostgreSQL's programs see a path, UTC and plain messages: no PG* variable of the caller's."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        **(extra or {}),
    }


def run_program(
    program: Path,
    *arguments: str | Path,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs to its end, as the account, and returns its answer."""
    return subprocess.run(  # noqa: S603 - fixed programs of the chosen bindir, no shell
        [program, *arguments],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        cwd="/",  # the caller's directory may be closed to the account
        env=clean_environment(environment),
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else [],
        umask=0o077,
    )


def stream_program(
    program: Path, *arguments: str | Path, environment: Mapping[str, str], complaints: Path
) -> subprocess.Popen[bytes]:
    """Starts a program whose output is read while it runs; its complaints go to a file."""
    with complaints.open("wb") as errors:
        return subprocess.Popen(  # noqa: S603 - fixed programs of the chosen bindir, no shell
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd="/",
            env=clean_environment(environment),
        )
