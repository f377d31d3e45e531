"""Take the README's pictures from a running demo: sign in as the cast and photograph each face.

scripts/screenshots.py [DIRECTORY]      (default docs/pictures; the demo must be running)
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import Browser, Page, sync_playwright

from guiyan.platform.launcher.home import find_home

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# name, who, size, address
STAFF_PAGES = [
    ("work", "township_officer", DESK, "/w/"),
    ("moved-in", "township_officer", DESK, "/w/registers/in"),
    ("moved-out", "county_officer", DESK, "/w/registers/out"),
    ("placement", "township_officer", DESK, "/w/placement"),
    ("leads", "township_officer", DESK, "/w/leads"),
    ("desk", "desk_clerk", DESK, "/w/desk"),
    ("imports", "county_officer", DESK, "/w/imports"),
    ("organisations", "county_officer", DESK, "/w/organisations"),
    ("directory", "county_officer", DESK, "/w/directory"),
    ("accounts", "security_administrator", DESK, "/w/accounts"),
    ("audit", "audit_administrator", DESK, "/w/audit"),
    ("mine", "liaison", PHONE, "/w/mine"),
    ("in-phone", "branch_secretary", PHONE, "/w/registers/in"),
]
PUBLIC_PAGES = [("landing", "/"), ("near", "/near"), ("hotlines", "/hotlines"), ("sign-in", "/in")]


@contextmanager
def page_of(browser: Browser, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(viewport=size, locale="zh-CN")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def sign_in(page: Page, url: str, person: dict[str, str]) -> None:
    page.goto(f"{url}/in")
    page.fill("[name=login]", person["login"])
    page.fill("[name=password]", person["password"])
    page.click("main button[type=submit], main button")
    page.fill("[name=code]", pyotp.TOTP(person["totp_secret"]).now())
    page.click("main button[type=submit], main button")
    page.wait_for_url("**/w/**")


def take(page: Page, url: str, address: str, target: Path) -> None:
    answer = page.goto(url + address)
    page.screenshot(path=target, full_page=True)
    print(answer.status if answer else "-", address, target)


def main() -> None:
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures")
    target.mkdir(parents=True, exist_ok=True)
    facts: dict[str, Any] = json.loads(find_home().demo_json.read_text(encoding="utf-8"))
    url = facts["url"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        with page_of(browser, PHONE) as page:
            for name, address in PUBLIC_PAGES:
                take(page, url, address, target / f"{name}.png")
            take(page, url, facts["checkin_url"].removeprefix(url), target / "check-in.png")
        wanted: dict[str, list[tuple[str, dict[str, int], str]]] = {}
        for name, who, size, address in STAFF_PAGES:
            wanted.setdefault(who, []).append((name, size, address))
        for who, pages in wanted.items():
            with page_of(browser, pages[0][1]) as page:
                sign_in(page, url, facts["cast"][who])
                for name, size, address in pages:
                    page.set_viewport_size(size)  # type: ignore[arg-type]
                    take(page, url, address, target / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
