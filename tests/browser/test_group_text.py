"""A text for a group is copied by one press; without the script it is marked and copied by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PHONE
from tests.browser.every_page import build
from tests.browser.server import Server, running_server

pytestmark = pytest.mark.browser

WRITE = "/w/messages/new/meeting_reminder/group"
TEXT = "这个月的学习安排好了，请互相转告。"


@pytest.fixture(scope="module")
def county(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    name = f"guiyan_group_text_{worker_id}"
    with running_server(admin_url, name=name, keys_dir=keys_dir, prepare=build) as running:
        yield running


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_text_is_written_checked_and_copied(
    browser: Browser, county: Server, has_scripts: bool
) -> None:
    session = county.facts["sessions"]["branch_secretary"]
    with browser.new_context(**PHONE, java_script_enabled=has_scripts) as context:
        context.add_cookies([{"name": county.facts["cookie"], "value": session, "url": county.url}])
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=county.url)
        page = context.new_page()
        page.goto(county.url + WRITE)
        page.get_by_label("发到群里的文字").fill("请大家回电话0834-8222222。")
        page.get_by_role("button", name="存下，去复制").click()
        expect(page.get_by_text("不能有电话号码").first).to_be_visible()
        page.get_by_label("发到群里的文字").fill(TEXT)
        page.get_by_role("button", name="存下，去复制").click()
        text = page.get_by_label("全选后复制到微信群").first
        expect(text).to_have_value(TEXT)
        copy = page.get_by_role("button", name="复制").first
        if not has_scripts:
            expect(copy).to_be_hidden()
            return
        copy.click()
        expect(page.get_by_role("status").first).to_have_text("已复制，请到微信群里粘贴。")
        assert page.evaluate("navigator.clipboard.readText()") == TEXT
