"""The shell and its components, seen by a browser at every size and in both modes."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll, assert_targets
from tests.browser.conftest import DESK, PHONE, SMALL, ZOOMED
from tests.browser.pictures import keep_picture
from tests.browser.server import Server

pytestmark = pytest.mark.browser

SIZES = {"phone": PHONE, "small": SMALL, "desk": DESK, "zoomed": ZOOMED}
STAGED = ("staff", "member", "work", "idle", "refused")
PAGES = ("/", "/feedback", "/nothing-here", *(f"/gallery/{face}" for face in STAGED))


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page at one of the sizes."""
    context = browser.new_context(**SIZES[request.param])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("mode", ["normal", "large"])
def test_a_page_fits_and_is_accessible(
    sized: Page, request: pytest.FixtureRequest, server: Server, path: str, mode: str
) -> None:
    if mode == "large":
        sized.context.add_cookies([{"name": "guiyan_large", "value": "1", "url": server.url}])
    sized.goto(server.url + path)
    size: Any = request.node.callspec.params["sized"]
    keep_picture(sized, f"{path.strip('/').replace('/', '-') or 'landing'}-{size}-{mode}")
    assert_no_sideways_scroll(sized)
    assert_targets(sized, at_least_px=60 if mode == "large" else 44)
    assert_accessible(sized)


def test_a_public_page_is_one_request_of_at_most_10_kilobytes(phone: Page, server: Server) -> None:
    sizes: list[int] = []
    phone.on("response", lambda response: sizes.append(len(response.body())))
    phone.goto(server.url, wait_until="networkidle")
    assert len(sizes) <= 2
    assert sum(sizes) <= 10 * 1024


def test_a_staff_page_is_at_most_100_kilobytes(page: Page, server: Server) -> None:
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(sum(request.sizes().values())))
    page.goto(f"{server.url}/gallery/staff", wait_until="networkidle")
    assert sum(sizes) <= 100 * 1024


def test_the_policy_stops_nothing_that_a_page_needs(page: Page, server: Server) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in PAGES:
        page.goto(server.url + path)
    assert [text for text in complaints if "Content Security Policy" in text] == []


def test_the_keyboard_reaches_the_text_first_and_sees_where_it_is(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}/gallery/staff")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    assert skip.evaluate("e => e.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_complaint_goes_in_without_javascript_and_by_keyboard(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(**PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url)
    page.get_by_role("link", name="投诉与建议").press("Enter")
    page.get_by_role("button", name="提交").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("还没有写内容")
    page.get_by_label("您想说什么").fill("热线打不通")
    page.get_by_role("button", name="提交").press("Enter")
    expect(page.get_by_role("heading", name="收到了，谢谢")).to_be_visible()
    context.close()


def test_elders_text_is_at_least_18_pixels_with_room_between_the_lines(
    phone: Page, server: Server
) -> None:
    phone.context.add_cookies([{"name": "guiyan_large", "value": "1", "url": server.url}])
    for path in PAGES:
        phone.goto(server.url + path)
        small = phone.evaluate(
            """() => [...document.querySelectorAll('main *, header *, footer *')]
              .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
              .filter(e => !e.closest('.hidden'))
              .filter(e => {
                const style = getComputedStyle(e), size = parseFloat(style.fontSize);
                return size < 17.9 || parseFloat(style.lineHeight) < 1.3 * size;
              })
              .map(e => `${getComputedStyle(e).fontSize} ${e.outerHTML.slice(0, 100)}`)"""
        )
        assert not small, f"{path}\n" + "\n".join(small)


def test_a_register_on_paper_is_black_on_white_without_buttons(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/gallery/staff")
    page.emulate_media(media="print")
    keep_picture(page, "gallery-staff-paper")
    expect(page.get_by_role("link", name="登记一名党员")).to_be_hidden()
    expect(page.get_by_role("navigation", name="主要页面")).to_be_hidden()
    expect(page.get_by_role("table")).to_be_visible()
