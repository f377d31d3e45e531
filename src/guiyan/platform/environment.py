"""Typed readings of environment variables; a secret may also stand in the file that NAME_FILE names."""

import os
from pathlib import Path


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, *, default: int) -> int:
    value = os.environ.get(name, "").strip()
    return int(value) if value else default


def words(name: str, *, default: str) -> list[str]:
    return os.environ.get(name, default).split()


def secret(name: str, *, default: str) -> str:
    """The variable itself, or the contents of the file named by `<name>_FILE`."""
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return default
