"""A long proposal is corrected page by page: turning the page keeps what was chosen on it."""

import pytest
from tests.acting import Browser
from tests.cast import OTHER_BRANCH
from tests.integration.flows.conftest import _planted  # noqa: F401 - planted by being named
from tests.integration.liaison.test_pairing import TOWN, lines, placed, proposed, someone

from guiyan.liaison.pairing import views

pytestmark = pytest.mark.django_db


def test_turning_the_page_saves_what_was_chosen_and_saving_stays_on_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "ON_A_PAGE", 1)
    someone("阿支")
    someone("拉铁", OTHER_BRANCH)
    placed("甲")
    placed("乙")
    draft_id = proposed()
    browser, url = Browser(TOWN), f"/w/pairing/{draft_id}"
    assert "第 1 到 1 人，共 2 人；提交的是全部" in browser.get(url).content.decode()
    first, second = sorted(lines(draft_id).values(), key=lambda line: page_of(browser, url, line))
    turned = browser.post(url, {"act": "next", f"other-{first.id}": "拉铁", "once": "one"})
    assert turned.headers["Location"] == f"{url}?from=1&saved=1"
    shown = browser.get(turned.headers["Location"]).content.decode()
    assert "改动已保存，还没有提交" in shown
    assert second.member_name in shown
    assert lines(draft_id)[first.member_name].name == "拉铁"
    saved = browser.post(f"{url}?from=1", {"act": "save", f"pin-{second.id}": "1", "once": "two"})
    assert saved.headers["Location"] == f"{url}?from=1&saved=1"
    back = browser.post(f"{url}?from=1", {"act": "previous", "once": "three"})
    assert back.headers["Location"] == f"{url}?from=0&saved=1"


def page_of(browser: Browser, url: str, line: object) -> int:
    return 0 if f"person-{line.id}" in browser.get(url).content.decode() else 1  # type: ignore[attr-defined]
