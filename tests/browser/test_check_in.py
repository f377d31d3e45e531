"""The poster's page on a phone: by thumb, by keyboard, without script, for elders, back and forth."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import township
from tests.browser.checks import assert_accessible, assert_no_sideways_scroll, assert_targets
from tests.browser.conftest import DESK, PHONE, SMALL
from tests.browser.pictures import keep_picture
from tests.browser.server import Server, running_server
from tests.people import invented_phone

pytestmark = pytest.mark.browser

ANSWERS = {
    "name": "吉克阿支",
    "phone": invented_phone(77),
    "home": "昭觉县新城镇党支部",
    "now_at": "巴普镇新建路工地",
    "trade": "建筑",
    "note": "晚上有空",
}
SIZES = {"phone": PHONE, "small": SMALL, "desk": DESK}


@pytest.fixture(scope="module")
def place(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    """Guiyan with a township that receives."""
    name = f"guiyan_check_in_{worker_id}"
    with running_server(admin_url, name=name, keys_dir=keys_dir, prepare=township.build) as running:
        yield running


def poster(place: Server) -> str:
    return f"{place.url}/r/{place.facts['code']}"


def test_six_questions_by_keyboard_only_and_every_page_keeps_the_bars(
    browser: Browser, place: Server
) -> None:
    for size, options in SIZES.items():
        for mode in ("normal", "large"):
            context = browser.new_context(**options, java_script_enabled=True)  # type: ignore[arg-type]
            if mode == "large":
                context.add_cookies([{"name": "guiyan_large", "value": "1", "url": place.url}])
            page = context.new_page()
            page.goto(poster(place))
            _check(page, f"check-in-1-{size}-{mode}", mode)
            for number, step in enumerate(("name", "phone", "home", "now_at", "trade"), start=2):
                field = page.locator(f"[name={step}]")
                field.focus()
                page.keyboard.type(ANSWERS[step])
                page.keyboard.press("Enter")
                expect(page.get_by_text(f"{number}/6")).to_be_visible()
                _check(page, f"check-in-{number}-{size}-{mode}", mode)
            page.get_by_label("先发短信").focus()
            page.keyboard.press("Space")
            page.get_by_label("还想说什么").focus()
            page.keyboard.type(ANSWERS["note"])
            page.get_by_role("button", name="下一步").focus()
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", name="看一看对不对")).to_be_visible()
            _check(page, f"check-in-7-{size}-{mode}", mode)
            page.get_by_role("button", name="提交").focus()
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", name="收到了，谢谢")).to_be_visible()
            _check(page, f"check-in-8-{size}-{mode}", mode)
            context.close()


def _check(page: Page, name: str, mode: str) -> None:
    keep_picture(page, name)
    assert_no_sideways_scroll(page)
    assert_targets(page, at_least_px=60 if mode == "large" else 44)
    assert_accessible(page)


def test_without_script_and_with_the_browsers_own_back(browser: Browser, place: Server) -> None:
    context = browser.new_context(**PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(poster(place))
    page.locator("[name=name]").fill("沙马小英")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("3/6")).to_be_visible()
    page.get_by_role("button", name="上一步").click()
    page.get_by_role("button", name="上一步").click()
    expect(page.locator("[name=name]")).to_have_value("沙马小英")
    page.get_by_role("button", name="下一步").click()
    page.go_back()
    expect(page.locator("[name=name]")).to_be_visible()
    context.close()


def test_one_request_and_ten_kilobytes_a_page(browser: Browser, place: Server) -> None:
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(poster(place), wait_until="networkidle")
    assert len(sizes) == 1
    assert sizes[0] <= 10 * 1024
    context.close()


def test_an_unknown_poster_warns_on_every_size(browser: Browser, place: Server) -> None:
    for size, options in SIZES.items():
        context = browser.new_context(**options)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{place.url}/r/nosuchposter")
        expect(page.get_by_role("heading", name="这个码不能用了")).to_be_visible()
        expect(page.get_by_role("link", name="12034567")).to_be_visible()
        _check(page, f"check-in-unknown-{size}", "normal")
        context.close()
