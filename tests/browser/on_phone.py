"""The phone page of the field as its tests use it: begun under a PIN, opened again, read from beneath."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.server import Server
from tests.browser.signing_in import sign_in

PIN = "246810"

# Everything that the phone keeps, as text.
KEPT = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open("guiyan-field");
    asked.onsuccess = () => done(asked.result);
  });
  const said = [];
  for (const name of db.objectStoreNames) {
    const all = await new Promise((done) => {
      const asked = db.transaction(name).objectStore(name).getAll();
      asked.onsuccess = () => done(asked.result);
    });
    for (const each of all) said.push(JSON.stringify(each, (key, value) =>
      value instanceof ArrayBuffer ? new TextDecoder().decode(value)
      : value instanceof Uint8Array ? new TextDecoder().decode(value) : value));
  }
  return said.join("\\n");
}"""


def choose_pin(page: Page) -> None:
    """The first visit on this phone, by somebody who is signed in."""
    page.get_by_label("开锁数字").fill(PIN)
    page.get_by_label("再输一遍").fill(PIN)
    page.get_by_role("button", name="开始").click()


def wait_until_kept(page: Page) -> None:
    """The phone opens the page without a line from now on."""
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")


def unlocked(phone: BrowserContext, server: Server) -> Page:
    """A new page on a phone that was begun before."""
    page = phone.new_page()
    page.goto(f"{server.url}/field/")
    page.get_by_label("开锁数字").fill(PIN)
    page.get_by_role("button", name="打开", exact=True).click()
    expect(page.locator("#screens")).to_be_visible()
    return page


def status(page: Page) -> Locator:
    """The line that says how much is not uploaded yet."""
    return page.locator("#status")


def begun(browser: Browser, server: Server, who: str = "east") -> tuple[BrowserContext, Page]:
    """A phone on which this person has begun, with their list."""
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, server.url, **server.facts["people"][who])
    page.goto(f"{server.url}/field/")
    choose_pin(page)
    expect(page.get_by_text("下一家")).to_be_visible()
    wait_until_kept(page)
    return context, page


@contextmanager
def phone_of(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """One phone for the tests of a module, each of which opens it anew."""
    context, page = begun(browser, server)
    page.close()
    yield context
    context.close()
