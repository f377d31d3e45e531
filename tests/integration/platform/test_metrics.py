"""Figures for a watching machine: what goes and what waits, of nobody, and not for everybody."""

import re
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from wsgiref.simple_server import WSGIServer

import pytest
from django.test import Client
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from tests.integration.web.test_permission_table import PATTERNS

from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.jobs import enqueue
from guiyan.platform.metrics import readings
from guiyan.platform.metrics.listener import listen
from guiyan.platform.metrics.readings import Readings
from guiyan.platform.metrics.requests import METHODS, REGISTRY, count_request
from guiyan.platform.upkeep import clear_expired

pytestmark = pytest.mark.django_db


def figures() -> dict[str, dict[tuple[str, ...], float]]:
    """What is read now, by name and label."""
    return {
        family.name: {tuple(one.labels.values()): one.value for one in family.samples}
        for family in Readings().collect()
    }


def only(name: str) -> float:
    return figures()[name][()]


def said_of_requests() -> list[tuple[str, dict[str, str], float]]:
    text = generate_latest(REGISTRY).decode()
    return [
        (one.name, one.labels, one.value)
        for family in text_string_to_metric_families(text)
        for one in family.samples
    ]


def requests_at(route: str, status: str) -> float:
    return sum(
        value
        for name, labels, value in said_of_requests()
        if name == "guiyan_requests_total"
        and (labels["route"], labels["status"]) == (route, status)
    )


@pytest.fixture
def listener() -> Iterator[WSGIServer]:
    server = listen("127.0.0.1:0")
    assert server
    yield server
    server.shutdown()
    server.server_close()


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode())


def test_an_address_of_the_newer_kind_is_listened_at_too() -> None:
    server = listen("[::1]:0")
    assert server
    try:
        assert "guiyan_requests" in get(f"http://[::1]:{server.server_port}/metrics")
    finally:
        server.shutdown()
        server.server_close()


def test_a_page_that_is_answered_is_counted_by_the_name_of_its_route() -> None:
    before = requests_at("web:landing", "200")
    Client().get("/?q=1")
    assert requests_at("web:landing", "200") == before + 1


def test_one_reading_that_fails_is_counted_and_the_others_stand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def breaks() -> float:
        raise ZeroDivisionError

    monkeypatch.setitem(readings.REGISTERED, "broken", readings.Reading("broken", "", breaks))
    read = figures()
    assert read["guiyan_readings_failed"] == {(): 1}
    assert "guiyan_queue_age_seconds" in read
    assert "broken" not in read


def test_what_is_no_page_is_one_word_whatever_was_asked_for() -> None:
    Client().get("/somebody/who/is/not/there")
    Client().generic("BREW", "/")
    for _, labels, _ in said_of_requests():
        assert labels.get("route", "none") in {*PATTERNS, "none"} or labels["route"].startswith(
            "api:"
        )
        assert labels.get("method", "GET") in METHODS | {"other"}


def test_no_thread_loses_a_count() -> None:
    def count() -> None:
        for _ in range(500):
            count_request(route="web:watermark", method="GET", status=200, seconds=0.01)

    before = requests_at("web:watermark", "200")
    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert requests_at("web:watermark", "200") == before + 4000


def test_where_nothing_waits_every_reading_is_taken_and_is_zero() -> None:
    read = figures()
    assert read["guiyan_readings_failed"] == {(): 0}
    assert read["guiyan_audit_seal_lag_seconds"][()] >= 0
    for name in (
        "guiyan_queue_age_seconds", "guiyan_jobs_failed", "guiyan_messages_unknown",
        "guiyan_outbox_age_seconds", "guiyan_oldest_unsynced_phone_seconds",
    ):  # fmt: skip
        assert read[name] == {(): 0}, name
    assert read["guiyan_sync_waiting"] == {("held",): 0, ("quarantined",): 0, ("conflict",): 0}


def test_a_job_that_nobody_runs_grows_old() -> None:
    enqueue(clear_expired)
    assert only("guiyan_queue_age_seconds") > 0


def test_an_audit_row_without_a_seal_grows_old() -> None:
    audit.record(Actor.system(), "test.happened")
    assert only("guiyan_audit_seal_lag_seconds") > 0


def test_the_figures_are_given_at_their_own_address(listener: WSGIServer) -> None:
    count_request(route="web:landing", method="GET", status=200, seconds=0.01)
    said = get(f"http://127.0.0.1:{listener.server_port}/metrics")
    assert 'guiyan_requests_total{method="GET",route="web:landing",status="200"}' in said
    assert re.search(r"^guiyan_readings_failed 0\.0$", said, re.M)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"http://127.0.0.1:{listener.server_port}/")


def test_another_address_of_the_machine_is_refused(listener: WSGIServer) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", listener.server_port), timeout=10)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_public_site_has_no_such_page(host: str) -> None:
    assert Client(headers={"host": host}).get("/metrics").status_code == 404


def test_a_taken_port_stops_nothing(listener: WSGIServer) -> None:
    assert listen(f"127.0.0.1:{listener.server_port}") is None
    assert listen("off") is None
