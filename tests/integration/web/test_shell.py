"""The shell: light pages without script, a strict policy, languages, sizes, no way off the site."""

import re
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import BRANCH, MEIGU, NEXT_COUNTY, PROVINCE, official

from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.scope import scoped
from guiyan.web import commands, queries, views
from guiyan.web.inline_css import inline_css
from guiyan.web.navigation import menu_for
from guiyan.web.own_paths import own_path

pytestmark = pytest.mark.django_db

OFFICER = official("county_officer", MEIGU, "阿牛尔布")
NEXT_OFFICER = official("county_officer", NEXT_COUNTY, "邻县的吉木")
PROVINCE_OFFICER = official("province_officer", PROVINCE, "省里的沙马")
SECRETARY = official("branch_secretary", BRANCH, "曲比木果")
AUDITOR = official("audit_administrator", MEIGU, "马海建国")


def opened(view: object, actor: Actor, path: str) -> HttpResponse:
    """The page as this person gets it, within their scope."""
    request = RequestFactory().get(path)
    request.actor = actor  # type: ignore[attr-defined]
    with scoped(actor.scope):
        answer = view(request)  # type: ignore[operator]
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize("large", ["0", "1"])
def test_the_landing_page_is_at_most_10_kilobytes_in_one_request(
    client: Client, large: str
) -> None:
    client.cookies["guiyan_large"] = large
    response = client.get("/")
    page = response.content.decode()
    headers = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
    assert len(response.content) + headers <= 10 * 1024
    assert "<script" not in page
    assert not re.search(r'<link[^>]+href="(?!data:)', page)
    assert not re.search(r'src="(?!data:)', page)


def test_the_style_of_members_pages_is_at_most_5_kilobytes() -> None:
    assert len(inline_css("member.css").encode()) <= 5 * 1024


def test_the_staff_sheet_is_at_most_16_kilobytes_and_kept_by_the_browser(client: Client) -> None:
    response = client.get("/static/guiyan/staff.css")
    assert len(b"".join(response)) <= 16 * 1024  # type: ignore[arg-type]
    assert "max-age=2592000" in response.headers["Cache-Control"]


def test_the_policy_lets_in_own_style_only_and_no_inline_script(client: Client) -> None:
    response = client.get("/")
    policy = response.headers["Content-Security-Policy"]
    (nonce,) = re.findall(r'<style nonce="([^"]+)"', response.content.decode())
    assert f"style-src 'self' 'nonce-{nonce}'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/feedback", "/feedback/taken", "/nothing-here"])
def test_no_page_carries_an_inline_style_attribute_or_handler(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert not re.search(r'\s(style|on\w+)="', page)


@pytest.mark.parametrize("path", ["/", "/feedback", "/nothing-here"])
def test_every_page_has_the_complaint_link_and_the_elders_switch(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert 'href="/feedback?' in page
    assert 'href="/large?' in page
    assert "长辈版" in page


def test_a_missing_page_says_what_to_do(client: Client) -> None:
    response = client.get("/nothing-here")
    assert response.status_code == 404
    assert "回到首页" in response.content.decode()


@pytest.mark.parametrize(("code", "word"), [("zh-hant", "長輩版"), ("zh-hans", "长辈版")])
def test_a_chosen_language_lasts_and_leads_back(client: Client, code: str, word: str) -> None:
    response = client.get(f"/language/{code}?next=/feedback")
    assert (response.status_code, response.headers["Location"]) == (303, "/feedback")
    assert client.cookies["guiyan_language"].value == code
    assert word in client.get("/feedback").content.decode()


def test_an_unknown_language_is_not_found(client: Client) -> None:
    assert client.get("/language/tlh").status_code == 404


def test_the_elders_version_turns_on_and_off(client: Client) -> None:
    client.get("/large?next=/")
    assert 'class="large"' in client.get("/").content.decode()
    client.get("/large?next=/")
    assert 'class="large"' not in client.get("/").content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "x"],
)
def test_next_never_leads_off_the_site(client: Client, elsewhere: str) -> None:
    assert client.get("/large", {"next": elsewhere}).headers["Location"] == "/"
    assert client.get("/language/en", {"next": elsewhere}).headers["Location"] == "/"


@given(st.text())
def test_an_own_path_always_begins_with_exactly_one_slash(wanted: str) -> None:
    path = own_path(wanted)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))


def test_the_landing_page_may_be_kept_for_a_minute_per_language_and_size(client: Client) -> None:
    response = client.get("/")
    assert "max-age=60" in response.headers["Cache-Control"]
    assert "Cookie" in response.headers["Vary"]
    assert not response.cookies


def test_the_process_and_the_database_answer_the_probes(client: Client) -> None:
    assert client.get("/livez", headers={"host": "10.0.0.7"}).content == b"ok"
    assert client.get("/readyz", headers={"host": "10.0.0.7"}).content == b"ok"


def test_staff_pages_lead_the_public_to_sign_in(client: Client) -> None:
    for path in ("/w/", "/w/watermark.svg", "/w/feedback"):
        response = client.get(path)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/in?next=")


def test_the_menu_shows_what_the_role_may_open_and_marks_the_page() -> None:
    with_audit = [entry for group in menu_for(AUDITOR, "/w/audit") for entry in group.entries]
    without = [entry for group in menu_for(SECRETARY, "/w/") for entry in group.entries]
    assert [entry.url for entry in with_audit if entry.is_current] == ["/w/audit"]
    assert [entry.url for entry in without if entry.is_current] == ["/w/"]
    assert "/w/audit" not in [entry.url for entry in without]
    assert not list(menu_for(Actor.public(), "/"))


def test_what_belongs_together_stands_together_in_the_menu() -> None:
    groups = list(menu_for(SECRETARY, "/w/registers/in"))
    assert len(groups) <= 10
    (current,) = [group for group in groups if group.is_current]
    assert "/w/registers/in" in [entry.url for entry in current.entries]
    assert all(group.url == group.entries[0].url for group in groups)


def test_the_start_page_says_so_when_nothing_waits() -> None:
    page = opened(views.work, SECRETARY, "/w/").content.decode()
    assert "都办完了" in page
    assert "城东社区党支部" in page


def test_the_watermark_bears_the_viewer_and_cannot_be_broken_out_of() -> None:
    name = '<script>"阿牛'
    drawing = opened(views.watermark, replace(SECRETARY, name=name), "/w/watermark.svg")
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    assert "阿牛" in drawing.content.decode()
    assert "<script" not in drawing.content.decode()


def feedback_about(path: str, text: str = "表格太难填") -> UUID:
    return commands.send_feedback(by=Actor.public(), text=text, path=path)


def texts_seen_by(actor: Actor) -> set[str]:
    with transaction.atomic(), scoped(actor.scope):
        return {item.text for item in queries.feedback_for(actor)}


def test_anybody_complains_without_an_account_and_without_naming_a_page_address(
    client: Client,
) -> None:
    form = client.get("/feedback?from=/w/feedback")
    assert 'value="/w/feedback"' in form.content.decode()
    response = client.post("/feedback", {"text": "热线打不通", "page": "/w/feedback"})
    assert (response.status_code, response.headers["Location"]) == (303, "/feedback/taken")
    with scoped(Actor.system().scope):
        (kept,) = queries.feedback_for(Actor.system())
    assert (kept.text, kept.page) == ("热线打不通", "web:feedback_list")


def test_an_empty_complaint_comes_back_with_the_error_beside_the_field(client: Client) -> None:
    response = client.post("/feedback", {"text": ""})
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("还没有写内容") == 2
    assert 'href="#id_text"' in page


def test_a_complaint_is_read_where_it_belongs_and_above() -> None:
    feedback_about(BRANCH.path)
    assert texts_seen_by(OFFICER) == {"表格太难填"}
    assert texts_seen_by(SECRETARY) == {"表格太难填"}
    assert texts_seen_by(NEXT_OFFICER) == set()


def test_a_complaint_about_nobody_is_read_from_the_county_up() -> None:
    feedback_about("")
    assert texts_seen_by(PROVINCE_OFFICER) == {"表格太难填"}
    assert texts_seen_by(OFFICER) == {"表格太难填"}
    assert texts_seen_by(SECRETARY) == set()
    assert texts_seen_by(Actor.public()) == set()


def test_an_answer_stands_beside_the_complaint() -> None:
    feedback_id = feedback_about(BRANCH.path)
    commands.answer_feedback(by=OFFICER, feedback_id=feedback_id, answer="已改成一页。")
    assert "已改成一页。" in opened(views.feedback_list, SECRETARY, "/w/feedback").content.decode()


def test_a_complaint_elsewhere_cannot_be_answered() -> None:
    feedback_id = feedback_about(MEIGU.path)
    with pytest.raises(NotFound):
        commands.answer_feedback(by=NEXT_OFFICER, feedback_id=feedback_id, answer="不归我管")
    with pytest.raises(Forbidden):
        commands.answer_feedback(by=AUDITOR, feedback_id=feedback_id, answer="已改")


def test_an_unanswered_complaint_waits_on_the_officers_start_page() -> None:
    feedback_about(MEIGU.path)
    assert "答复 1 条投诉与建议" in opened(views.work, OFFICER, "/w/").content.decode()
    assert "答复 1 条投诉与建议" not in opened(views.work, NEXT_OFFICER, "/w/").content.decode()


def test_an_audit_row_tells_of_each_complaint_without_its_words() -> None:
    feedback_about(MEIGU.path, text="请不要写在审计里")
    with scoped(Actor.system().scope), connection.cursor() as cursor:
        cursor.execute("select r::text from platform_auditrow r")
        (row,) = cursor.fetchone()
    assert "web.send_feedback" in row
    assert "请不要写在审计里" not in row
