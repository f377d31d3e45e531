"""The database of the tests: a real PostgreSQL, migrated by the owner, used as the web role.

`GUIYAN_TEST_ADMIN_URL` names an administrator's connection to a server of one's own (CI runs the
integration tests against Debian's PostgreSQL 15 that way); otherwise the packaged one is started
in a temporary directory.

`GUIYAN_TEST_NOW=2027-01-31T17:30+00:00` runs them at another moment (`make test-at AT=…`): a test
must hold at any hour and in any month. The database's own clock and other processes stay here.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
import time_machine
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from guiyan.kernel.crypto import KeyRing
from guiyan.platform.keys import key_ring
from tests.postgres import (
    PASSWORD,
    WEB,
    drop_database,
    drop_pattern,
    make_database,
    temporary_server,
)

# A property says what always holds, not how fast this machine is today. A developer's run looks for
# new examples each time; the gate gives the same answer to the same code.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.register_profile("gate", deadline=None, print_blob=True, derandomize=True)
hypothesis.settings.load_profile(os.environ.get("GUIYAN_TEST_EXAMPLES", "house"))

if moment := os.environ.get("GUIYAN_TEST_NOW"):
    # Before a module of tests is read: some of them take their days from the clock as they are.
    time_machine.travel(datetime.fromisoformat(moment), tick=True).start()

# Begun first, so that no core waits for one long file at the end.
LONGEST = (
    "browser/test_every_page", "browser/test_main_job", "browser/test_census_day",
    "browser/test_field_line", "browser/test_pairing", "browser/test_quarter",
    "browser/test_field_pages", "browser/test_hotline",
    "platform/test_command_line", "messaging/test_killed_workers", "channels/test_killed_workers",
    "web/test_permission_table", "platform/test_scope_matrix", "platform/test_pooled_connections",
    "platform/test_backup", "insight/test_importing", "platform/test_launcher", "orgs/test_demo",
    "platform/test_archive", "messaging/test_faults", "liaison/test_cadence", "web/test_trust",
)  # fmt: skip


@pytest.hookimpl(trylast=True)  # after the files were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    begins = {name: place for place, name in enumerate(LONGEST)}
    items.sort(
        key=lambda item: begins.get(f"{item.path.parent.name}/{item.path.stem}", len(begins))
    )


@pytest.fixture(scope="session")
def admin_url() -> Iterator[str]:
    """An administrator's connection to the server under test."""
    if url := os.environ.get("GUIYAN_TEST_ADMIN_URL"):
        yield url
        drop_pattern(url)
    else:
        with temporary_server() as url:
            yield url


@pytest.fixture(scope="session")
def django_db_setup(admin_url: str, django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """What the owner has migrated; the tests connect as the web role, with policies on."""
    name = f"guiyan_test_{worker_id}"
    make_database(admin_url, name)
    server = conninfo_to_dict(admin_url)
    settings = {**connections.settings["default"], "NAME": name, "OPTIONS": {}}
    settings |= {"HOST": server.get("host", ""), "PORT": str(server.get("port", ""))}
    settings |= {"USER": WEB, "PASSWORD": PASSWORD}
    connections.settings["default"] = connections.databases["default"] = settings
    if "default" in connections:
        connections["default"].settings_dict.update(settings)
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
    drop_database(admin_url, name)


@pytest.fixture(scope="session", autouse=True)
def empty_tables_as_owner(admin_url: str) -> Iterator[None]:
    """After a test that commits, the tables that were empty after migrating are empty again.

    Django would truncate as the web role, which may not.
    """
    kept: dict[str, list[str]] = {}

    def is_empty(database: psycopg.Connection[Any], table: str) -> bool:
        query = sql.SQL("select not exists (select from {})").format(sql.Identifier(table))
        row = database.execute(query).fetchone()
        return bool(row and row[0])

    def teardown(_: TransactionTestCase) -> None:
        name = connections["default"].settings_dict["NAME"]
        with psycopg.connect(admin_url, dbname=name, autocommit=True) as database:
            tables = [table for table in kept.get(name, []) if not is_empty(database, table)]
            if tables:
                names = sql.SQL(", ").join(sql.Identifier(table) for table in tables)
                database.execute(sql.SQL("truncate {} restart identity cascade").format(names))

    def setup(_: type[TransactionTestCase]) -> None:
        name = connections["default"].settings_dict["NAME"]
        if name not in kept:
            with psycopg.connect(admin_url, dbname=name, autocommit=True) as database:
                tables = database.execute(
                    "select tablename from pg_tables where schemaname = 'public'"
                ).fetchall()
                kept[name] = [table for (table,) in tables if is_empty(database, table)]

    before = TransactionTestCase._fixture_setup, TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_setup = classmethod(setup)
    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_setup, TransactionTestCase._fixture_teardown = before


@pytest.fixture(scope="session", autouse=True)
def keys_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A key ring of this run's own."""
    from django.conf import settings

    directory = Path(tempfile.mkdtemp(prefix="guiyan-keys-"))
    directory.chmod(0o700)
    KeyRing.create(directory)
    settings.KEYS_DIR = directory
    key_ring.cache_clear()
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Each test has organisations of its own: no page of another test's is shown in it."""
    from guiyan.flows.views.check_in import SHEETS

    SHEETS.forget()


@pytest.fixture(autouse=True)
def source_language() -> Iterator[None]:
    """Every test begins in the source language: a page read in another one leaves it on."""
    with translation.override("zh-hans"):
        yield
