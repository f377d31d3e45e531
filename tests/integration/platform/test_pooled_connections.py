"""Two pooled connections, many interleaved requests with different scopes and none: no bleeding."""

import random
import threading
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections, transaction
from psycopg_pool import ConnectionPool

from guiyan.platform.models import StoredFile
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db(transaction=True)

PATHS = ["00010001", "00010002", "00010003"]
REQUESTS = 900


@pytest.fixture
def planted(admin_url: str) -> Iterator[None]:
    name = connection.settings_dict["NAME"]
    with psycopg.connect(admin_url, dbname=name, autocommit=True) as admin:
        for number, path in enumerate(PATHS, start=1):
            for _ in range(number * 10):
                admin.execute(
                    "insert into platform_storedfile (id, path, name, media_type, size_bytes,"
                    " sha256, purpose, created_at, delete_after)"
                    " values (%s, %s, '', '', 0, '', '', now(), now())",
                    [uuid4(), path],
                )
    yield


@pytest.fixture
def pool_of_two() -> Iterator[ConnectionPool]:
    """Django's own connections come from a pool of two while this lasts."""
    settings = connections["default"].settings_dict
    options, kept_for = settings["OPTIONS"], settings["CONN_MAX_AGE"]
    connections["default"].close()
    settings["CONN_MAX_AGE"] = 0  # a thread gives its connection back after each request
    options["pool"] = {"min_size": 2, "max_size": 2, "timeout": 60}
    yield connections["default"].pool
    connections["default"].close()
    connections["default"].close_pool()
    del options["pool"]
    settings["CONN_MAX_AGE"] = kept_for


def test_no_request_sees_the_rows_of_another(planted: None, pool_of_two: ConnectionPool) -> None:
    expected = {"0001": 60, "": 0} | {path: 10 * n for n, path in enumerate(PATHS, start=1)}
    wrong: list[tuple[str, int]] = []
    orders = [random.Random(7).choice([*expected]) for _ in range(REQUESTS)]
    lock = threading.Lock()

    def requests() -> None:
        while True:
            with lock:
                if not orders:
                    break
                path = orders.pop()
            try:
                with transaction.atomic(), scoped(Scope.under(path)):
                    seen = StoredFile.objects.count()
                    if len(orders) % 7 == 0:
                        raise InterruptedError  # a request that fails gives its connection back
            except InterruptedError:
                pass
            with transaction.atomic():
                unscoped = StoredFile.objects.count()
            connection.close()
            if seen != expected[path] or unscoped:
                wrong.append((path, seen))

    threads = [threading.Thread(target=requests) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert orders == []
