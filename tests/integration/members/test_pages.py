"""Pages of the file: masked for staff, complete for the member, light, and closed to outsiders."""

import json
from datetime import date
from uuid import UUID

import pytest
from django.urls import reverse
from tests.acting import Browser
from tests.cast import BRANCH, NEXT_BRANCH, OFFICIALS, OUTSIDERS
from tests.integration.members.conftest import seen_by
from tests.people import invented_id, invented_phone

from guiyan.members import commands, own, queries
from guiyan.members.types import MemberFacts, NewMember
from guiyan.platform.actor import Actor
from guiyan.platform.models import AuditRow

pytestmark = pytest.mark.django_db

SECRETARY = OFFICIALS["branch_secretary"]
COUNTY = OFFICIALS["county_officer"]
TOWNSHIP = OFFICIALS["township_officer"]
NUMBER = invented_id(born=date(1981, 3, 4), sequence=2)
PHONE = invented_phone(12345678)
STREET = "四川省凉山州美姑县巴普镇城东社区新建路15号"


@pytest.fixture
def member() -> MemberFacts:
    return commands.register_member(
        by=SECRETARY,
        new=NewMember(
            name="曲比阿牛",
            id_number=NUMBER,
            phone=PHONE,
            address=STREET,
            trade="建筑",
            home_organisation_id=BRANCH.id,
            host_organisation_id=NEXT_BRANCH.id,
        ),
    )


def field_of(member: MemberFacts, kind: str) -> UUID:
    with seen_by(SECRETARY):
        return next(f.id for f in queries.vault_of(SECRETARY, member.id) if f.kind == kind)


def reveal_url(member: MemberFacts, kind: str = "id_number") -> str:
    return reverse("members:reveal", args=[member.id, field_of(member, kind)])


def assert_masked(text: str) -> None:
    for secret in (NUMBER, PHONE, "新建路15号"):
        assert secret not in text


def test_every_staff_page_of_the_file_is_masked_and_opens(member: MemberFacts) -> None:
    field = field_of(member, "phone")
    pages = {
        "file": [member.id],
        "change": [member.id],
        "identity": [member.id],
        "consents": [member.id],
        "merge": [member.id],
        "end_identity": [member.id, field],
        "reveal": [member.id, field],
        "members": [],
        "new": [],
        "duplicates": [],
        "corrections": [],
    }
    for name, arguments in pages.items():
        answer = Browser(TOWNSHIP).get(reverse(f"members:{name}", args=arguments))
        assert answer.status_code == 200, name
        assert_masked(answer.content.decode())


def test_an_outsider_gets_the_same_404_as_for_a_file_that_does_not_exist(
    member: MemberFacts,
) -> None:
    stranger = Browser(OUTSIDERS["desk_clerk"])
    with seen_by(SECRETARY):
        commands.set_sides(
            by=SECRETARY,
            member_id=member.id,
            home_organisation_id=BRANCH.id,
            home_path=BRANCH.path,
            home_text="",
            host_organisation_id=None,
            host_path=None,
        )
    nobody = UUID(int=1)
    for name in ("file", "change", "identity", "consents"):
        hidden = stranger.get(reverse(f"members:{name}", args=[member.id]))
        missing = stranger.get(reverse(f"members:{name}", args=[nobody]))
        assert hidden.status_code == missing.status_code == 404, name


def test_the_host_side_sees_the_file_too(member: MemberFacts) -> None:
    answer = Browser(OUTSIDERS["branch_secretary"]).get(reverse("members:file", args=[member.id]))
    assert answer.status_code == 200
    assert "51**************" in answer.content.decode()


def test_a_role_without_the_permission_is_refused(member: MemberFacts) -> None:
    for role in ("system_administrator", "canvasser", "department_handler"):
        page = Browser(OFFICIALS[role]).get(reverse("members:file", args=[member.id]))
        assert page.status_code == 403
    assert Browser(COUNTY).get(reveal_url(member)).status_code == 403
    public = Browser(Actor.public()).get(reverse("members:file", args=[member.id]))
    assert public.status_code == 302


def test_one_field_is_shown_for_sixty_seconds_and_stays_nowhere(member: MemberFacts) -> None:
    browser = Browser(SECRETARY)
    shown = browser.post(reveal_url(member), {"reason": "verify", "once": "one-key"})
    text = shown.content.decode()
    assert NUMBER in text
    assert PHONE not in text
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Refresh"].startswith("60; url=/w/members/")
    again = browser.post(reveal_url(member), {"reason": "verify", "once": "one-key"})
    assert again.status_code == 303
    assert NUMBER not in again.content.decode()
    with seen_by(SECRETARY):
        assert AuditRow.objects.filter(action="members.reveal").count() == 1


def test_without_a_reason_nothing_is_shown(member: MemberFacts) -> None:
    for reason in ("", "because"):
        page = Browser(SECRETARY).post(reveal_url(member), {"reason": reason, "once": reason})
        assert page.status_code == 200
        assert_masked(page.content.decode())
    with seen_by(SECRETARY):
        assert not AuditRow.objects.filter(action="members.reveal").exists()


def test_a_number_is_found_whole_only_and_for_a_reason(member: MemberFacts) -> None:
    browser, url = Browser(SECRETARY), reverse("members:members")
    found = browser.post(url, {"text": NUMBER, "reason": "verify"}).content.decode()
    assert "曲比阿牛" in found
    assert str(member.id) in found
    for text in (NUMBER[:14], NUMBER[:17] + "%", PHONE[:7], PHONE[:8] + "***"):
        page = browser.post(url, {"text": text, "reason": "verify"}).content.decode()
        assert "曲比阿牛" not in page, text
    unexplained = browser.post(url, {"text": NUMBER, "reason": ""}).content.decode()
    assert "曲比阿牛" not in unexplained
    assert "曲比阿牛" in browser.post(url, {"text": "qubi"}).content.decode()
    with seen_by(SECRETARY):
        assert AuditRow.objects.filter(action="members.search_identity").count() == 1


def test_searching_by_numbers_is_limited_to_sixty_an_hour(member: MemberFacts) -> None:
    browser, url = Browser(SECRETARY), reverse("members:members")
    for _ in range(59):  # the number that was entered to open the file was the first
        page = browser.post(url, {"text": PHONE, "reason": "verify"})
        assert "曲比阿牛" in page.content.decode()
    page = browser.post(url, {"text": PHONE, "reason": "verify"})
    assert "曲比阿牛" not in page.content.decode()


def test_a_file_changed_by_somebody_quicker_shows_both_contents(member: MemberFacts) -> None:
    url = reverse("members:change", args=[member.id])
    typed = {
        "name": "曲比阿牛",
        "category": "full",
        "joined_precision": "day",
        "sex": "female",
        "born_on": "1981-03-04",
        "version": member.version,
        "reason": "本人来电",
        "has_phone": "on",
    }
    first = Browser(SECRETARY).post(url, {**typed, "trade": "餐饮"})
    assert first.status_code == 303
    late = Browser(TOWNSHIP).post(url, {**typed, "trade": "物流"})
    text = late.content.decode()
    assert late.status_code == 409
    assert "餐饮" in text
    assert "物流" in text
    saved = Browser(TOWNSHIP).post(url, {**typed, "trade": "物流", "version": member.version + 1})
    assert saved.status_code == 303
    with seen_by(SECRETARY):
        assert queries.get_member_for(SECRETARY, member.id).trade == "物流"
        trades = [i.value for i in queries.intervals_of(SECRETARY, member.id) if i.what == "trade"]
    assert sorted(trades) == sorted(["建筑", "餐饮", "物流"])


def test_a_file_opened_by_hand_asks_about_people_of_the_same_name(member: MemberFacts) -> None:
    browser, url = Browser(SECRETARY), reverse("members:new")
    typed = {
        "name": "曲比阿牛",
        "category": "full",
        "joined_precision": "day",
        "phone_whose": "own",
    }
    asked = browser.post(url, {**typed})
    assert asked.status_code == 200
    assert str(member.id) in asked.content.decode()
    doubled = browser.post(url, {**typed, "id_number": NUMBER, "is_another_person": "on"})
    assert str(member.id) in doubled.content.decode()
    sure = browser.post(url, {**typed, "is_another_person": "on"})
    assert sure.status_code == 303


MEMBER_PAGES = (
    "me", "own_file", "why", "own_openings", "own_corrections", "own_consents", "print",
)  # fmt: skip


def test_the_member_s_pages_are_light_and_need_no_script(member: MemberFacts) -> None:
    for n in range(3):
        Browser(SECRETARY).post(reveal_url(member), {"reason": "contact", "once": f"k{n}"})
    me = Browser(Actor.member(member.id, member.name))
    for name in MEMBER_PAGES:
        answer = me.get(reverse(f"members:{name}"))
        assert answer.status_code == 200, name
        assert "<script" not in answer.content.decode()
        assert len(answer.content) <= 10_240, name


def test_staff_have_no_own_file_and_the_public_signs_in_first() -> None:
    for actor in (SECRETARY, Actor.public()):
        assert Browser(actor).get(reverse("members:me")).status_code == 302


def test_the_member_reads_who_opened_what_for_which_body_and_why(member: MemberFacts) -> None:
    fields = {"reason": "issue", "case_number": "美流〔2026〕3号", "once": "a"}
    Browser(SECRETARY).post(reveal_url(member), fields)
    text = Browser(Actor.member(member.id, member.name)).get("/me/openings").content.decode()
    for word in (SECRETARY.name, BRANCH.name, "身份证号码", "开具介绍信", "美流〔2026〕3号"):
        assert word in text
    assert NUMBER not in text


def test_the_member_s_copy_holds_everything_with_numbers_by_their_masks(
    member: MemberFacts,
) -> None:
    me = Browser(Actor.member(member.id, member.name))
    answer = me.get(reverse("members:copy"))
    copied = json.loads(answer.content)
    assert {row["kind"] for row in copied["identity"]} == {"id_number", "phone", "address"}
    assert not {NUMBER, PHONE, STREET} & {row["value"] for row in copied["identity"]}
    assert {row["value"] for row in copied["history"]} >= {BRANCH.name, NEXT_BRANCH.name}
    assert answer.headers["Cache-Control"] == "no-store"
    paper = me.get(reverse("members:print")).content.decode()
    assert NUMBER not in paper
    assert PHONE not in paper


def test_a_correction_goes_from_the_member_to_an_answer_by_its_day(member: MemberFacts) -> None:
    me = Browser(Actor.member(member.id, member.name))
    asked = me.post(
        reverse("members:own_corrections"),
        {"field": "id_number", "wish": f"应为{NUMBER}", "once": "w"},
    )
    assert asked.status_code == 303
    waiting = me.get(reverse("members:own_corrections")).content.decode()
    assert "已收到" in waiting
    assert f"您写的：应为{NUMBER}" in waiting
    assert "答复您" in waiting
    queue = Browser(TOWNSHIP).get(reverse("members:corrections")).content.decode()
    assert "曲比阿牛" in queue
    assert_masked(queue)
    url = queue.split('href="/w/corrections/')[1].split('"')[0]
    closed = Browser(TOWNSHIP).get(f"/w/corrections/{url}").content.decode()
    assert_masked(closed)
    opened = Browser(TOWNSHIP).post(f"/w/corrections/{url}", {"open": "1", "once": "o"})
    assert NUMBER in opened.content.decode()
    Browser(TOWNSHIP).post(
        f"/w/corrections/{url}", {"answer": "refused", "reason": "号码与证件一致", "once": "r"}
    )
    assert "号码与证件一致" in me.get(reverse("members:own_corrections")).content.decode()
    assert "查看了更正申请" in me.get(reverse("members:own_openings")).content.decode()


def test_consent_is_given_and_taken_back_with_one_press_each(member: MemberFacts) -> None:
    me, url = Browser(Actor.member(member.id, member.name)), reverse("members:own_consents")
    given = {"purpose": "contact_by_message", "notice_version": own.NOTICE_VERSION, "once": "g"}
    assert me.post(url, given).status_code == 303
    assert "撤回" in me.get(url).content.decode()
    assert me.post(url, {**given, "withdraw": "1", "once": "t"}).status_code == 303
    after = me.get(url).content.decode()
    assert "撤回</button>" not in after
    day = f"{Actor.member(member.id, member.name).today:%Y-%m-%d}"
    assert f"{day} 同意 · {day} 撤回" in after


def test_no_number_is_ever_in_an_address_or_a_log_line(
    member: MemberFacts, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = Browser(SECRETARY)
    browser.post(reverse("members:members"), {"text": NUMBER, "reason": "verify"})
    shown = browser.post(reveal_url(member), {"reason": "verify", "once": "x"})
    browser.post(
        reverse("members:identity", args=[member.id]),
        {"kind": "phone", "value": invented_phone(77), "whose": "own", "reason": "换号"},
    )
    logged = "".join(capfd.readouterr())
    for secret in (NUMBER, PHONE, invented_phone(77), "曲比阿牛"):
        assert secret not in logged
        assert secret not in str(shown.headers)
    with seen_by(SECRETARY):
        for row in AuditRow.objects.values():
            assert NUMBER not in str(row)
            assert PHONE not in str(row)
