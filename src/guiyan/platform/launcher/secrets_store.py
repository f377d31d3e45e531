"""Secrets on disk: one value in one file that only this user reads."""

import os
import secrets
from pathlib import Path

from guiyan.platform.launcher.errors import LauncherError


def write_secret(path: Path, value: str) -> None:
    """Writes a secret whole or not at all, mode 0600 from its first byte."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def read_secret(path: Path) -> str:
    """The secret in a file; LauncherError says which file can't be read."""
    try:
        value = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"{path} can't be read ({error.strerror}); run as the user who made it."
        raise LauncherError(message) from error
    if not value:
        message = f"{path} is empty; bring it back from a backup."
        raise LauncherError(message)
    return value


def password_file(directory: Path, role: str) -> Path:
    """Where the password of a database role is kept."""
    return directory / f"{role}.txt"


def make_password(directory: Path, role: str) -> tuple[str, bool]:
    """The password of a role and whether it is new; made at random when there is none."""
    path = password_file(directory, role)
    if path.exists():
        return read_secret(path), False
    password = secrets.token_urlsafe(32)
    write_secret(path, password)
    return password, True
