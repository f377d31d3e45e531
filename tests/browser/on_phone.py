"""The phone page of the field as its tests use it: begun under a PIN, opened again, read from beneath."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.server import Server

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
