"""The officer's registers, inbox and desk, at the desk and on a phone, by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import township
from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import DESK, PHONE
from tests.browser.pictures import keep_picture
from tests.browser.server import Server, running_server
from tests.browser.signing_in import sign_in
from tests.people import invented_id

pytestmark = pytest.mark.browser

PAGES = ("/w/registers/in", "/w/registers/out", "/w/leads", "/w/leads?suspicious=1", "/w/desk",
         "/w/desk/new", "/w/leads/new", "/w/exports", "/w/exports/new?register=moved-out")  # fmt: skip


@pytest.fixture(scope="module")
def place(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    name = f"guiyan_registers_{worker_id}"
    with running_server(admin_url, name=name, keys_dir=keys_dir, prepare=township.build) as running:
        yield running


def test_the_officers_day(page: Page, place: Server) -> None:
    facts = {name: value for name, value in place.facts.items() if name != "code"}
    sign_in(page, place.url, **facts)
    for path in PAGES:
        page.goto(place.url + path)
        for size, options in (("desk", DESK), ("phone", PHONE)):
            page.set_viewport_size(options["viewport"])  # type: ignore[arg-type]
            name = path.split("?")[0].strip("/").replace("/", "-")
            keep_picture(page, f"{name}{'-suspicious' if 'suspicious' in path else ''}-{size}")
            assert_no_sideways_scroll(page)
            assert_accessible(page)
        page.set_viewport_size(DESK["viewport"])  # type: ignore[arg-type]
    _walks_the_register(page, place)
    _verifies_a_lead(page, place)
    _exports(page, place)


def _walks_the_register(page: Page, place: Server) -> None:
    """54 away on two pages; a search by pinyin; the unclaimed with who answers."""
    page.goto(f"{place.url}/w/registers/out")
    expect(page.get_by_text("流出 54 = 已认领 0 + 未认领 54")).to_be_visible()
    first = page.locator("tbody tr").count()
    page.get_by_role("link", name="下一页").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="第一页")).to_be_visible()
    assert (first, page.locator("tbody tr").count()) == (50, 4)
    page.get_by_label("找人").focus()
    page.keyboard.type("jike")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr").first).to_contain_text("吉克")
    assert "jike" not in page.url
    keep_picture(page, "register-search-desk")


def _verifies_a_lead(page: Page, place: Server) -> None:
    page.goto(f"{place.url}/w/leads")
    page.get_by_role("link", name="李秀英").click()
    page.get_by_role("button", name="打开并核实").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("身份证号码")).to_be_visible()
    keep_picture(page, "lead-desk")
    assert_accessible(page)
    page.get_by_label("身份证号码").fill(invented_id(sequence=880))
    page.get_by_label("组织关系在哪里").fill("贵州省某某镇党支部")
    page.get_by_role("button", name="登记并接收").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="报到回执")).to_be_visible()
    keep_picture(page, "slip-desk")
    assert_accessible(page)
    page.emulate_media(media="print")
    keep_picture(page, "slip-paper")
    page.emulate_media(media="screen")


def _exports(page: Page, place: Server) -> None:
    page.goto(f"{place.url}/w/registers/out")
    page.get_by_role("link", name="导出全部").click()
    page.get_by_role("button", name="导出").click()
    expect(page.get_by_text("排队中")).to_be_visible()
    keep_picture(page, "export-desk")
    place.run(
        "-c",
        "import django; django.setup(); from guiyan.platform.work import run_once;"
        " run_once(concurrency=1)",
    )
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    assert_accessible(page)  # not before: a page that refreshes itself can't be held still
