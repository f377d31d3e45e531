"""Pictures for the eye: kept only where GUIYAN_PICTURES names a directory."""

import os
from pathlib import Path

from playwright.sync_api import Page


def keep_picture(page: Page, name: str) -> None:
    if directory := os.environ.get("GUIYAN_PICTURES"):
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)
