"""A day of a census: two teams on foot, a line that breaks, an area that changes hands, two words
about one door, and a round that closes with states that add up."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll, assert_targets
from tests.browser.conftest import DESK, PHONE
from tests.browser.market import counted, market_server
from tests.browser.on_phone import begun, status
from tests.browser.pictures import keep_picture
from tests.browser.server import Server
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    with market_server(admin_url, keys_dir, f"day_{worker_id}") as running:
        yield running


@pytest.fixture(scope="module")
def office(server: Server) -> Callable[[], dict[str, Any]]:
    return lambda: counted(server)


def upload(page: Page) -> None:
    status(page).click()
    page.get_by_role("button", name="现在上传").click()


def answer(page: Page, said: str) -> str:
    """One tap at the door that is next; which door it was."""
    card = page.locator(".next")
    door = card.locator("b").inner_text()
    card.get_by_role("button", name=said, exact=True).click()
    expect(page.get_by_text(f"已记下：{door}")).to_be_visible()
    return door


def fetch(page: Page) -> None:
    page.get_by_role("button", name="本机").click()
    page.get_by_role("button", name="领取最新名单").click()
    expect(page.get_by_role("button", name="领取最新名单")).to_be_enabled(timeout=30_000)


def test_two_teams_work_a_township_and_the_round_closes(
    browser: Browser, server: Server, office: Callable[[], dict[str, Any]]
) -> None:
    facts = server.facts
    lead_context = browser.new_context(**DESK)  # type: ignore[arg-type]
    lead = lead_context.new_page()
    sign_in(lead, server.url, **facts["people"]["lead"])
    east_phone, east = begun(browser, server, "east")
    west_phone, west = begun(browser, server, "west")

    # The east team is beyond the last signal and has seen two doors.
    east_phone.set_offline(True)
    first = answer(east, "没有党员")
    answer(east, "没有党员")
    expect(status(east)).to_contain_text("待上传 2 条")

    # Meanwhile its area goes to the west team, who say something else of the first door.
    lead.goto(f"{server.url}/w/census/areas/{facts['areas']['east']}")
    lead.get_by_label("走访组").select_option(facts["areas"]["team_west"])
    lead.get_by_role("button", name="保存").click()
    expect(lead.locator("main")).to_contain_text("沙马木果组")
    fetch(west)
    west.get_by_role("button", name="摸排").click()
    west.get_by_role("button", name="找一家").click()
    west.get_by_label("店名、街道或编码").fill(first)
    if not west.get_by_role("button", name=first).count():
        west.get_by_role("button", name="返回").click()
        west.locator("h2", has_text="其他片区").locator("+ ul button").first.click()
        west.get_by_role("button", name="找一家").click()
        west.get_by_label("店名、街道或编码").fill(first)
    west.get_by_role("button", name=first).click()
    west.get_by_role("button", name="已搬走", exact=True).click()
    upload(west)
    expect(status(west)).to_have_text("全部已上传")

    # The east team comes back: nothing is lost, the work waits for whoever has the area now.
    east_phone.set_offline(False)
    upload(east)
    expect(status(east)).to_have_text("全部已上传")
    status(east).click()
    expect(east.get_by_text("记录已转给现在的负责人").first).to_be_visible()
    keep_picture(east, "field-quarantined")
    lead.goto(f"{server.url}/w/field/inbox")
    assert_fits_a_phone(lead, "field-inbox")
    boxes = lead.locator("input[name=operation]")
    assert boxes.count() == 2
    for number in range(2):
        boxes.nth(number).check()
    lead.get_by_role("button", name="接办勾选的").click()
    expect(lead.get_by_text("没有要接办的")).to_be_visible()

    # Two teams said two things of one door: a person chooses.
    lead.goto(f"{server.url}/w/field/conflicts")
    assert_fits_a_phone(lead, "field-conflict")
    lead.get_by_label("现在登记的").check()
    lead.get_by_role("button", name="就这样定").click()
    expect(lead.get_by_text("没有填法不同的")).to_be_visible()

    # The rest of both areas.
    fetch(west)
    west.get_by_role("button", name="摸排").click()
    for _door in range(facts["premises"] - 2):
        expect(west.get_by_role("heading", level=1)).to_contain_text("还有")
        if not west.locator(".next").count():
            west.locator("h2", has_text="其他片区").locator("+ ul button").first.click()
            expect(west.locator(".next")).to_be_visible()
        answer(west, "没有党员")
    expect(west.get_by_text("全部走完")).to_be_visible()
    expect(status(west)).to_have_text("全部已上传")  # by itself: there is a line

    states = office()["states"]
    assert sum(states.values()) == facts["premises"]
    assert states == {"none_found": facts["premises"] - 1, "moved": 1}
    lead.goto(f"{server.url}/w/census/{facts['round']}")
    keep_picture(lead, "census-board")
    lead_closes(lead)
    for context in (lead_context, east_phone, west_phone):
        context.close()


def lead_closes(lead: Page) -> None:
    """Twelve shops of two streets were seen by both teams: no back-check, and why."""
    lead.get_by_label("不复核的原因").fill("只有两条街，两个组都走过")
    lead.get_by_role("button", name="结束摸排").click()
    expect(lead.locator("main")).to_contain_text("已结束")


def assert_fits_a_phone(page: Page, name: str) -> None:
    """Deciding is done at a desk, and as well on the way; the page stays at a phone's size."""
    assert_accessible(page)
    keep_picture(page, name)
    page.set_viewport_size(PHONE["viewport"])  # type: ignore[arg-type]
    assert_no_sideways_scroll(page)
    assert_targets(page, at_least_px=44)
    assert_accessible(page)
    keep_picture(page, f"{name}-phone")
