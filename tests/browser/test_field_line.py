"""A phone on a line that is cut in the middle of everything: nothing lost, doubled or begun anew."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.conftest import PHONE
from tests.browser.cut_line import Line, cut_line
from tests.browser.market import build_large, counted
from tests.browser.on_phone import choose_pin, wait_until_kept
from tests.browser.server import Server, running_server
from tests.browser.signing_in import sign_in
from tests.browser.test_field import status

pytestmark = pytest.mark.browser

# An area of 300 doors weighs some 20 KB on the line; no connection brings as much.
DOWN, UP = 4_000, 9_000
MOST_TRIES = 60
RECORDED = 24
# One visit as a screen records it, without a tap for each.
RECORD = """async ([many]) => {
  const app = [...document.scripts].find((each) => each.src.includes('/field/app.js')).src;
  const base = app.replace('app.js', '');
  const { add, packets, pagesOf } = await import(base + 'store.js');
  const { unhide } = await import(base + 'crypt.js');
  const [head] = await packets();
  const records = [];
  for (const page of await pagesOf(head.key)) records.push(...await unhide(page));
  const now = new Date().toISOString();
  for (const door of records.filter((each) => each.state === 'not_visited').slice(0, many)) {
    await add({ id: crypto.randomUUID(), kind: 'census.visit', version: 1, area_id: head.area_id,
      subject_id: door.id, base_version: door.version, supersedes: null, sealed: null,
      at_device: now, body: { state: 'refused', reason: '忙'.repeat(150) } });
  }
}"""


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    with running_server(
        admin_url, name=f"guiyan_line_{worker_id}", keys_dir=keys_dir, prepare=build_large,
        application="guiyan.web.wsgi:application",
    ) as running:  # fmt: skip
        yield running


def test_a_line_that_is_cut_again_and_again_brings_everything_once(
    browser: Browser, server: Server
) -> None:
    line = Line()
    with cut_line(urlsplit(server.url).port or 0, line) as port:
        context = browser.new_context(**PHONE)  # type: ignore[arg-type]
        page = context.new_page()
        address = f"http://127.0.0.1:{port}"
        sign_in(page, address, **server.facts["people"]["east"])
        page.goto(f"{address}/field/")
        wait_until_kept(page)
        came = Counter[str]()
        page.on("requestfinished", lambda request: came.update(_packet_page(request)))
        page.route("**/api/field/packets**", lambda route: route.abort())
        choose_pin(page)
        expect(page.locator("#screens")).to_be_visible()

        line.begin(down=DOWN)
        page.unroute("**/api/field/packets**")
        page.get_by_role("button", name="本机").click()
        for _ in range(MOST_TRIES):
            if page.locator(".list li").count():
                break
            page.get_by_role("button", name="领取最新名单").click()
            expect(page.get_by_role("button", name="领取最新名单")).to_be_enabled()
        page.get_by_role("button", name="摸排").click()
        expect(page.get_by_text("共 300 户")).to_be_visible()
        assert line.cuts >= 3
        # Each page came once: after a cut only the page that it took is asked for again.
        assert len(came) >= 3
        assert set(came.values()) == {1}

        page.evaluate(RECORD, [RECORDED])
        line.begin(up=UP)
        status(page).click()
        for _ in range(MOST_TRIES):
            if status(page).inner_text() == "全部已上传":
                break
            page.get_by_role("button", name="现在上传").click()
            page.wait_for_function(
                "() => !document.getElementById('status').textContent.includes('正在上传')"
            )
        expect(status(page)).to_have_text("全部已上传")
        assert line.cuts >= 2
        office = counted(server)
        assert office["states"]["refused"] == RECORDED == office["visits"]
        context.close()


def _packet_page(request: Request) -> list[str]:
    """The place in a packet that came whole; the list of areas and other calls do not count."""
    parts = urlsplit(request.url)
    is_page = "/packets/" in parts.path and request.response() is not None
    return [str(parse_qs(parts.query).get("after", ["the start"]))] if is_page else []
