"""The browser of the tests: Debian's Chromium, phone and desk, and what every page must keep.

Its headless shell is the same engine without the frame around it (tabs, bar, extensions), which
nobody sees here and which took four fifths of the processor's time of each new window.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.server import Server, running_server
from tests.browser.village import build

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN"}
SMALL = {"viewport": {"width": 320, "height": 640}, "locale": "zh-CN"}
DESK = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"}
# A desk of 1280 pixels at 200 % zoom has 640 of them, each twice as large.
ZOOMED = {
    "viewport": {"width": 640, "height": 400},
    "device_scale_factor": 2,
    "locale": "zh-CN",
}
# A core that others use makes a page late, not wrong.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, that asks nobody anything."""
    chosen = os.environ.get("GUIYAN_CHROMIUM")
    path = chosen or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not path:
        pytest.fail("Chromium is missing: apt-get install chromium-headless-shell fonts-noto-cjk")
    return browser_type_launch_args | {"executable_path": path, "args": QUIET}


@pytest.fixture(scope="session")
def base_url() -> None:
    """None, since several servers run; it stands here because the plug-in's own warns."""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | DESK


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page on a phone, beside the desk's `page`."""
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    """Guiyan with the gallery among its pages, and one officer to sign in as."""
    with running_server(
        admin_url,
        name=f"guiyan_gallery_{worker_id}",
        keys_dir=keys_dir,
        prepare=build,
        application="tests.browser.gallery_wsgi:application",
    ) as running:
        yield running
