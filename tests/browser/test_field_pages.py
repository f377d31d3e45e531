"""Pages of the field behind its first at every size: they fit, are accessible, have large targets."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll, assert_targets
from tests.browser.conftest import DESK, PHONE, SMALL, ZOOMED
from tests.browser.market import build
from tests.browser.on_phone import choose_pin, unlocked, wait_until_kept
from tests.browser.pictures import keep_picture
from tests.browser.server import Server, running_server
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser

SIZES = {"small": SMALL, "phone": PHONE, "zoomed": ZOOMED, "desk": DESK}


def press(*names: str) -> Callable[[Page], None]:
    """What leads from the first page to another: buttons one after the other."""

    def go(page: Page) -> None:
        for name in names:
            page.get_by_role("button", name=name, exact=True).first.click()

    return go


PAGES: dict[str, Callable[[Page], None]] = {
    "found": press("有党员"),
    "found-wrong": press("有党员", "记下"),
    "closed": press("关门，再来"),
    "refused": press("不愿说"),
    "same": press("重复登记"),
    "search": press("找一家"),
}


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    with running_server(
        admin_url, name=f"guiyan_pages_{worker_id}", keys_dir=keys_dir, prepare=build,
        application="guiyan.web.wsgi:application",
    ) as running:  # fmt: skip
        yield running


@pytest.fixture(scope="module")
def phone(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, server.url, **server.facts["people"]["east"])
    page.goto(f"{server.url}/field/")
    choose_pin(page)
    expect(page.get_by_text("下一家")).to_be_visible()
    wait_until_kept(page)
    page.close()
    yield context
    context.close()


def assert_at_every_size(page: Page, name: str) -> None:
    for size, wishes in SIZES.items():
        page.set_viewport_size(wishes["viewport"])  # type: ignore[arg-type]
        assert_no_sideways_scroll(page)
        assert_targets(page, at_least_px=44)
        keep_picture(page, f"field-{name}-{size}")
        if size in ("phone", "desk"):
            assert_accessible(page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_field_fits(phone: BrowserContext, server: Server, name: str) -> None:
    page = unlocked(phone, server)
    expect(page.locator(".next")).to_be_visible()
    PAGES[name](page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_at_every_size(page, name)
    page.close()
