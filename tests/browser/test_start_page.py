"""An officer signs in, sees the start page under their name, answers a complaint, and leaves."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.pictures import keep_picture
from tests.browser.server import Server
from tests.browser.signing_in import sign_in
from tests.browser.village import COMMITTEE, NAME

pytestmark = pytest.mark.browser


def test_an_officer_signs_in_answers_a_complaint_and_leaves(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/feedback")
    page.get_by_label("您想说什么").fill("表格太难填")
    page.get_by_label("涉及哪个单位").fill("美姑县委")
    page.get_by_role("button", name="提交").click()

    sign_in(page, server.url, **server.facts)
    expect(page.get_by_text(COMMITTEE)).to_be_visible()
    expect(page.get_by_text(NAME)).to_be_visible()
    keep_picture(page, "start-page-desk")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    watermark = page.request.get(f"{server.url}/w/watermark.svg")
    assert NAME in watermark.text()

    page.get_by_role("link", name=re.compile(r"^答复 \d+ 条投诉与建议$")).click()
    complaint = page.locator("section").filter(has_text="表格太难填")
    complaint.get_by_label("答复").fill("已改成一页。")
    complaint.get_by_role("button", name="答复").click()
    expect(page.get_by_text("已改成一页。")).to_be_visible()
    keep_picture(page, "feedback-list-desk")
    assert_accessible(page)

    page.get_by_role("button", name="退出").click()
    page.goto(f"{server.url}/w/")
    expect(page).to_have_url(f"{server.url}/in?next=%2Fw%2F")
