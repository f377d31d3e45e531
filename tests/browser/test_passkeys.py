"""A passkey made and used in a real browser, with the authenticator that Chromium plays."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server, running_server
from tests.browser.signing_in import sign_in
from tests.browser.village import build

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def named_server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    """Guiyan under a name, since no browser binds a passkey to a bare address."""
    with running_server(
        admin_url,
        name=f"guiyan_passkeys_{worker_id}",
        keys_dir=keys_dir,
        prepare=build,
        host="localhost",
    ) as running:
        yield running


def test_a_passkey_is_made_signs_in_and_does_so_no_more_once_it_is_gone(
    page: Page, named_server: Server
) -> None:
    url, facts = named_server.url, named_server.facts
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    plugged_in = device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_in(page, url, **facts)

    page.goto(f"{url}/w/account")
    page.get_by_label("给这台设备的通行密钥起个名字").fill("办公室电脑")
    page.get_by_role("button", name="添加通行密钥").click()
    expect(page.get_by_text("办公室电脑")).to_be_visible()
    held = device.send("WebAuthn.getCredentials", plugged_in)["credentials"]
    assert [one["rpId"] for one in held] == ["localhost"]

    _half_way_in(page, url, facts)
    page.get_by_role("button", name="用通行密钥").click()
    page.wait_for_url(f"{url}/w/**")

    device.send("WebAuthn.clearCredentials", plugged_in)
    _half_way_in(page, url, facts)
    page.get_by_role("button", name="用通行密钥").click()
    expect(page.get_by_role("alert")).to_contain_text("没有完成，请再试一次，或改用验证码。")
    expect(page.locator("[name=code]")).to_be_visible()


def _half_way_in(page: Page, url: str, facts: dict[str, str]) -> None:
    """Signed out, and in again as far as the second factor."""
    page.context.clear_cookies()
    page.goto(f"{url}/in")
    page.locator("[name=login]").fill(facts["login"])
    page.locator("[name=password]").fill(facts["password"])
    page.locator("[name=password]").press("Enter")
