"""The shell and its components, seen by a browser at every size and in both modes."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll, assert_targets
from tests.browser.conftest import DESK, PHONE, SMALL, ZOOMED
from tests.browser.server import Server

pytestmark = pytest.mark.browser

SIZES = {"phone": PHONE, "small": SMALL, "desk": DESK, "zoomed": ZOOMED}
PAGES = ("/", "/feedback", "/nothing-here", "/gallery/staff", "/gallery/member")


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page at one of the sizes."""
    context = browser.new_context(**SIZES[request.param])
    yield context.new_page()
    context.close()


def keep_picture(page: Page, name: str) -> None:
    """Keeps a picture for the eye where GUIYAN_PICTURES names a directory."""
    if directory := os.environ.get("GUIYAN_PICTURES"):
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("mode", ["normal", "large"])
def test_a_page_fits_and_is_accessible(
    sized: Page, request: pytest.FixtureRequest, server: Server, path: str, mode: str
) -> None:
    if mode == "large":
        sized.context.add_cookies([{"name": "guiyan_large", "value": "1", "url": server.url}])
    sized.goto(server.url + path)
    size: Any = request.node.callspec.params["sized"]
    keep_picture(sized, f"{path.strip('/').replace('/', '-') or 'landing'}-{size}-{mode}")
    assert_no_sideways_scroll(sized)
    assert_targets(sized, at_least_px=60 if mode == "large" else 44)
    assert_accessible(sized)
