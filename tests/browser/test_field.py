"""A canvasser's day on a phone: the line is really switched off and on, and nothing is lost."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import keystrokes
from tests.browser.checks import assert_accessible, assert_no_sideways_scroll, assert_targets
from tests.browser.conftest import PHONE, SMALL
from tests.browser.market import counted, market_server
from tests.browser.on_phone import KEPT, choose_pin, status, unlocked, wait_until_kept
from tests.browser.pictures import keep_picture
from tests.browser.server import Server
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    with market_server(admin_url, keys_dir, f"field_{worker_id}") as running:
        yield running


@pytest.fixture(scope="module")
def office(server: Server) -> Callable[[], dict[str, Any]]:
    return lambda: counted(server)


@pytest.fixture(scope="module")
def canvasser(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A phone on which one canvasser has begun."""
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, server.url, **server.facts["people"]["east"])
    page.goto(f"{server.url}/field/")
    expect(page.get_by_role("heading", name="在这部手机上工作")).to_be_visible()
    assert_accessible(page)
    keep_picture(page, "field-set-up")
    choose_pin(page)
    expect(page.get_by_text("下一家")).to_be_visible()
    wait_until_kept(page)
    page.close()
    yield context
    context.close()


def test_the_field_opens_on_the_next_premises_and_how_many_are_left(
    canvasser: BrowserContext, server: Server
) -> None:
    page = unlocked(canvasser, server)
    expect(page.get_by_role("heading", level=1)).to_contain_text("还有")
    expect(page.get_by_text("下一家")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert_targets(page, at_least_px=44)
    keep_picture(page, "field-today")
    page.set_viewport_size(SMALL["viewport"])
    assert_no_sideways_scroll(page)
    page.close()


def test_a_day_without_a_line_loses_nothing(
    canvasser: BrowserContext, server: Server, office: Callable[[], dict[str, Any]]
) -> None:
    page = unlocked(canvasser, server)
    before = office()
    canvasser.set_offline(True)
    keystrokes.listen_here(page)
    page.get_by_role("button", name="没有党员").first.click()
    expect(page.get_by_text("已记下")).to_be_visible()
    nobody = keystrokes.effort(page)
    assert (nobody.fields, nobody.keys) == (set(), 0)
    assert nobody.pointings <= 2
    expect(status(page)).to_contain_text("待上传 1 条")
    page.get_by_role("button", name="关门").first.click()
    page.get_by_role("button", name="明天").click()
    expect(status(page)).to_contain_text("待上传 2 条")
    keep_picture(page, "field-waiting")

    page.close()
    page = unlocked(canvasser, server)  # from what the phone keeps, still without a line
    expect(status(page)).to_contain_text("待上传 2 条")
    keystrokes.listen_here(page)
    page.get_by_role("button", name="有党员", exact=True).first.click()
    assert_accessible(page)
    keep_picture(page, "field-found")
    assert page.locator("form input").count() <= 4
    said = {
        "姓名": "曲比伍呷",
        "电话": "12812345678",
        "从哪里来": "四川美姑",
        "还有什么要说的": "晚上在家",
    }
    for label, text in said.items():
        page.get_by_label(label).click()
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="记下").click()
    found = keystrokes.effort(page)
    assert len(found.fields) == 4
    assert found.seconds_on_phone <= 45
    expect(status(page)).to_contain_text("待上传 3 条")
    assert office() == before

    canvasser.set_offline(False)
    status(page).click()
    page.get_by_role("button", name="现在上传").click()
    expect(status(page)).to_have_text("全部已上传")
    after = office()
    for state in ("none_found", "closed", "members_found"):
        assert after["states"].get(state, 0) == before["states"].get(state, 0) + 1
    assert after["leads"] == before["leads"] + 1
    assert sum(after["states"].values()) == server.facts["premises"]
    page.close()


def test_what_was_typed_of_a_person_can_not_be_read_on_the_phone(
    canvasser: BrowserContext, server: Server
) -> None:
    page = unlocked(canvasser, server)
    canvasser.set_offline(True)
    page.get_by_role("button", name="有党员", exact=True).first.click()
    page.get_by_label("姓名").fill("阿力石一")
    page.get_by_label("电话").fill("12887654321")
    page.get_by_role("button", name="记下").click()
    expect(status(page)).to_contain_text("待上传 1 条")
    kept = page.evaluate(KEPT)
    assert "阿力石一" not in kept
    assert "12887654321" not in kept
    assert "号铺" not in kept  # the list itself is under lock too
    canvasser.set_offline(False)
    status(page).click()
    page.get_by_role("button", name="现在上传").click()
    expect(status(page)).to_have_text("全部已上传")
    page.close()


def test_five_wrong_pins_remove_the_list_and_lose_no_record(
    canvasser: BrowserContext, server: Server, office: Callable[[], dict[str, Any]]
) -> None:
    page = unlocked(canvasser, server)
    canvasser.set_offline(True)
    page.get_by_role("button", name="没有党员").first.click()
    expect(status(page)).to_contain_text("待上传 1 条")
    page.close()
    page = canvasser.new_page()
    page.goto(f"{server.url}/field/")
    for left in (4, 3, 2, 1):
        page.get_by_label("开锁数字").fill("000000")
        page.get_by_role("button", name="打开", exact=True).click()
        expect(page.get_by_text(f"还可以试 {left} 次")).to_be_visible()
    canvasser.set_offline(False)
    page.get_by_label("开锁数字").fill("000000")
    page.get_by_role("button", name="打开", exact=True).click()
    expect(page.get_by_role("button", name="再试一次")).to_be_visible()
    before = office()
    page.get_by_role("button", name="再试一次").click()
    choose_pin(page)
    expect(status(page)).to_have_text("全部已上传")
    assert office()["visits"] == before["visits"] + 1
    page.close()


def test_in_wechat_the_page_says_to_open_the_browser(browser: Browser, server: Server) -> None:
    agent = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50"
    context = browser.new_context(**PHONE, user_agent=agent)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{server.url}/field/")
    expect(page.get_by_role("heading", name="请用手机浏览器打开")).to_be_visible()
    assert_accessible(page)
    context.close()
