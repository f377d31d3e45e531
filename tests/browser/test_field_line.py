"""A phone on a line that breaks in the middle of everything: nothing lost, doubled or begun anew."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bench.shaper import Line, thin_line
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.conftest import PHONE
from tests.browser.market import build_large, counted, market_server
from tests.browser.on_phone import choose_pin, status, wait_until_kept
from tests.browser.server import Server
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser

FAST, SLOW = 80_000_000, 50_000  # bits a second
# A connection brings at most so many bytes each way; an area, and what is recorded, weigh more.
LEAST, MOST = 2_500, 8_000
MOST_TRIES = 60
RECORDED = 24
# Visits as a screen records them, without a tap for each.
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
    with market_server(admin_url, keys_dir, f"line_{worker_id}", build_large) as running:
        yield running


def breaking(line: Line, dice: dict[str, random.Random]) -> None:
    """From now on 50 kbit/s, and no connection lasts."""
    line.bits_per_s, line.breaks = SLOW, 0
    line.breaks_after = lambda way: dice[way].randint(LEAST, MOST)
    line.hang_up()


def test_a_line_that_breaks_again_and_again_brings_everything_once(
    browser: Browser, server: Server
) -> None:
    line = Line(FAST, 0)
    dice = {"up": random.Random(3), "down": random.Random(30)}
    with thin_line(urlsplit(server.url).port or 0, line) as port:
        context = browser.new_context(**PHONE)  # type: ignore[arg-type]
        page = context.new_page()
        address = f"http://127.0.0.1:{port}"
        sign_in(page, address, **server.facts["people"]["east"])
        page.goto(f"{address}/field/")
        wait_until_kept(page)
        page.route("**/api/field/packets**", lambda route: route.abort())
        choose_pin(page)
        expect(page.get_by_role("heading", name="还没有分给您的片区")).to_be_visible()

        came = Counter[str]()
        page.on("requestfinished", lambda request: came.update(_place(request)))
        page.unroute("**/api/field/packets**")
        breaking(line, dice)
        page.get_by_role("button", name="本机").click()
        for _ in range(MOST_TRIES):
            _press_and_wait(page, "领取最新名单")
            if page.locator(".list li").count():
                break
        page.get_by_role("button", name="摸排").click()
        expect(page.get_by_text("共 200 户")).to_be_visible()
        assert line.breaks >= 3
        # Each page came once: after a break only the page that it took is asked for again.
        assert len(came) >= 3
        assert set(came.values()) == {1}

        page.evaluate(RECORD, [RECORDED])
        breaking(line, dice)
        status(page).click()
        for _ in range(MOST_TRIES):
            _press_and_wait(page, "现在上传")
            if status(page).inner_text() == "全部已上传":
                break
        assert line.breaks >= 2
        office = counted(server)
        assert office["states"]["refused"] == RECORDED == office["visits"]
        context.close()


def _press_and_wait(page: Page, name: str) -> None:
    """Until the page stands anew, which it does when the run came through or broke."""
    button = page.get_by_role("button", name=name).element_handle()
    button.click()
    button.wait_for_element_state("hidden", timeout=60_000)


def _place(request: Request) -> list[str]:
    """The place in a packet whose page came; an answer that broke within its head has no body."""
    parts = urlsplit(request.url)
    if "/packets/" not in parts.path or request.sizes()["responseBodySize"] <= 0:
        return []
    return [parse_qs(parts.query).get("after", ["the start"])[0]]
