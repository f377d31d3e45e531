"""The written table of who gets which answer, asked of every address as every person of the cast."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.integration.web.county import PEOPLE, County, build, undone
from tests.integration.web.permission_drawing import drawn
from tests.integration.web.permission_table import (
    OF_EVERY_REQUEST,
    OFFICIALS,
    WITHOUT_CSRF,
    WRITES_ON_GET,
    Row,
)
from tests.integration.web.tables import WHOLE as TABLE

from guiyan.access.roles import ROLES

DRAWN = Path(__file__).parents[3] / "docs" / "permissions.md"


def patterns_of(
    resolver: URLResolver, room: str = "", before: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Every address with its name, as `room:name`, and its route."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns_of(pattern, f"{pattern.namespace}:", route)
        else:
            yield f"{room}{pattern.name}", route, pattern


# What bears a token instead of a sign-in has its own table in tests/integration/api.
PATTERNS = {
    name: (route, pattern)
    for name, route, pattern in patterns_of(get_resolver())
    if not name.startswith("api:")
}
CODES = {
    "channels:limits": "aliyun_sms",
    "web:language": "zh-hans",
    "flows:check_in": "513436100001",
    "flows:check_in_taken": "513436100001",
}


@pytest.fixture(scope="module")
def county(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[County]:
    """Meigu with one thing of each kind, built once for the module and undone after it."""
    files = settings.FILES_DIR
    settings.FILES_DIR = tmp_path_factory.mktemp("files")
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(undone())
        yield build()
    settings.FILES_DIR = files


def address_of(name: str, county: County) -> str:
    """The address of the thing that stands in Meigu."""
    _, pattern = PATTERNS[name]
    words = {
        "act": "take_in",
        "token": "x",
        "version": "x",
        "name": "x",
        "code": CODES.get(name, "x"),
    }
    wanted = pattern.pattern.converters
    return reverse(name, kwargs={key: words.get(key) or county.ids[key] for key in wanted})


def answer_to(client: Client, method: str, url: str, fields: dict[str, str]) -> HttpResponse:
    """What the person gets; afterwards everything is as it was, their browser too."""
    before = client.cookies.output()
    with undone():
        answer: HttpResponse = getattr(client, method.lower())(url, fields)
    if client.cookies.output() != before:
        client.cookies.clear()
        client.cookies.load(before.replace("Set-Cookie: ", ""))
    return answer


def test_every_address_stands_in_the_table_once_and_nothing_else_does() -> None:
    named = [row.url for row in TABLE]
    assert sorted(named) == sorted(PATTERNS)


def test_every_person_of_the_cast_has_a_column() -> None:
    assert set(OFFICIALS) == set(ROLES)
    assert all(set(row.answers) == set(PEOPLE) for row in TABLE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.url)
def test_the_view_says_for_whom_it_is(row: Row) -> None:
    audience = getattr(PATTERNS[row.url][1].callback, "audience", "nobody said")
    assert audience.split(":")[0] == row.audience


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.url)
def test_everybody_gets_the_answer_that_is_written(row: Row, county: County) -> None:
    url = address_of(row.url, county)
    given = {
        name: answer_to(browser, row.method, url, row.fields).status_code
        for name, browser in county.browsers.items()
    }
    assert given == row.answers


@pytest.mark.parametrize("row", [r for r in TABLE if r.audience != "public"], ids=lambda r: r.url)
def test_who_is_not_signed_in_is_led_to_the_right_sign_in(row: Row, county: County) -> None:
    answer = answer_to(
        county.browsers["anybody"], row.method, address_of(row.url, county), row.fields
    )
    sign_in = "access:member_sign_in" if row.audience == "member" else "access:sign_in"
    assert answer.headers["Location"].startswith(f"{reverse(sign_in)}?next=")


@pytest.mark.parametrize("row", [r for r in TABLE if r.method == "POST"], ids=lambda r: r.url)
def test_what_only_writes_is_not_opened_by_a_link(row: Row, county: County) -> None:
    browser = county.browsers[next(n for n, code in row.answers.items() if code not in (302, 403))]
    assert answer_to(browser, "GET", address_of(row.url, county), {}).status_code == 405


@pytest.mark.parametrize("name", sorted(set(PATTERNS) - set(WITHOUT_CSRF)))
def test_a_post_without_the_token_is_refused(name: str, county: County) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(address_of(name, county), {"reason": "伪造"})
    assert answer.status_code == 403
    assert "刷新后重新提交" in answer.content.decode()


_WRITES = re.compile(r"(?:\binsert\s+into|^\s*update|\bdelete\s+from)\s+\"?(\w+)", re.IGNORECASE)


@pytest.mark.parametrize("row", [r for r in TABLE if r.method == "GET"], ids=lambda r: r.url)
def test_opening_a_page_writes_nothing(row: Row, county: County) -> None:
    """Links are followed by machines and by mistake."""
    written: set[str] = set()

    def trap(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        written.update(_WRITES.findall(str(sql)))
        return execute(sql, params, many, context)

    browsers = [n for n, code in row.answers.items() if code in (200, 303)] or ["anybody"]
    with connection.execute_wrapper(trap):
        answer_to(county.browsers[browsers[0]], "GET", address_of(row.url, county), {})
    assert bool(written - OF_EVERY_REQUEST) is (row.url in WRITES_ON_GET), written


def test_the_drawn_table_is_up_to_date() -> None:
    """`GUIYAN_DRAW=1` draws it anew."""
    titles = {code: str(role.name) for code, role in ROLES.items()}
    addresses = {name: route for name, (route, _) in PATTERNS.items()}
    text = "\n".join(drawn(TABLE, titles, addresses)) + "\n"
    if os.environ.get("GUIYAN_DRAW"):
        DRAWN.write_text(text, encoding="utf-8")
    assert DRAWN.read_text(encoding="utf-8") == text
