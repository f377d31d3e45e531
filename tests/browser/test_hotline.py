"""An operator turns a call into a lead, and a request into a call back, by the keyboard alone: in at
most five fields, and in a minute by the keystroke-level model of the keys that are really pressed
(`keystrokes`: Card, Moran & Newell 1980)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import keystrokes
from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import DESK, PHONE
from tests.browser.every_page import build
from tests.browser.pictures import keep_picture
from tests.browser.server import Server, running_server
from tests.people import invented_phone

pytestmark = pytest.mark.browser
MOST_FIELDS = 5
MOST_SECONDS = 60


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    """The small county of the permission table, with its hotline."""
    name = f"guiyan_hotline_{worker_id}"
    with running_server(admin_url, name=name, keys_dir=keys_dir, prepare=build) as running:
        yield running


@pytest.fixture
def operator(browser: Browser, server: Server) -> Iterator[Page]:
    """The county's operator at the desk."""
    context = browser.new_context(**DESK)  # type: ignore[arg-type]
    session = server.facts["sessions"]["hotline_operator"]
    context.add_cookies([{"name": server.facts["cookie"], "value": session, "url": server.url}])
    page = context.new_page()
    keystrokes.listen(page)
    yield page
    context.close()


def assert_within_a_minute(page: Page, fields: set[str]) -> None:
    """Keys alone, into these fields and no others."""
    effort = keystrokes.effort(page)
    assert effort.fields == fields
    assert len(effort.fields) <= MOST_FIELDS
    assert effort.pointings == 0
    assert 10 < effort.seconds <= MOST_SECONDS, effort


def test_a_call_becomes_a_lead_in_a_minute_and_five_fields_without_a_mouse(
    operator: Page, server: Server
) -> None:
    operator.goto(f"{server.url}/w/hotline")
    fields = operator.locator(".call form").locator(
        "input:not([type=hidden]):not([type=radio]), fieldset"
    )
    assert fields.count() <= MOST_FIELDS
    keep_picture(operator, "hotline-desk")
    assert_accessible(operator)
    keys = operator.keyboard
    keys.type(invented_phone(55))  # the cursor stands in the first field
    keys.press("Tab")
    keys.press("Space")  # 1: I am a member
    expect(operator.get_by_role("heading", name="1 我是党员")).to_be_visible()
    expect(operator.get_by_role("heading", name="3 需要帮助")).to_be_hidden()
    keys.press("Tab")
    keys.type("吉克木呷")
    keys.press("Tab")
    keys.type("巴普镇城东社区")
    keys.press("Tab")
    keys.type("在砖厂做工")
    keys.press("Enter")
    expect(operator.get_by_role("status")).to_contain_text("已登记为线索")
    assert_within_a_minute(operator, {"number", "kind", "name", "place", "said"})
    expect(operator.locator("#id_number")).to_be_focused()
    assert invented_phone(55) not in operator.url


def test_a_request_that_lacked_something_still_takes_a_minute_and_the_cursor_stands_where_it_lacks(
    operator: Page, server: Server
) -> None:
    operator.goto(f"{server.url}/w/hotline")
    keys = operator.keyboard
    keys.type(invented_phone(56))
    keys.press("Tab")
    keys.press("Space")
    keys.press("ArrowDown")  # 2: knows a member
    expect(operator.locator("[name=kind][value=knows]")).to_be_checked()
    keys.press("3")  # needs help
    keys.press("Enter")
    expect(operator.locator("#id_said")).to_be_focused()
    expect(operator.locator("#id_number")).to_have_value(invented_phone(56))
    keys.type("孩子上学没有着落")
    keys.press("Enter")
    expect(operator.get_by_role("status")).to_contain_text("会回拨登记的号码")
    assert_within_a_minute(operator, {"number", "kind", "said"})


def tab_to(page: Page, text: str) -> None:
    """Tab until the thing of this name has the cursor; nothing on the way needs a mouse."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.innerText || document.activeElement.id"):
            return
    raise AssertionError(f"no way to “{text}” by keyboard")


def test_a_missed_call_is_called_back_and_becomes_a_lead_without_a_mouse(
    operator: Page, server: Server
) -> None:
    operator.goto(f"{server.url}/w/hotline/back")
    keys, number = operator.keyboard, invented_phone(58)
    tab_to(operator, "id_number")
    keys.type(number)
    keys.press("Enter")
    row = operator.locator("tr", has_text=number[-4:])
    expect(row).to_be_visible()
    keep_picture(operator, "hotline-back-desk")
    tab_to(operator, "看号码，回拨")
    while not row.locator("button:focus").count():
        keys.press("Tab")
    keys.press("Enter")
    expect(operator.get_by_role("link", name="拨打")).to_have_attribute("href", f"tel:{number}")
    keep_picture(operator, "hotline-number-desk")
    tab_to(operator, "接通了，记下来电")
    keys.press("Enter")
    expect(operator.get_by_text("号码不用再填")).to_be_visible()
    keys.press("Space")  # the cursor stands on the kinds: 1, I am a member
    keys.press("Tab")
    keys.type("吉克尔布")
    keys.press("Enter")
    expect(operator.get_by_role("status")).to_contain_text("已登记为线索")
    operator.goto(f"{server.url}/w/hotline/back")
    expect(operator.locator("tr", has_text=number[-4:])).to_have_count(0)


def test_a_softphone_hands_the_number_over_and_no_server_sees_it(
    operator: Page, server: Server
) -> None:
    asked: list[str] = []
    operator.on("request", lambda request: asked.append(request.url))
    number = invented_phone(57)
    operator.goto(f"{server.url}/w/hotline?line=1#tel:{number}")
    expect(operator.locator("#id_number")).to_have_value(number)
    assert operator.url == f"{server.url}/w/hotline?line=1"
    assert not any(number in url.partition("#")[0] for url in asked)


def test_the_screen_fits_a_phone(browser: Browser, server: Server) -> None:
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    session = server.facts["sessions"]["hotline_operator"]
    context.add_cookies([{"name": server.facts["cookie"], "value": session, "url": server.url}])
    page = context.new_page()
    for name, path in {"screen": "/w/hotline", "back": "/w/hotline/back"}.items():
        page.goto(f"{server.url}{path}")
        assert_no_sideways_scroll(page)
        assert_accessible(page)
        keep_picture(page, f"hotline-{name}-phone")
    context.close()


def test_the_rota_and_what_was_passed_on_are_accessible(browser: Browser, server: Server) -> None:
    ids = server.facts["ids"]
    for number, path in enumerate(
        (
            "/w/hotline/rota",
            f"/w/hotline/rota/{ids['point_id']}",
            f"/w/hotline/passed/{ids['passed_id']}",
            "/w/hotline/packs",
        )
    ):
        context = browser.new_context(**DESK)  # type: ignore[arg-type]
        session = server.facts["sessions"]["county_officer"]
        context.add_cookies([{"name": server.facts["cookie"], "value": session, "url": server.url}])
        page = context.new_page()
        page.goto(f"{server.url}{path}")
        assert_accessible(page)
        keep_picture(page, f"hotline-officer-{number}")
        context.close()


def test_who_may_speak_calls_back_and_files_the_request_without_a_mouse(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(**DESK)  # type: ignore[arg-type]
    session = server.facts["sessions"]["county_officer"]
    context.add_cookies([{"name": server.facts["cookie"], "value": session, "url": server.url}])
    page = context.new_page()
    page.goto(f"{server.url}/w/hotline/passed/{server.facts['ids']['passed_id']}")
    expect(page.get_by_text("只拨下面登记的号码")).to_be_visible()
    tab_to(page, "id_text")
    expect(page.locator("#id_text")).to_have_value("孩子上学")  # known already: only to correct
    tab_to(page, "是本人，记下")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server.url}/w/hotline/passed")
    expect(page.get_by_text("没有要回拨的")).to_be_visible()
    context.close()
