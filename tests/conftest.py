"""The database of the tests: a real PostgreSQL, migrated by the owner, used as the web role.

`GUIYAN_TEST_ADMIN_URL` names an admin connection to a server of one's own (CI runs the
integration tests against Debian's PostgreSQL 15 that way); otherwise the packaged one is started
in a temporary directory.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from psycopg import sql

from guiyan.kernel.crypto import KeyRing

OWNER, WEB = "guiyan_owner", "guiyan_web"
PASSWORD = "for-tests-only"


@pytest.fixture(scope="session")
def admin_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An administrator's connection to the server under test."""
    if url := os.environ.get("GUIYAN_TEST_ADMIN_URL"):
        yield url
        return
    from tests.postgres import temporary_server

    with temporary_server() as url:
        yield url


def _create_roles(connection: psycopg.Connection[object]) -> None:
    for role in (OWNER, WEB):
        connection.execute(
            sql.SQL(
                "do $$ begin create role {role} login password {password};"
                " exception when duplicate_object then alter role {role} password {password};"
                " when unique_violation then null; end $$"
            ).format(role=sql.Identifier(role), password=sql.Literal(PASSWORD))
        )


@pytest.fixture(scope="session")
def keys_dir() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="guiyan-keys-"))
    directory.chmod(0o700)
    KeyRing.create(directory)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)
