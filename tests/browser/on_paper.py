"""Paper typed in by keyboard alone, as the pages of doors and of lists are used in tests."""

from playwright.sync_api import Page, expect


def typed(page: Page, text: str) -> None:
    """A line typed blind and sent by Enter: the cursor stands where the page has put it."""
    expect(page.locator("input:focus")).to_be_visible()
    page.keyboard.type(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")
