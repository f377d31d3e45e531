"""A quarter of keeping in touch in the browser: due, reached, not reached, visited; and members
without a phone, reached by a visit and by a neighbour's number."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import assert_accessible
from tests.browser.conftest import PHONE
from tests.browser.kept_in_touch import ABROAD, build
from tests.browser.pictures import keep_picture
from tests.browser.server import Server, running_server

pytestmark = pytest.mark.browser

BETRAYING = ("党", "组织", "支部", "登记", "流动")
NIGHT = """
import sys, django
django.setup()
from dataclasses import replace
from datetime import date
from guiyan.liaison.cadence import materialising
from guiyan.platform.actor import Actor
day = date.fromisoformat(sys.argv[1])
materialising.tonight(day, replace(Actor.system("liaison.put_dues"), today=day))
"""
COUNT_TAPS = """addEventListener("click",
  () => { sessionStorage.taps = Number(sessionStorage.taps || 0) + 1 }, true)"""
OnADay = Callable[[str, date | None], Page]


def next_quarter(today: date) -> date:
    """Its first day: ahead of the real clock, so that no cookie is too old for the browser."""
    month = today.month + 3 - (today.month - 1) % 3
    return date(today.year + (month > 12), month - 12 if month > 12 else month, 1)


BEGINS = next_quarter(datetime.now(UTC).date())


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("clock") / "now"
    file.write_text(datetime.now(UTC).isoformat())
    return file


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str, clock: Path) -> Iterator[Server]:
    with running_server(
        admin_url, name=f"guiyan_quarter_{worker_id}", keys_dir=keys_dir, prepare=build,
        application="tests.browser.moved_wsgi:application", TESTS_CLOCK_FILE=str(clock),
    ) as running:  # fmt: skip
        yield running


@pytest.fixture(scope="module")
def on_a_day(browser: Browser, server: Server, clock: Path) -> Iterator[OnADay]:
    """A phone on which this person has signed in on that morning, after the night's work; without
    a day on the next one. Time only goes on: a code of the authenticator counts once."""
    contexts = []
    last = [datetime.now(UTC).date()]

    def open_page(who: str, day: date | None) -> Page:
        day = day or last[-1] + timedelta(days=1)
        assert day >= last[-1]
        last.append(day)
        moment = datetime(day.year, day.month, day.day, 2, tzinfo=UTC) + timedelta(
            minutes=len(contexts)
        )
        clock.write_text(moment.isoformat())
        server.run("-c", NIGHT, day.isoformat())
        context = browser.new_context(**PHONE)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        person = server.facts["people"][who]
        page.goto(f"{server.url}/in")
        page.locator("[name=login]").fill(person["login"])
        page.locator("[name=password]").fill(person["password"])
        page.locator("[name=password]").press("Enter")
        page.locator("[name=code]").fill(pyotp.TOTP(person["totp_secret"]).at(moment))
        page.locator("[name=code]").press("Enter")
        page.wait_for_url(f"{server.url}/w/**")
        page.goto(f"{server.url}/w/today")
        return page

    yield open_page
    for context in contexts:
        context.close()


def record(page: Page, server: Server, name: str, result: str, **more: Any) -> None:
    """Name, button, done."""
    page.goto(f"{server.url}/w/today")
    page.locator("tr", has_text=name).get_by_role("link", name=re.compile("联系|上门")).click()
    if "why_not" in more:
        page.locator("[name=why_not]").select_option(more["why_not"])
    if more.get("was_talk"):
        page.get_by_label("谈心谈话").check()
    page.get_by_role("button", name=result, exact=True).click()
    expect(page.get_by_role("heading", name="已记下")).to_be_visible()


def month(number: int, day: int) -> date:
    """A day of the first, second or third month of the quarter."""
    index = BEGINS.month - 1 + number - 1
    return date(BEGINS.year + index // 12, index % 12 + 1, day)


def test_a_quarter_runs_with_due_reached_not_reached_and_visited(
    server: Server, on_a_day: OnADay
) -> None:
    for number in (1, 2, 3):
        page = on_a_day("carer", month(number, 10))
        row = page.locator("tr", has_text="阿依")
        expect(row).to_contain_text("每月联系")
        record(page, server, "阿依", "联系上了")
        record(page, server, "木呷", "没联系上", why_not="no_answer")
        if number == 2:
            record(page, server, "阿依", "上门见到了", was_talk=True)
            page.goto(f"{server.url}/w/today")
            expect(page.locator("tr", has_text="阿依")).to_have_count(0)
    # The quarter is over: what was not reached is overdue, and the secretary sees who and why.
    page = on_a_day("carer", month(3, 10) + timedelta(days=25))
    row = page.locator("tr", has_text="木呷")
    expect(row).to_contain_text("已超期")
    expect(page.locator("tr", has_text="阿依")).not_to_contain_text("已超期")
    assert_accessible(page)
    keep_picture(page, "quarter-today")
    page = on_a_day("secretary", month(3, 10) + timedelta(days=25))
    page.goto(f"{server.url}/w/unreached")
    expect(page.get_by_text("木呷").first).to_be_visible()
    expect(page.get_by_text("打了没人接").first).to_be_visible()
    expect(page.get_by_text("阿依")).to_have_count(0)
    assert_accessible(page)
    keep_picture(page, "quarter-unreached")


def test_three_taps_lead_from_todays_list_and_back_to_it(server: Server, on_a_day: OnADay) -> None:
    page = on_a_day("carer", None)
    page.context.add_init_script(COUNT_TAPS)
    page.goto(f"{server.url}/w/today")
    row = page.locator("tr", has_text="曲布")
    row.get_by_role("link", name=re.compile("联系")).click()
    page.get_by_role("button", name="上门见到了", exact=True).click()
    expect(page.get_by_role("heading", name="已记下")).to_be_visible()
    page.get_by_role("link", name="下一位").click()
    page.wait_for_url(f"{server.url}/w/today")
    assert page.evaluate("Number(sessionStorage.taps)") == 3
    expect(page.locator("tr", has_text="曲布").get_by_text("每月联系")).to_have_count(0)


def test_the_branch_itself_keeps_in_touch_with_who_is_abroad(
    server: Server, on_a_day: OnADay
) -> None:
    page = on_a_day("secretary", None)
    expect(page.get_by_role("heading", name="本支部自己联系的")).to_be_visible()
    row = page.locator("tr", has_text=ABROAD)
    expect(row).to_contain_text("出国（境）联系")
    assert_accessible(page)
    keep_picture(page, "quarter-abroad")
    row.get_by_role("link", name=re.compile("联系")).click()
    page.locator("[name=how]").select_option("wechat")
    page.get_by_role("button", name="联系上了", exact=True).click()
    expect(page.get_by_role("heading", name="已记下")).to_be_visible()
    # Whoever did it, it stands in nobody's list any more.
    for who in ("secretary", "other"):
        page = on_a_day(who, None)
        expect(page.get_by_text("出国（境）联系")).to_have_count(0)


def test_a_member_without_a_phone_is_reached_by_a_visit(server: Server, on_a_day: OnADay) -> None:
    page = on_a_day("carer", None)
    row = page.locator("tr", has_text="尔布")
    expect(row).to_contain_text("上门（没有电话）")
    row.get_by_role("link", name=re.compile("上门")).click()
    expect(page.get_by_text("没有电话，请上门")).to_be_visible()
    keep_picture(page, "quarter-no-phone")
    page.get_by_role("button", name="上门见到了", exact=True).click()
    expect(page.get_by_role("heading", name="已记下")).to_be_visible()
    page.goto(f"{server.url}/w/today")
    expect(page.locator("tr", has_text="尔布")).not_to_contain_text("每月联系")


def test_a_member_is_reached_by_a_neighbours_number_and_the_neighbour_learns_nothing(
    server: Server, on_a_day: OnADay
) -> None:
    page = on_a_day("carer", None)
    page.locator("tr", has_text="史呷").get_by_role("link", name=re.compile("联系")).click()
    expect(page.get_by_text("可能是别人接")).to_be_visible()
    page.get_by_role("button", name=re.compile("看号码并拨打")).click()
    dial = page.get_by_role("link", name="拨打", exact=True)
    assert (dial.get_attribute("href") or "").startswith("tel:12")
    script = page.get_by_text("“您好").inner_text()
    assert "史呷" in script
    assert not any(word in script for word in BETRAYING)
    assert_accessible(page)
    keep_picture(page, "quarter-neighbour")
    # The neighbour passes it on: worth knowing, and nothing is done by it.
    page.get_by_role("link", name=re.compile("别人转告的")).click()
    page.locator("[name=next_on]").press("Enter")  # in a field it records nothing
    expect(page.get_by_text("请按一个按钮").first).to_be_visible()
    page.locator("[name=how]").select_option("told_by_other")
    page.get_by_role("button", name="联系上了", exact=True).click()
    page.goto(f"{server.url}/w/today")
    expect(page.locator("tr", has_text="史呷")).to_contain_text("每月联系")
    # The member calls back.
    record(page, server, "史呷", "联系上了")
    page.goto(f"{server.url}/w/today")
    expect(page.locator("tr", has_text="史呷")).not_to_contain_text("每月联系")
