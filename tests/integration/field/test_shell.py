"""What a phone keeps of Guiyan: a page and its parts, the same for everybody, nothing about anybody."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from tests.acting import Browser
from tests.cast import OFFICIALS

from guiyan.field import screens
from guiyan.field.shell_words import SHELL

pytestmark = pytest.mark.django_db

SHELL_BYTES = 60 * 1024
SAID = re.compile(r"""\bt\(\s*["'`]([a-z_.]+)["'`]""")
SAID_BY_CODE = re.compile(r"\bt\(`([a-z_.]+)\.\$\{")


def program(name: str) -> str:
    path = finders.find(name)
    assert isinstance(path, str)
    return Path(path).read_text(encoding="utf-8")


def words() -> set[str]:
    known = set(SHELL)
    for screen in screens.screens():
        known |= set(screen.words())
    return known


def test_every_word_that_a_program_says_is_among_the_words() -> None:
    known = words()
    for name in screens.parts():
        if name.endswith(".js") and "vendor" not in name:
            text = program(name)
            assert set(SAID.findall(text)) <= known, name
            for family in SAID_BY_CODE.findall(text):
                assert any(word.startswith(f"{family}.") for word in known), f"{name}: {family}"


def test_the_page_and_all_its_parts_weigh_less_than_sixty_kilobytes(client: Client) -> None:
    page = client.get(reverse("phone:shell"))
    weight = len(gzip.compress(page.content))
    for name in screens.parts():
        part = client.get(reverse("phone:part", args=[screens.version(), name]))
        assert part.headers["Content-Encoding"] == "gzip"
        weight += len(part.content)
    assert weight < SHELL_BYTES


def test_the_worker_keeps_the_page_and_every_part(client: Client) -> None:
    text = client.get(reverse("phone:worker")).content.decode()
    for name in screens.parts():
        assert reverse("phone:part", args=[screens.version(), name]).replace("-", "\\u002D") in text
    assert "guiyan-field-" + screens.version() in text


def test_nothing_but_the_parts_is_served_there(client: Client) -> None:
    for name in (
        "guiyan/staff.css",
        "../settings.py",
        "field/../guiyan/staff.css",
        "field/none.js",
    ):
        assert client.get(f"/field/parts/{screens.version()}/{name}").status_code == 404
    assert client.get(reverse("phone:part", args=["0", "field/app.js"])).status_code == 404


def test_the_page_is_the_same_for_whoever_is_signed_in(client: Client) -> None:
    of_nobody = client.get(reverse("phone:shell")).content
    of_an_officer = Browser(OFFICIALS["township_officer"]).get(reverse("phone:shell")).content
    assert of_nobody == of_an_officer


def test_who_is_signed_in_is_told_to_that_browser_alone(client: Client) -> None:
    nobody = client.get(reverse("phone:me"))
    assert nobody.json()["is_signed_in"] is False
    assert nobody.json()["name"] == ""
    canvasser = Browser(OFFICIALS["canvasser"]).get(reverse("phone:me"))
    told = json.loads(canvasser.content)
    assert told["name"] == OFFICIALS["canvasser"].name
    assert "no-store" in canvasser.headers["Cache-Control"]


def test_who_may_not_canvass_gets_no_page_of_the_census(client: Client) -> None:
    told = json.loads(Browser(OFFICIALS["approver"]).get(reverse("phone:me")).content)
    assert told["screens"] == []


def test_it_can_be_put_on_a_home_screen_of_any_phone(client: Client) -> None:
    """Chromium asks for 192 and 512 pixels, iOS for a picture that is no drawing."""
    told = json.loads(client.get(reverse("phone:manifest")).content)
    assert (told["display"], told["start_url"], told["scope"]) == (
        "standalone",
        "/field/",
        "/field/",
    )
    sizes = {icon["sizes"]: icon["src"] for icon in told["icons"]}
    assert {"any", "180x180", "192x192", "512x512"} == set(sizes)
    for size, address in sizes.items():
        answer = client.get(address)
        picture = gzip.decompress(answer.content)
        assert answer.status_code == 200
        if size != "any":
            assert picture.startswith(b"\x89PNG")
            assert int.from_bytes(picture[16:20], "big") == int(size.split("x")[0])
    assert b'rel="apple-touch-icon"' in client.get(reverse("phone:shell")).content
