"""Every page of the field at every size: fits, accessible, large targets, and by keyboard alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll, assert_targets
from tests.browser.conftest import DESK, PHONE, SMALL, ZOOMED
from tests.browser.market import market_server
from tests.browser.on_phone import PIN, choose_pin, phone_of, status, unlocked
from tests.browser.pictures import keep_picture
from tests.browser.server import Server
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser

SIZES = {"small": SMALL, "phone": PHONE, "zoomed": ZOOMED, "desk": DESK}
LONG_NAME = "美姑县巴普镇城东社区新建路吉克伍沙莫餐饮服务有限责任公司第二分店"


def press(*names: str) -> Callable[[Page], None]:
    """What leads from the first page to another: buttons one after the other."""

    def go(page: Page) -> None:
        for name in names:
            page.get_by_role("button", name=name, exact=True).first.click()

    return go


def add_one_with_a_long_name(page: Page) -> None:
    press("名单上没有")(page)
    page.get_by_label("店名或单位名称").fill(LONG_NAME)
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_label("店名或单位名称")).to_have_count(0)
    press("找一家")(page)
    page.get_by_label("店名、街道或编码").fill(LONG_NAME[-6:])
    page.get_by_role("button", name=LONG_NAME).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LONG_NAME)


PAGES: dict[str, Callable[[Page], None]] = {
    "today": press(),
    "long-name": add_one_with_a_long_name,
    "found": press("有党员"),
    "found-wrong": press("有党员", "记下"),
    "closed": press("关门，再来"),
    "refused": press("不愿说"),
    "same": press("重复登记"),
    "search": press("找一家"),
    "add": press("名单上没有"),
    "this-phone": press("本机"),
    "hand-over": press("本机", "没有信号时转交"),
    "uploads": lambda page: status(page).click(),
}


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    with market_server(admin_url, keys_dir, f"pages_{worker_id}") as running:
        yield running


@pytest.fixture(scope="module")
def phone(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    with phone_of(browser, server) as context:
        yield context


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


def test_the_way_in_fits(browser: Browser, server: Server) -> None:
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{server.url}/field/")
    expect(page.get_by_role("heading", name="请先登录")).to_be_visible()
    assert_at_every_size(page, "sign-in")
    sign_in(page, server.url, **server.facts["people"]["west"])
    page.goto(f"{server.url}/field/")
    page.get_by_label("开锁数字").fill("12345")
    page.get_by_label("再输一遍").fill("12345")
    page.get_by_role("button", name="开始").click()
    expect(page.get_by_text("请输入6位数字")).to_be_visible()
    assert_at_every_size(page, "set-up-wrong")
    choose_pin(page)
    expect(page.get_by_text("下一家")).to_be_visible()
    page.reload()
    page.get_by_label("开锁数字").fill("000000")
    page.get_by_role("button", name="打开", exact=True).click()
    expect(page.get_by_text("还可以试 4 次")).to_be_visible()
    assert_at_every_size(page, "unlock-wrong")
    context.close()


def test_a_door_is_done_by_the_keyboard_alone(phone: BrowserContext, server: Server) -> None:
    page = phone.new_page()
    page.goto(f"{server.url}/field/")
    expect(page.get_by_label("开锁数字")).to_be_focused()
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.locator(".next")).to_be_visible()
    _tab_to(page, "没有党员")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已记下")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    _tab_to(page, "有党员")
    page.keyboard.press("Enter")
    _tab_to(page, "姓名")
    page.keyboard.type("阿果")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("有党员")
    expect(status(page)).to_have_text("全部已上传")
    page.close()


def _tab_to(page: Page, name: str) -> None:
    """As a person does who sees where the focus is; it must be seen."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(
            """(name) => {
              const at = document.activeElement;
              return (at.labels?.[0]?.textContent ?? at.textContent).trim() === name;
            }""",
            name,
        ):
            break
    else:
        raise AssertionError(f"Tab does not reach {name}")
    width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
    assert width >= 2


def test_a_mistake_is_corrected_by_what_supersedes_it(
    phone: BrowserContext, server: Server
) -> None:
    page = unlocked(phone, server)
    page.get_by_role("button", name="没有党员").first.click()
    page.get_by_role("button", name="改一下").click()
    page.get_by_role("button", name="已搬走", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已搬走")
    expect(status(page)).to_have_text("全部已上传")
    page.close()
