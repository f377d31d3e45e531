"""Signing in as a person does: password, then the code of the authenticator app."""

import pyotp
from playwright.sync_api import Page


def sign_in(page: Page, url: str, *, login: str, password: str, totp_secret: str) -> None:
    """From the sign-in page to the start page. A code counts once, so sign in once per account."""
    page.goto(f"{url}/in")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.locator("[name=code]").fill(pyotp.TOTP(totp_secret).now())
    page.locator("[name=code]").press("Enter")
    page.wait_for_url(f"{url}/w/**")
