"""A bilingual pairing of 49 members: proposed, explained, corrected by hand, and committed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pairing_town
from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import DESK, PHONE
from tests.browser.pictures import keep_picture
from tests.browser.server import Server, running_server
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def town(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    name = f"guiyan_pairing_{worker_id}"
    with running_server(
        admin_url, name=name, keys_dir=keys_dir, prepare=pairing_town.build
    ) as running:
        yield running


def looked_at(page: Page, name: str) -> None:
    """At the desk and on a phone: readable, nothing sticks out, no rule of access is broken."""
    for size, options in (("phone", PHONE), ("desk", DESK)):
        page.set_viewport_size(options["viewport"])  # type: ignore[arg-type]
        keep_picture(page, f"pairing-{name}-{size}")
        assert_no_sideways_scroll(page)
        assert_accessible(page)


def test_the_49_are_paired_explained_corrected_and_committed(page: Page, town: Server) -> None:
    sign_in(page, town.url, **town.facts)
    expect(page.get_by_text("给 49 名党员指定联系人").first).to_be_visible()
    page.goto(f"{town.url}/w/pairing")
    looked_at(page, "overview")
    page.get_by_role("button", name="提议一份安排").click()
    expect(page.locator("tbody tr")).to_have_count(49)
    why = page.locator("tbody tr td[data-label='为什么']")
    assert all(text.startswith("都会彝语") for text in why.all_inner_texts())
    expect(why.first).to_contain_text("其次：")
    looked_at(page, "draft")

    # People know better: the second best for one, kept for later runs too.
    row = page.locator("tbody tr").first
    member = row.get_by_role("link").inner_text()
    second = row.locator("select option").nth(1).inner_text()
    row.locator("select").select_option(index=1)
    row.get_by_label("固定").check()
    # A name that nobody bears loses nothing of what was chosen.
    other = page.locator("tbody tr").nth(1).locator("input[list]")
    other.fill("没有这个人")
    page.get_by_role("button", name="保存改动").click()
    expect(page.get_by_text("没有找到这位联系人")).to_be_visible()
    assert_accessible(page)
    expect(page.locator("tbody tr").first.locator("select option:checked")).to_have_text(second)
    page.locator("tbody tr").nth(1).locator("input[list]").fill("")
    page.get_by_role("button", name="保存改动").click()
    row = page.locator("tbody tr", has=page.get_by_role("link", name=member, exact=True))
    expect(row).to_contain_text("人工指定")
    page.get_by_role("link", name="按联系人看").click()
    looked_at(page, "by-person")
    page.get_by_role("link", name="按党员看").click()
    page.get_by_role("button", name="按这份安排提交").click()
    expect(page.get_by_text("已提交，从当天起生效")).to_be_visible()
    looked_at(page, "committed")

    # Run again, nobody moves; who leaves hands over only their own.
    page.goto(f"{town.url}/w/pairing")
    expect(page.get_by_text("每名党员都有联系人")).to_be_visible()
    page.get_by_role("button", name="提议一份安排").click()
    facts = page.locator("dl.facts")
    expect(facts).to_contain_text("49")
    expect(page.get_by_text("换人", exact=True).locator("xpath=..").first).to_contain_text("0")
    page.get_by_role("button", name="作废").click()
    page.get_by_role("link", name="交接：").first.click()
    looked_at(page, "hand-over")
    page.get_by_label("交接说明").fill("周末再打电话")
    page.get_by_role("button", name="提议由谁接手").click()
    expect(page.get_by_text("周末再打电话")).to_be_visible()
    page.get_by_role("button", name="按这份安排提交").click()
    expect(page.get_by_text("已提交，从当天起生效")).to_be_visible()
    page.goto(f"{town.url}/w/pairing")
    page.get_by_role("link", name="改条件").first.click()
    looked_at(page, "availability")
