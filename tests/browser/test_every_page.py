"""Every page that a person can open, seen by a browser at every size: fits, accessible, light.

The addresses are those of the URLconf; who opens which is read from the table of permissions. A
page that is neither visited here nor named with a reason fails the first test.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll, assert_targets
from tests.browser.conftest import DESK, PHONE, SMALL, ZOOMED
from tests.browser.every_page import KNOWN, NEWCOMER, PASSWORD, build
from tests.browser.pictures import keep_picture
from tests.browser.server import Server, running_server
from tests.integration.web.county import County
from tests.integration.web.permission_table import Row
from tests.integration.web.tables import WHOLE as TABLE
from tests.integration.web.test_permission_table import PATTERNS, address_of

pytestmark = pytest.mark.browser

# Addresses without a page of their own.
NO_PAGE = {
    "web:language": "sets a cookie and leads back",
    "web:large": "sets a cookie and leads back",
    "web:watermark": "a drawing",
    "web:demo_cast": "stands in the demo only",
    "access:demo_messages": "stands in the demo only",
    "phone:me": "an answer to the page of the field",
    "phone:worker": "a program",
    "phone:manifest": "a description",
    "phone:part": "parts of the page of the field",
    "phone:shell": "runs by script; tests/browser/test_field.py",
    "channels:wechat_hook": "called by a provider",
    "channels:wecom_hook": "called by a provider",
    "channels:sms_hook": "called by a provider",
    "members:copy": "a file to keep",
    "orgs:pin_map": "a drawing",
    "flows:letter_pdf": "a PDF",
    "flows:poster": "a PDF",
    "flows:open_letter": "a PDF",
    "flows:minutes": "a PDF",
    "outreach:round_letter": "a PDF",
    "outreach:round_poster": "a PDF",
    "outreach:sheet": "a PDF",
    "outreach:sound": "a sound",
    "outreach:back_check_sheet": "a PDF",
    "outreach:round_report": "a PDF",
    "outreach:round_workbook": "a file to keep",
    "insight:print_moved_in": "a PDF",
    "insight:print_moved_out": "a PDF",
    "insight:export_file": "a file to keep",
    "insight:import_marked": "a file to keep",
}
# Pages that one reaches only after a step before, visited by a test of their own below.
AFTER_A_STEP = {
    "access:second_factor", "access:set_password", "access:enrol", "access:member_code",
    "flows:verify",
}  # fmt: skip
FIRST = (
    "township_officer", "county_officer", "branch_secretary", "liaison", "approver",
    "security_administrator", "audit_administrator",
)  # fmt: skip
# The same page in another state, by what stands behind its address.
STATES = {"orgs:hotlines": "?at=T513436", "orgs:near": "?place=513436"}
SIZES: dict[str, dict[str, Any]] = {"phone": PHONE, "small": SMALL, "desk": DESK, "zoomed": ZOOMED}
AXE_AT = ("phone", "desk")
WECHAT_LARGEST = 1.6
LIGHT_BYTES, STAFF_BYTES = 10 * 1024, 100 * 1024


def _who(row: Row) -> str:
    """The first person who gets the page; empty when nobody gets one at this address."""
    opens = [name for name, answer in row.answers.items() if answer == 200]
    if row.audience == "public":
        return "anybody" if opens else ""
    return next((name for name in FIRST if name in opens), opens[0] if opens else "")


ROWS = {
    row.url: row for row in TABLE if row.method == "GET" and row.url not in NO_PAGE and _who(row)
}
LIGHT = [url for url, row in ROWS.items() if row.audience in ("public", "member")]
STAFF = [url for url, row in ROWS.items() if row.audience == "staff"]


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    """The small county of the permission table, behind a real web server."""
    name = f"guiyan_every_{worker_id}"
    with running_server(admin_url, name=name, keys_dir=keys_dir, prepare=build) as running:
        yield running


@dataclass(slots=True)
class Visit:
    """A page as it was opened, and what the browser had to say about it."""

    page: Page
    requests: int = 0
    transferred: int = 0
    complaints: list[str] = field(default_factory=list)

    def note_request(self, request: Any) -> None:
        sizes = request.sizes()
        if not request.url.startswith("data:"):
            self.requests += 1
            self.transferred += sizes["responseBodySize"] + sizes["responseHeadersSize"]


@contextmanager
def _browsing(
    browser: Browser,
    server: Server,
    who: str,
    *,
    large: bool = False,
    on: Mapping[str, Any] = DESK,
    has_scripts: bool = True,
) -> Iterator[BrowserContext]:
    """A browser of their own for somebody who is signed in already, with nothing kept in it."""
    cookies = {server.facts["cookie"]: server.facts["sessions"].get(who, "")}
    if large:
        cookies["guiyan_large"] = "1"
    with browser.new_context(**on, java_script_enabled=has_scripts) as context:
        for name, value in cookies.items():
            if value:
                context.add_cookies([{"name": name, "value": value, "url": server.url}])
        yield context


def _path(server: Server, url: str) -> str:
    return address_of(url, County(ids=server.facts["ids"])) + STATES.get(url, "")


def _visit(context: BrowserContext, address: str) -> Visit:
    visit = Visit(context.new_page())
    visit.page.on("requestfinished", lambda request: visit.note_request(request))
    visit.page.on(
        "console",
        lambda said: visit.complaints.append(said.text) if said.type == "error" else None,
    )
    answer = visit.page.goto(address, wait_until="load")
    assert answer is not None
    assert answer.status == 200, f"{address} gives {answer.status}"
    return visit


def _assert_at_every_size(page: Page, *, large: bool, name: str) -> None:
    least = 60 if large else 44
    for size, wishes in SIZES.items():
        page.set_viewport_size(wishes["viewport"])
        assert_no_sideways_scroll(page)
        assert_targets(page, at_least_px=least)
        _assert_lines_are_targets(page, least)
        if size in AXE_AT:
            keep_picture(page, f"{name}-{size}{'-large' if large else ''}")
            assert_accessible(page)


def _assert_lines_are_targets(page: Page, least: int) -> None:
    """A link that is no part of a sentence or a table, and a label with its box, are as high."""
    small = page.evaluate(
        """least => [...document.querySelectorAll('a, summary, label:has(input)')]
          .filter(e => e.tagName != 'A' || !['inline', 'block'].includes(getComputedStyle(e).display))
          .filter(e => !e.closest('td, .skip, .reveal, .hidden') && !e.classList.contains('reveal'))
          .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < least - 0.5)
          .map(e => `${e.getBoundingClientRect().height} ${e.outerHTML.slice(0, 120)}`)""",
        least,
    )
    assert not small, f"{page.url}\n" + "\n".join(small)


def _assert_main_job_by_keyboard(page: Page) -> None:
    """Tab reaches the first button of the text (else its first link), and one sees where it is."""
    page.set_viewport_size(SIZES["desk"]["viewport"])
    is_there = page.evaluate(
        """() => {
          const main = document.querySelector('main');
          window.job = main.querySelector('form .button, .button') || main.querySelector('a[href]');
          return !!window.job;
        }"""
    )
    if not is_there:
        return
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === window.job"):
            break
    else:
        raise AssertionError(f"{page.url}: Tab does not reach what the page is for")
    outline = page.evaluate(
        "(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(window.job))"
    )
    assert outline[0] == "solid", page.url
    assert outline[1] >= 2, page.url


def test_every_address_is_visited_or_has_a_reason() -> None:
    posts = {row.url for row in TABLE if row.method == "POST"}
    known = set(ROWS) | set(NO_PAGE) | AFTER_A_STEP | posts
    assert sorted(set(PATTERNS) - known) == []
    assert sorted(known - set(PATTERNS)) == []


@pytest.mark.parametrize("large", [False, True], ids=["normal", "elders"])
@pytest.mark.parametrize("url", LIGHT)
def test_a_page_of_the_public_or_a_member_fits_and_is_light(
    browser: Browser, server: Server, url: str, large: bool
) -> None:
    with _browsing(browser, server, _who(ROWS[url]), large=large) as context:
        visit = _visit(context, server.url + _path(server, url))
        assert visit.transferred <= LIGHT_BYTES
        assert visit.requests <= 2
        assert visit.page.locator("script").count() == 0
        _assert_main_job_by_keyboard(visit.page)
        _assert_at_every_size(visit.page, large=large, name=url.replace(":", "-"))
        _assert_survives_wechat(visit.page)
        assert visit.complaints == []


def _assert_survives_wechat(page: Page) -> None:
    """WeChat lets its users make all text up to 1.6 times as large."""
    page.evaluate(
        """times => {
          const root = document.documentElement;
          root.style.fontSize = parseFloat(getComputedStyle(root).fontSize) * times + 'px';
        }""",
        WECHAT_LARGEST,
    )
    for size in ("phone", "small"):
        page.set_viewport_size(SIZES[size]["viewport"])
        assert_no_sideways_scroll(page)
    page.evaluate("document.documentElement.style.fontSize = ''")


@pytest.mark.parametrize("url", STAFF)
def test_a_page_of_staff_fits_and_is_not_heavy(browser: Browser, server: Server, url: str) -> None:
    with _browsing(browser, server, _who(ROWS[url])) as context:
        visit = _visit(context, server.url + _path(server, url))
        assert visit.transferred <= STAFF_BYTES
        _assert_main_job_by_keyboard(visit.page)
        _assert_at_every_size(visit.page, large=False, name=url.replace(":", "-"))
        assert visit.complaints == []


def test_the_steps_of_a_first_sign_in_fit(browser: Browser, server: Server) -> None:
    with _browsing(browser, server, "anybody") as context:
        page = _visit(context, f"{server.url}/in").page
        page.locator("[name=login]").fill(NEWCOMER)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        expect(page).to_have_url(f"{server.url}/in/password")
        _assert_at_every_size(page, large=False, name="access-set_password")
        for field_ in page.locator("main [type=password]").all():
            field_.fill("Wild-geese-return-7")
        page.locator("main [type=password]").last.press("Enter")
        expect(page).to_have_url(f"{server.url}/in/enrol")
        _assert_at_every_size(page, large=False, name="access-enrol")


def test_the_second_factor_and_the_member_s_code_fit(browser: Browser, server: Server) -> None:
    with _browsing(browser, server, "anybody") as context:
        page = _visit(context, f"{server.url}/in").page
        page.locator("[name=login]").fill(KNOWN)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        expect(page).to_have_url(f"{server.url}/in/second")
        _assert_at_every_size(page, large=False, name="access-second_factor")
        page.goto(f"{server.url}/me/in")
        page.locator("[name=phone]").fill("12055555555")
        page.locator("[name=phone]").press("Enter")
        expect(page).to_have_url(f"{server.url}/me/in/code")
        _assert_at_every_size(page, large=False, name="access-member_code")


@pytest.mark.parametrize("large", [False, True], ids=["normal", "elders"])
def test_the_check_of_a_paper_fits(browser: Browser, server: Server, large: bool) -> None:
    with _browsing(browser, server, "anybody", large=large) as context:
        visit = _visit(context, server.url + server.facts["verify_path"])
        assert visit.transferred <= LIGHT_BYTES
        _assert_at_every_size(visit.page, large=large, name="flows-verify")


def test_a_member_does_every_job_without_javascript(browser: Browser, server: Server) -> None:
    with _browsing(browser, server, "member", on=PHONE, has_scripts=False) as context:
        page = context.new_page()
        page.goto(f"{server.url}/me/")
        expect(page.locator("main")).to_contain_text("两边都已核实，正在为您安排党支部。")
        expect(page.locator("main dl")).to_contain_text("城东社区党支部")
        page.get_by_role("link", name="我同意的事项").click()
        page.get_by_role("button", name="同意").first.click()
        page.get_by_role("button", name="撤回").first.click()
        page.get_by_role("link", name="回到我的首页").click()
        page.get_by_role("link", name="有错要改").click()
        page.locator("main textarea").fill("行业应为餐饮")
        page.get_by_role("button", name="提交").click()
        expect(page.locator("main li").first).to_contain_text("最迟")
        page.goto(f"{server.url}/me/openings")
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_somebody_without_an_account_finds_help_without_javascript(
    browser: Browser, server: Server
) -> None:
    with _browsing(browser, server, "anybody", on=PHONE, has_scripts=False) as context:
        page = context.new_page()
        page.goto(server.url)
        page.get_by_role("link", name="找就近的服务点").click()
        page.locator("main input:not([type=hidden])").fill("月亮上")
        page.get_by_role("button", name="查找").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_role("link", name="服务热线").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("服务热线")
