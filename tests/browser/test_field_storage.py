"""The phone's storage: kept for long or said so, taken away under the page, full, used by two windows."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import PHONE
from tests.browser.market import counted, market_server
from tests.browser.on_phone import choose_pin, phone_of, status, unlocked
from tests.browser.pictures import keep_picture
from tests.browser.server import Server
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser

DELETE = """() => new Promise((done) => {
  const asked = indexedDB.deleteDatabase('guiyan-field');
  asked.onsuccess = asked.onerror = () => done(true);
})"""


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    with market_server(admin_url, keys_dir, f"store_{worker_id}") as running:
        yield running


@pytest.fixture(scope="module")
def office(server: Server) -> Callable[[], dict[str, Any]]:
    return lambda: counted(server)


@pytest.fixture(scope="module")
def signed_in(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    with phone_of(browser, server) as context:
        yield context


def test_two_windows_of_a_phone_upload_once_and_know_of_each_other(
    signed_in: BrowserContext, server: Server, office: Callable[[], dict[str, Any]]
) -> None:
    one, other = unlocked(signed_in, server), unlocked(signed_in, server)
    before = office()["visits"]
    signed_in.set_offline(True)
    door = one.locator(".next b").inner_text()
    one.get_by_role("button", name="没有党员").first.click()
    expect(status(other)).to_contain_text("待上传 1 条")
    expect(other.locator(".next b")).not_to_have_text(door)  # it goes on with the next one too
    other.get_by_role("button", name="没有党员").first.click()
    expect(status(one)).to_contain_text("待上传 2 条")
    sent: list[str] = []
    for page in (one, other):
        page.on(
            "request",
            lambda asked: (
                sent.append(asked.post_data or "") if asked.url.endswith("/operations") else None
            ),
        )
    signed_in.set_offline(False)
    for page in (one, other):  # both hear at once that there is a line
        expect(status(page)).to_have_text("全部已上传")
    assert office()["visits"] == before + 2
    assert sum(said.count('"census.visit"') for said in sent) == 2
    one.close()
    other.close()


def test_a_full_phone_says_so_keeps_what_was_typed_and_says_nothing_was_written(
    signed_in: BrowserContext, server: Server
) -> None:
    page = unlocked(signed_in, server)
    page.get_by_role("button", name="有党员", exact=True).first.click()
    page.get_by_label("姓名").fill("阿力石一")
    _be_full(page, True)
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_role("alert")).to_contain_text("没有记下：手机空间不足")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    keep_picture(page, "field-full")
    expect(page.get_by_label("姓名")).to_have_value("阿力石一")
    expect(page.get_by_text("已记下")).to_have_count(0)
    _be_full(page, False)
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("已记下")).to_be_visible()
    expect(page.locator("#alarm")).to_be_hidden()
    expect(status(page)).to_have_text("全部已上传")
    page.close()


def _be_full(page: Page, is_full: bool) -> None:
    """The browser's own answer when a write finds no room."""
    page.evaluate(
        """(isFull) => {
          window.ownPut ??= IDBObjectStore.prototype.put;
          IDBObjectStore.prototype.put = isFull
            ? function () { throw new DOMException('no room', 'QuotaExceededError'); }
            : window.ownPut;
        }""",
        is_full,
    )


def test_whether_the_browser_keeps_it_is_said_and_may_be_asked_for_again(
    signed_in: BrowserContext, server: Server
) -> None:
    page = unlocked(signed_in, server)
    page.evaluate("navigator.storage.persisted = async () => false")
    page.evaluate("navigator.storage.persist = async () => false")
    page.get_by_role("button", name="本机").click()
    expect(page.get_by_text("浏览器没有答应长期保存")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="请浏览器长期保存").click()
    expect(page.get_by_text("浏览器还是没有答应")).to_be_visible()
    page.evaluate("navigator.storage.persisted = async () => true")
    page.get_by_role("button", name="返回").click()
    page.get_by_role("button", name="本机").click()
    expect(page.get_by_text("浏览器已答应长期保存")).to_be_visible()
    keep_picture(page, "field-this-phone")
    page.close()


def test_a_storage_that_was_taken_away_is_said_with_how_much_was_lost_and_what_to_do(
    signed_in: BrowserContext, server: Server, office: Callable[[], dict[str, Any]]
) -> None:
    page = unlocked(signed_in, server)
    before = office()["visits"]
    signed_in.set_offline(True)
    page.get_by_role("button", name="没有党员").first.click()
    expect(status(page)).to_contain_text("待上传 1 条")
    page.evaluate(DELETE)
    expect(page.get_by_role("heading", name="手机里的记录被清掉了")).to_be_visible()
    expect(page.locator(".note.bad:visible")).to_contain_text("还有 1 条没有上传")
    expect(page.get_by_text("全部已上传")).to_have_count(0)
    assert_accessible(page)
    keep_picture(page, "field-lost")
    signed_in.set_offline(False)
    page.get_by_role("button", name="知道了，重新开始").click()
    again = page.get_by_role("button", name="再试一次")
    expect(again.or_(page.get_by_label("再输一遍"))).to_be_visible()
    if again.is_visible():  # the page came back sooner than the line
        again.click()
    choose_pin(page)
    expect(page.get_by_text("下一家")).to_be_visible()
    assert office()["visits"] == before  # what was lost is still to be done, as the list says
    page.close()


def test_of_two_windows_that_begin_at_once_one_sets_the_lock(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    one = context.new_page()
    sign_in(one, server.url, **server.facts["people"]["west"])
    one.goto(f"{server.url}/field/")
    other = context.new_page()
    other.goto(f"{server.url}/field/")
    expect(other.get_by_role("heading", name="在这部手机上工作")).to_be_visible()
    choose_pin(one)
    expect(one.get_by_text("下一家")).to_be_visible()
    expect(other.get_by_role("heading", name="请开锁")).to_be_visible()
    context.close()
