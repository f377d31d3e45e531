"""Homes that the database's account may enter, and databases started in them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from guiyan.platform.launcher.cluster import open_cluster
from guiyan.platform.launcher.embedded import Embedded, start
from guiyan.platform.launcher.home import Home


@contextmanager
def open_place() -> Iterator[Path]:
    """A directory that others may pass through: pytest's own are closed to the database."""
    place = Path(tempfile.mkdtemp(prefix="gy-"))
    place.chmod(0o755)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def started(home: Home) -> Iterator[Embedded]:
    """A prepared database that is surely stopped at the end, whoever owns it by then."""
    embedded = start(home)
    try:
        yield embedded
    finally:
        open_cluster(home).stop()


def run_sql(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Runs statements in one connection and returns the rows of the last."""
    rows: list[tuple[object, ...]] = []
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
            rows = cursor.fetchall() if cursor.description else []
    return rows
