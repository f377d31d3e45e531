"""A contact person's day on the mountain: the line is really switched off and on, nothing is lost."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll, assert_targets
from tests.browser.conftest import PHONE, SMALL
from tests.browser.kept_in_touch import build
from tests.browser.on_phone import KEPT, choose_pin, unlocked, wait_until_kept
from tests.browser.pictures import keep_picture
from tests.browser.server import Server, running_server
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser

BETRAYING = ("党", "组织", "支部", "登记", "流动")
COUNT = """
import json, sys, django
django.setup()
from django.db import transaction
from guiyan.field.models import Due
from guiyan.liaison.models import Contact, SixClear
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped
with transaction.atomic(), scoped(Actor.system("count").scope):
    made = Contact.objects.filter(case_id=sys.argv[1], withdrawn_at=None).order_by("at")
    clears = SixClear.objects.filter(case_id=sys.argv[1])
    print(json.dumps({
        "contacts": [[one.how, one.was_reached, one.why_not, one.note] for one in made],
        "clears": sorted(clears.values_list("code", flat=True)),
        "help": clears.filter(asks_help=True).count(),
        "due": sorted(Due.objects.filter(closing="", subject_id=sys.argv[1])
                      .values_list("kind", flat=True)),
    }))
"""


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    with running_server(
        admin_url, name=f"guiyan_touch_{worker_id}", keys_dir=keys_dir, prepare=build
    ) as running:
        yield running


@pytest.fixture(scope="module")
def carer(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A phone on which one contact person has begun."""
    # Set to a zone far off: for two thirds of each day its own calendar is behind that of China.
    context = browser.new_context(timezone_id="America/Los_Angeles", **PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, server.url, **server.facts["people"]["carer"])
    page.goto(f"{server.url}/field/")
    choose_pin(page)
    expect(page.get_by_role("heading", name="今天联系：6 人")).to_be_visible()
    wait_until_kept(page)
    page.close()
    yield context
    context.close()


def held(server: Server, name: str) -> dict[str, Any]:
    """What the server holds of one member, read beside the browser."""
    found: dict[str, Any] = json.loads(
        server.run("-c", COUNT, server.facts["cases"][name]).strip().splitlines()[-1]
    )
    return found


def opened(carer: BrowserContext, server: Server) -> Page:
    page = unlocked(carer, server)
    expect(page.get_by_role("heading", name=re.compile("今天"))).to_be_visible()
    return page


def choose(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def upload(page: Page) -> None:
    page.locator("#status").click()
    now = page.get_by_role("button", name="现在上传")
    if now.count():
        now.click()
    expect(page.locator("#status")).to_have_text("全部已上传")


def looks_right(page: Page, picture: str) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert_targets(page, at_least_px=44)
    keep_picture(page, picture)


def test_the_list_opens_on_who_is_due(carer: BrowserContext, server: Server) -> None:
    page = opened(carer, server)
    looks_right(page, "contacts-today")
    page.set_viewport_size(SMALL["viewport"])
    assert_no_sideways_scroll(page)
    page.close()


def test_the_day_is_that_of_china_by_the_servers_clock_whatever_the_phone_is_set_to(
    carer: BrowserContext, server: Server
) -> None:
    page = opened(carer, server)
    found = page.evaluate(
        """async () => {
          const { day, heardClock } = await import("/static/field/dom.js");
          const midnight = new Date("2026-03-01T16:00:00Z");
          const days = [day(new Date(midnight - 60000)), day(new Date(+midnight + 60000))];
          heardClock(new Date(Date.now() + 2 * 86400000).toISOString());
          days.push(day(new Date(+midnight + 60000)));
          heardClock(new Date().toISOString());
          return days;
        }"""
    )
    assert found == ["2026-03-01", "2026-03-02", "2026-03-04"]
    page.close()


def test_three_taps_without_a_line_record_a_contact_and_nothing_is_lost(
    carer: BrowserContext, server: Server
) -> None:
    page = opened(carer, server)
    carer.set_offline(True)

    choose(page, "阿依")  # one
    looks_right(page, "contacts-person")
    dial = page.get_by_role("link", name=re.compile("拨打"))
    assert (dial.get_attribute("href") or "").startswith("tel:+8612")
    page.get_by_role("button", name="联系上了").click()  # two; one more would say why not
    expect(page.get_by_text("已记下：阿依，联系上了")).to_be_visible()

    choose(page, "木呷")
    page.get_by_role("button", name="没联系上").click()
    keep_picture(page, "contacts-why")
    page.get_by_role("button", name="没人接").click()  # three
    expect(page.locator("#status")).to_contain_text("待上传 2 条")
    page.close()

    page = opened(carer, server)  # from what the phone keeps, still without a line
    expect(page.locator("#status")).to_contain_text("待上传 2 条")
    assert held(server, "阿依")["contacts"] == []
    carer.set_offline(False)
    upload(page)
    reached, missed = held(server, "阿依"), held(server, "木呷")
    assert reached["contacts"] == [["call", True, "", ""]]
    assert "contact" not in reached["due"]
    assert missed["contacts"] == [["call", False, "no_answer", ""]]
    assert "contact" in missed["due"]
    page.close()


def test_a_slip_is_taken_back_before_and_after_it_has_left_the_phone(
    carer: BrowserContext, server: Server
) -> None:
    page = opened(carer, server)
    before = held(server, "曲布")
    carer.set_offline(True)
    choose(page, "曲布")
    page.get_by_role("button", name="上门见到了").click()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已撤销：曲布")).to_be_visible()
    expect(page.locator("#status")).to_have_text("全部已上传")
    carer.set_offline(False)

    choose(page, "曲布")
    page.get_by_role("button", name="上门见到了").click()
    expect(page.locator("#status")).to_have_text("全部已上传")
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已撤销：曲布")).to_be_visible()
    expect(page.locator("#status")).to_have_text("全部已上传")
    after = held(server, "曲布")
    assert after == before
    page.close()


def test_a_member_without_a_phone_is_visited_and_what_was_learnt_is_sealed(
    carer: BrowserContext, server: Server
) -> None:
    page = opened(carer, server)
    carer.set_offline(True)
    choose(page, "尔布")
    expect(page.get_by_text("没有电话，请上门")).to_be_visible()
    page.get_by_role("button", name="还要记").click()
    looks_right(page, "contacts-more")
    page.get_by_label("怎样联系的").select_option("visit")
    page.get_by_label("谈心谈话").check()
    page.get_by_label("补充一句").fill("下个月再去一次")
    page.get_by_label("托我转达的话").fill("请转告家里一切都好")
    page.get_by_label("本人希望帮忙").check()
    page.get_by_role("button", name="记下", exact=True).click()
    expect(page.get_by_text("写一句是什么难处")).to_be_visible()  # nothing typed is lost
    expect(page.get_by_label("托我转达的话")).to_have_value("请转告家里一切都好")
    page.get_by_role("textbox", name="困难诉求").fill("孩子入学")
    page.get_by_role("button", name="记下", exact=True).click()
    expect(page.locator("#status")).to_contain_text("待上传 1 条")
    kept = page.evaluate(KEPT)
    for secret in ("孩子入学", "一切都好", "下个月再去", "木呷", "+8612"):
        assert secret not in kept
    carer.set_offline(False)
    upload(page)
    assert held(server, "尔布") == {
        "contacts": [["visit", True, "", "下个月再去一次"]],
        "clears": ["difficulty", "mind"],
        "help": 1,
        "due": [],
    }
    page.close()


def test_a_neighbour_who_answers_learns_nothing(carer: BrowserContext, server: Server) -> None:
    page = opened(carer, server)
    choose(page, "史呷")
    expect(page.get_by_role("link", name="邻居")).to_be_visible()
    script = page.get_by_text("“您好")
    assert not any(word in script.inner_text() for word in BETRAYING)
    assert "史呷" in script.inner_text()
    assert "俄木阿芝" in script.inner_text()
    looks_right(page, "contacts-neighbour")
    page.close()


def test_what_is_too_long_for_the_line_is_said_before_it_is_kept(
    carer: BrowserContext, server: Server
) -> None:
    page = opened(carer, server)
    choose(page, "史呷")
    page.get_by_role("button", name="还要记").click()
    page.get_by_label("居住情况").fill("住" * 200)
    page.get_by_label("工作（学习）现状").fill("做" * 200)
    page.get_by_role("button", name="记下", exact=True).click()
    expect(page.get_by_text("写得太长")).to_be_visible()
    expect(page.get_by_label("工作（学习）现状")).to_have_value("做" * 200)
    page.close()


def test_a_member_who_went_to_another_contact_person_leaves_the_phone(
    carer: BrowserContext, server: Server
) -> None:
    page = opened(carer, server)
    carer.set_offline(True)
    choose(page, "拉且")
    page.get_by_role("button", name="上门见到了").click()
    server.run("-c", HAND_OVER, server.facts["cases"]["拉且"], server.facts["accounts"]["other"])
    carer.set_offline(False)
    upload(page)
    page.locator("#status").click()
    expect(page.get_by_text("已交给别人")).to_be_visible()
    page.close()
    page = opened(carer, server)
    expect(page.get_by_role("button", name="拉且")).to_have_count(0)
    assert held(server, "拉且")["contacts"] == []
    page.close()


HAND_OVER = """
import sys, django
django.setup()
from uuid import UUID
from guiyan.liaison import commands
from guiyan.platform.actor import Actor
commands.assign_contact_person(
    by=Actor.system("测试"), case_id=UUID(sys.argv[1]), account_id=UUID(sys.argv[2])
)
"""
