"""Attack cases of the trust reference that are asked of whole pages: F26, F27, F29, F50, R9."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.cast import OFFICIALS
from tests.integration.web.county import County, build, undone
from tests.integration.web.permission_table import Row
from tests.integration.web.tables import WHOLE as TABLE
from tests.integration.web.test_permission_table import PATTERNS, address_of, answer_to

from guiyan.access.models import Account, Grant
from guiyan.platform.clock import today
from guiyan.platform.scope import Scope, scoped

# Ids that name a thing of Meigu; to the next county each of them is as foreign as one that is made up.
FOREIGN = [
    row
    for row in TABLE
    if row.audience == "staff" and row.method == "GET" and row.answers["outsider"] == 404
]
# What stands in a page's text though nothing was asked: marks that differ at every opening.
PASSING = re.compile(r'nonce="[^"]*"|(csrfmiddlewaretoken|once)" value="[^"]*"|next=[^"]*')
INJECTIONS = ("' or '1'='1 \\ \"; drop table members_member; -- %27%20or%201=1", "\0'")
# A drawing with the reader's own name, kept by their own browser for ten minutes.
KEPT_BY_THE_BROWSER = {"web:watermark"}
# The program on a phone works without a line; its links are its own.
WITHOUT_THE_FOOT = {"phone:shell"}


@pytest.fixture(scope="module")
def county(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[County]:
    files = settings.FILES_DIR
    settings.FILES_DIR = tmp_path_factory.mktemp("files")
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(undone())
        yield build()
    settings.FILES_DIR = files


@contextmanager
def same_cookies(browser: Client) -> Iterator[None]:
    """Whoever is put out inside is in again afterwards."""
    before = browser.cookies.output()
    yield
    browser.cookies.clear()
    browser.cookies.load(before.replace("Set-Cookie: ", ""))


def body_of(client: Client, url: str) -> tuple[int, str]:
    answer = answer_to(client, "GET", url, {})
    said = PASSING.sub("", answer.content.decode())
    # What the reader asked for stands in the links back to it; that is theirs anyway.
    return answer.status_code, said.replace(url, "…").replace(quote(url, safe=""), "…")


@pytest.mark.parametrize("row", FOREIGN, ids=lambda row: row.url)
def test_a_foreign_id_reads_like_one_that_does_not_exist(row: Row, county: County) -> None:
    """F26: the 404 of what lies elsewhere and of what lies nowhere is the same, to the byte."""
    outsider = county.browsers["outsider"]
    foreign = address_of(row.url, county)
    converters = PATTERNS[row.url][1].pattern.converters
    made_up = foreign
    for key in converters:
        if isinstance(county.ids.get(key), UUID):
            made_up = made_up.replace(str(county.ids[key]), str(uuid4()))
    assert made_up != foreign
    assert body_of(outsider, foreign) == body_of(outsider, made_up)


def test_random_ids_are_all_answered_alike(county: County) -> None:
    outsider = county.browsers["outsider"]
    bodies = {body_of(outsider, reverse("members:file", args=[uuid4()])) for _ in range(50)}
    assert len(bodies) == 1


@pytest.mark.parametrize("role", ["township_officer", "branch_secretary", "desk_clerk"])
def test_a_role_taken_away_is_refused_at_the_next_request(role: str, county: County) -> None:
    """F29: nothing in the session grants anything."""
    browser, url = county.browsers[role], address_of("members:file", county)
    with undone(), same_cookies(browser):
        assert browser.get(url).status_code == 200
        Grant.objects.filter(account_id=OFFICIALS[role].account_id).update(
            valid_to=today() - timedelta(days=1)
        )
        assert browser.get(url).status_code == 302


def test_an_open_export_link_is_refused_when_the_account_is_closed(county: County) -> None:
    browser = county.browsers["county_officer"]
    url = reverse("insight:export", args=[county.ids["request_id"]])
    with undone(), same_cookies(browser):
        assert browser.get(url).status_code == 200
        Account.objects.filter(id=OFFICIALS["county_officer"].account_id).update(is_active=False)
        for name in ("insight:export", "insight:export_file"):
            gone = browser.get(reverse(name, args=[county.ids["request_id"]]))
            assert gone.status_code == 302


PAGES = [row for row in TABLE if row.method == "GET" and 200 in row.answers.values()]


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.url)
def test_every_page_bears_the_headers_that_protect_it(row: Row, county: County) -> None:
    """F50: the header scan, of every address."""
    name = next(name for name, code in row.answers.items() if code == 200)
    headers = answer_to(county.browsers[name], "GET", address_of(row.url, county), {}).headers
    policy = headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy.split("script-src", 1)[-1].split(";", 1)[0]
    assert "'unsafe-eval'" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in policy or headers.get("X-Frame-Options") == "DENY"
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer", "strict-origin"}
    assert "Server" not in headers
    if row.audience != "public" and row.url not in KEPT_BY_THE_BROWSER:
        assert "no-store" in headers["Cache-Control"]


def test_neither_debug_nor_admin_nor_metrics_are_open(client: Client) -> None:
    """F50: what scanners ask for first."""
    assert settings.DEBUG is False
    for path in (
        "/admin/",
        "/metrics",
        "/__debug__/",
        "/.env",
        "/.git/config",
        "/debug",
        "/static/",
    ):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize("attack", INJECTIONS)
@pytest.mark.parametrize(
    "row", [row for row in PAGES if row.audience == "staff"], ids=lambda r: r.url
)
def test_no_parameter_of_an_address_reaches_the_database_as_language(
    row: Row, attack: str, county: County
) -> None:
    """F50: quotes and comments in every usual parameter; no page breaks."""
    name = next(name for name, code in row.answers.items() if code == 200)
    asked = ("q", "find", "sort", "state", "cursor", "organisation", "action", "person", "day",
             "trade", "claimed", "place", "at", "page", "next")  # fmt: skip
    answer = answer_to(
        county.browsers[name], "GET", address_of(row.url, county), dict.fromkeys(asked, attack)
    )
    assert answer.status_code < 500


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.url)
def test_a_complaint_can_be_made_from_every_page(row: Row, county: County) -> None:
    """R9: the link to complaints and suggestions stands on every page that people read."""
    name = next(name for name, code in row.answers.items() if code == 200)
    answer = answer_to(county.browsers[name], "GET", address_of(row.url, county), {})
    is_page = answer.headers["Content-Type"].startswith("text/html")
    if is_page and row.url not in WITHOUT_THE_FOOT:
        assert reverse("web:feedback") in answer.content.decode()


POSTS = [row for row in TABLE if row.method == "POST" and row.audience == "staff"]
FORGED = "f0a9ed00-27aa-4bbb-8ccc-0123456789ab"
# Columns that say who, where and whether: set by the program, offered by no form.
NOT_OFFERED = (
    "path", "home_path", "host_path", "created_by_id", "created_by_name", "requested_by_id",
    "decided_by_id", "decided_by_name", "verified", "is_active", "roles", "permissions",
    "member_name", "import_batch_id", "merged_into_id", "signs_in_from", "actor", "by",
)  # fmt: skip


def tables_with(token: str) -> list[str]:
    with scoped(Scope.everywhere()), connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_class c where c.relkind = 'r'"
            " and c.relnamespace = 'public'::regnamespace"
            " and has_table_privilege(c.oid, 'select') and c.relname <> 'orgs_division'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        asked = " union all ".join(
            f"select '{table}' from {table} t where t::text like %s" for table in tables
        )
        cursor.execute(f"select distinct * from ({asked}) found", [f"%{token}%"] * len(tables))
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row.url)
def test_what_a_form_does_not_offer_is_not_stored(row: Row, county: County) -> None:
    """F27: who, where and whether come from the session, whatever a request adds."""
    name = next((name for name, code in row.answers.items() if code in (200, 303)), None)
    if name is None:
        return  # refused for everybody as it stands; nothing is written
    browser, url = county.browsers[name], address_of(row.url, county)
    forged = dict.fromkeys(set(NOT_OFFERED) - set(row.fields), FORGED)
    with same_cookies(browser), undone():
        answer = browser.post(url, {**forged, **row.fields})
        assert answer.status_code == row.answers[name]
        assert tables_with(FORGED) == []


@pytest.mark.parametrize("attack", INJECTIONS)
@pytest.mark.parametrize("row", POSTS, ids=lambda row: row.url)
def test_no_field_of_a_form_reaches_the_database_as_language(
    row: Row, attack: str, county: County
) -> None:
    """F50: quotes, comments and a NUL in every field that the form is sent with."""
    name = next((name for name, code in row.answers.items() if code in (200, 303, 422)), None)
    if name is None or not row.fields:
        return  # nobody gets so far, or there is nothing to type
    for typed in row.fields:
        answer = answer_to(
            county.browsers[name],
            "POST",
            address_of(row.url, county),
            {**row.fields, typed: attack},
        )
        assert answer.status_code < 500, typed
