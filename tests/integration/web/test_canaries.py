"""F54: a person's numbers and name stand on the page that was asked for them, and nowhere else."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from prometheus_client import generate_latest
from tests.integration.web.county import County, build, undone
from tests.people import invented_id, invented_phone

from guiyan.platform.metrics.listener import REGISTRY

ID_NUMBER = invented_id(sequence=777)
PHONE = invented_phone(777_777_777)
NAME = "曲木金雀"
CANARIES = (ID_NUMBER, PHONE, NAME, ID_NUMBER[6:14] + ID_NUMBER[14:17])


@pytest.fixture
def county(db: None, tmp_path: Any) -> Iterator[County]:
    files = settings.FILES_DIR
    settings.FILES_DIR = tmp_path
    with undone():
        yield build()
    settings.FILES_DIR = files


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The lines that a server would write, by its own processors."""
    written, before = io.StringIO(), structlog.get_config()
    structlog.configure(**before | {"logger_factory": structlog.PrintLoggerFactory(file=written)})
    yield written
    structlog.configure(**before)


class Walk:
    """Opens pages and keeps what leaves the house beside the page: addresses and headers."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.left: list[str] = []

    def get(self, url: str) -> HttpResponse:
        return self._kept(self.client.get(url))

    def post(self, url: str, **fields: str) -> HttpResponse:
        return self._kept(self.client.post(url, fields))

    def _kept(self, answer: HttpResponse) -> HttpResponse:
        self.left += [f"{name}: {value}" for name, value in answer.headers.items()]
        self.left += [morsel.OutputString() for morsel in answer.cookies.values()]
        return answer


def hits(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


def registered(walk: Walk) -> HttpResponse:
    """A new file with the canaries, by the page that the desk uses."""
    return walk.post(
        "/w/members/new", name=NAME, id_number=ID_NUMBER, phone=PHONE, phone_whose="own",
        category="full", joined_on="2001-07-01", joined_precision="day", has_phone="on", once="canary-1",
    )  # fmt: skip


def test_numbers_and_names_stay_out_of_logs_headers_addresses_and_refusals(
    county: County, caplog: pytest.LogCaptureFixture, log: io.StringIO
) -> None:
    caplog.set_level(logging.DEBUG)
    walk = Walk(county.browsers["branch_secretary"])
    answer = registered(walk)
    assert answer.status_code in (302, 303), re.findall(r"error.*", answer.content.decode())
    file = walk.get(answer.headers["Location"])
    assert hits(file.content.decode()) == [NAME]  # masked numbers, and the name

    refused = registered(Walk(county.browsers["outsider"]))
    wrong = walk.post("/w/members/new", name=NAME, id_number=ID_NUMBER[:-1] + "0", once="canary-2")
    lost = walk.get(f"/w/members/{ID_NUMBER}")
    found = walk.post("/w/members", text=ID_NUMBER, reason="visit")
    code = Walk(Client())
    code.post("/me/in", phone=PHONE)
    code.post("/in", login=PHONE, password=ID_NUMBER)
    code.get("/me/in/code")
    assert refused.status_code < 500
    assert wrong.status_code < 500
    assert hits(lost.content.decode()) == []
    assert ID_NUMBER not in found.headers.get("Location", "")

    assert [line for line in walk.left + code.left if hits(line)] == []
    assert '"route": "members:new"' in log.getvalue()
    assert hits(caplog.text) == []
    assert hits(log.getvalue()) == []
    figures = generate_latest(REGISTRY).decode()
    assert 'route="members:new"' in figures
    assert hits(figures) == []
