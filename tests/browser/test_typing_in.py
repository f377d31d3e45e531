"""Paper is typed in by keyboard alone, in a browser that runs no script: code, Enter, key, Enter."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from guiyan.outreach.census.codes import written_code
from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import DESK
from tests.browser.market import build
from tests.browser.on_paper import typed
from tests.browser.pictures import keep_picture
from tests.browser.server import Server, running_server
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    """Guiyan with a township that walks two streets."""
    name = f"guiyan_typing_{worker_id}"
    with running_server(admin_url, name=name, keys_dir=keys_dir, prepare=build) as running:
        yield running


@pytest.fixture(scope="module")
def typist(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(**DESK, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, server.url, **server.facts["people"]["lead"])
    yield page
    context.close()


def test_a_sheet_goes_in_line_by_line_without_mouse_and_without_script(
    typist: Page, server: Server
) -> None:
    typist.goto(f"{server.url}/w/census/{server.facts['round']}/type-in")
    typed(typist, written_code(1))
    expect(typist.locator("main")).to_contain_text("号铺")
    typed(typist, "1")
    expect(typist.get_by_role("status")).to_contain_text("没有党员")
    # The next line at once: the cursor stands in the code again.
    typed(typist, written_code(2))
    typed(typist, "3")
    expect(typist.locator("main")).to_contain_text("哪天再来")
    assert_no_sideways_scroll(typist)
    keep_picture(typist, "type-in-come-back")


def test_code_and_key_in_one_go_and_a_wrong_code_stays_to_be_mended(
    typist: Page, server: Server
) -> None:
    typist.goto(f"{server.url}/w/census/{server.facts['round']}/type-in")
    typed(typist, f"{written_code(3)} 6")
    expect(typist.get_by_role("status")).to_contain_text("查无此店")
    right = written_code(5)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    typed(typist, wrong)
    expect(typist.locator("#id_code_error")).to_contain_text("编码有一位不对")
    assert typist.locator("#id_code").input_value() == wrong


def test_the_same_line_twice_is_one_and_another_result_asks_whether_it_is_a_correction(
    typist: Page, server: Server
) -> None:
    typist.goto(f"{server.url}/w/census/{server.facts['round']}/type-in")
    for _time in range(2):
        typed(typist, f"{written_code(4)} 1")
        expect(typist.get_by_role("status")).to_contain_text("没有党员")
    typed(typist, f"{written_code(4)} 5")
    expect(typist.locator("#id_key_error")).to_contain_text("请勾选“更正”再保存")


def test_the_page_can_be_used_by_everybody(browser: Browser, server: Server, typist: Page) -> None:
    cookies = typist.context.cookies()
    context = browser.new_context(**DESK)  # type: ignore[arg-type]
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{server.url}/w/census/{server.facts['round']}/type-in")
    assert_accessible(page)
    context.close()
