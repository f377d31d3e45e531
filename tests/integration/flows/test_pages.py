"""The pages of a case, of placing and of letters, as the cast opens them."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from tests.acting import Browser
from tests.cast import BRANCH, NEXT_BRANCH, NEXT_TOWNSHIP, OFFICIALS
from tests.integration.flows.conftest import (
    HOME,
    HOME_TOWNSHIP,
    HOST,
    HOST_TOWNSHIP,
    claimed,
    declared,
    newcomer,
    placed,
    seen_by,
    seen_by_the_database,
    signed_in,
)

from guiyan.flows import commands, queries
from guiyan.flows.types import CaseFacts
from guiyan.flows.verifying import verify_url
from guiyan.platform.actor import Actor
from guiyan.platform.models import AuditRow

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"flows:{name}", args=args)


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def stands(by: Actor, case: CaseFacts) -> CaseFacts:
    with seen_by(by):
        return queries.get_case_for(by, case.id)


class TestThePageOfACase:
    def test_one_sentence_says_who_answers_and_by_when(self, client: Client) -> None:
        case = declared()
        html = signed_in(HOME, client).get(url("case", case.id)).content.decode()
        assert "新城社区党支部" in html
        assert "答复是否在本地、是否接收" in html

    def test_the_host_is_offered_its_answers_and_home_is_not(self, client: Client) -> None:
        case = declared()
        page = signed_in(HOST, client).get(url("case", case.id)).content.decode()
        assert "确认接收" in page
        assert "查无此人" in page
        page = signed_in(HOME, client).get(url("case", case.id)).content.decode()
        assert "确认接收" not in page
        assert "已经返回" in page

    def test_a_bystander_gets_404(self, client: Client) -> None:
        case = declared()
        bystander = OFFICIALS["outpost_head"]
        assert signed_in(bystander, client).get(url("case", case.id)).status_code == 404

    def test_who_may_only_look_is_offered_nothing(self, client: Client) -> None:
        case = placed()
        page = signed_in(OFFICIALS["city_officer"], client).get(url("case", case.id))
        assert page.status_code == 200
        assert "/step/" not in page.content.decode()

    def test_one_tap_takes_in(self, client: Client) -> None:
        case = declared()
        answer = signed_in(HOST, client).post(
            url("step", case.id, "take_in"), {"version": case.version}
        )
        assert answer.status_code == 303
        assert stands(HOST, case).state == "verified"

    def test_not_here_leads_back_to_what_is_left_to_answer(self, client: Client) -> None:
        case = declared()
        answer = signed_in(HOST, client).post(
            url("step", case.id, "not_here"), {"version": case.version, "reason": "查无此人"}
        )
        assert answer.headers["Location"] == url("answers")
        assert stands(HOME, case).state == "declared"

    def test_a_step_over_somebody_elses_shows_what_changed(self, client: Client) -> None:
        case = declared()
        commands.mark_contact_lost(by=HOME, case_id=case.id, since=date(2026, 1, 5), reason="停机")
        answer = signed_in(HOST, client).post(
            url("step", case.id, "take_in"), {"version": case.version}
        )
        page = answer.content.decode()
        assert answer.status_code == 409
        assert HOME.name in page
        assert "登记失去联系" in page
        assert stands(HOST, case).state == "notified"

    def test_what_is_owed_is_listed(self, client: Client) -> None:
        declared()
        page = signed_in(HOST, client).get(url("answers")).content.decode()
        assert "阿力木呷" in page


class TestOpening:
    def test_home_declares_and_chooses_the_host_from_what_was_found(self, client: Client) -> None:
        member = newcomer()
        browser = signed_in(HOME, client)
        typed = {"host_text": "新城社区党支部", "left_on": "2025-05-01", "left_roughly": "on"}
        found = browser.post(url("declare", member.id), typed)
        assert found.status_code == 200
        assert str(NEXT_BRANCH.id) in found.content.decode()
        answer = browser.post(url("declare", member.id), {**typed, "host_id": str(NEXT_BRANCH.id)})
        assert answer.status_code == 303
        with seen_by(HOST):
            case = queries.open_case_of_member(HOST, member.id)
        assert case is not None
        assert (case.state, case.left_precision) == ("notified", "month")

    def test_a_place_outside_the_system_is_kept_as_text(self, client: Client) -> None:
        member = newcomer()
        answer = signed_in(HOME, client).post(
            url("declare", member.id), {"host_text": "福建省晋江市某鞋厂"}
        )
        assert answer.status_code == 303
        with seen_by(HOME):
            case = queries.open_case_of_member(HOME, member.id)
        assert case is not None
        assert (case.state, case.host_text) == ("declared", "福建省晋江市某鞋厂")

    def test_the_host_claims(self, client: Client) -> None:
        member = newcomer(HOST, home=BRANCH, host=NEXT_BRANCH)
        answer = signed_in(HOST, client).post(url("claim", member.id), {"search_method": "door"})
        assert answer.status_code == 303
        with seen_by(HOME):
            case = queries.open_case_of_member(HOME, member.id)
        assert case is not None
        assert (case.state, case.search_method) == ("claimed", "door")

    def test_a_refusal_stands_in_the_form(self, client: Client) -> None:
        case = declared()
        answer = signed_in(HOME, client).post(
            url("declare", case.member_id), {"host_text": "福建省晋江市"}
        )
        assert answer.status_code == 200
        assert "已有一条进行中的流动记录" in answer.content.decode()

    def test_home_moves_the_member_on(self, client: Client) -> None:
        case = placed()
        answer = signed_in(HOME, client).post(
            url("move_on", case.id), {"version": case.version, "host_text": "福建省晋江市某鞋厂"}
        )
        assert answer.status_code == 303
        assert stands(HOME, case).state == "moved_on"

    def test_home_notifies_a_host(self, client: Client) -> None:
        case = declared(host=None)
        answer = signed_in(HOME, client).post(
            url("notify", case.id),
            {"version": case.version, "host_text": "新城社区", "host_id": str(NEXT_BRANCH.id)},
        )
        assert answer.status_code == 303
        assert stands(HOST, case).state == "notified"

    def test_home_says_that_the_member_is_abroad_and_where_nobody_is_told(
        self, client: Client
    ) -> None:
        member = newcomer()
        browser = signed_in(HOME, client)
        typed = {"host_text": "新城社区党支部", "left_on": "2025-05-01", "is_abroad": "on"}
        both = browser.post(url("declare", member.id), {**typed, "host_id": str(NEXT_BRANCH.id)})
        assert "上面选了国内的党组织" in both.content.decode()
        assert browser.post(url("declare", member.id), typed).status_code == 303
        with seen_by(HOME):
            case = queries.open_case_of_member(HOME, member.id)
        assert case is not None
        assert (case.state, case.is_abroad) == ("declared", True)
        assert "在国（境）外" in browser.get(url("case", case.id)).content.decode()

    def test_home_finds_out_later_that_the_member_went_abroad_and_came_back(
        self, client: Client
    ) -> None:
        case = declared(host=None)
        browser = signed_in(HOME, client)
        typed = {"version": case.version, "host_text": "马来西亚", "is_abroad": "on"}
        assert browser.post(url("notify", case.id), typed).status_code == 303
        abroad = stands(HOME, case)
        assert (abroad.is_abroad, abroad.host_text, abroad.state) == (True, "马来西亚", "declared")
        assert "checked" in browser.get(url("notify", case.id)).content.decode()
        back = {"version": abroad.version, "host_text": "新城社区", "host_id": str(NEXT_BRANCH.id)}
        browser.post(url("notify", case.id), back)
        told = stands(HOME, case)
        assert (told.state, told.is_abroad) == ("notified", False)

    def test_contact_is_marked_lost_with_how_it_was_looked_for(self, client: Client) -> None:
        case = placed()
        answer = signed_in(HOST, client).post(
            url("contact_lost", case.id),
            {"version": case.version, "since": "2025-06-01", "reason": "电话停机，上门无人"},
        )
        assert answer.status_code == 303
        assert stands(HOST, case).contact_lost_since == date(2025, 6, 1)


def verified() -> CaseFacts:
    return commands.take_step(by=HOST, case_id=declared().id, act="take_in")


class TestPlacing:
    def test_the_unplaced_stand_with_three_reasons_and_a_map(self, client: Client) -> None:
        verified()
        page = signed_in(HOST_TOWNSHIP, client).get(url("placement")).content.decode()
        assert "阿力木呷" in page
        assert "<svg" in page
        assert "现有 0 名流动党员" in page

    def test_one_tap_on_a_suggestion_places(self, client: Client) -> None:
        case = verified()
        answer = signed_in(HOST_TOWNSHIP, client).post(
            url("place", case.id), {"branch_id": str(NEXT_BRANCH.id), "from": "list"}
        )
        assert answer.headers["Location"] == f"{url('placement')}?placed={case.id}"
        assert stands(HOST, case).state == "placed"
        with seen_by(HOST):
            last = queries.events_of(HOST, case.id)[0]
        assert "现有 0 名流动党员" in last.note

    def test_a_sitting_applies_all_suggestions_and_corrects_some(self, client: Client) -> None:
        first, second, third = verified(), verified(), verified()
        browser = signed_in(HOST_TOWNSHIP, client)
        begun = browser.post(
            url("new_sitting"), {"held_on": "2026-03-02", "present": "外县乙、外县丙"}
        )
        sitting = begun.headers["Location"]
        page = browser.get(sitting).content.decode()
        assert page.count("<select") == 3
        typed = {
            f"branch-{first.id}": str(NEXT_BRANCH.id),
            f"branch-{second.id}": "",
            f"other-{second.id}": NEXT_BRANCH.name,
            f"branch-{third.id}": "",
        }
        assert browser.post(sitting, typed).status_code == 303
        assert stands(HOST, first).state == "placed"
        assert stands(HOST, second).state == "placed"
        assert stands(HOST, third).state == "verified"
        page = browser.get(sitting).content.decode()
        assert "会议研究决定" in page
        assert "留到下次再议" in page
        with seen_by_the_database():
            assert AuditRow.objects.filter(action="flows.note_minutes").count() == 1
        printed = browser.get(f"{sitting}/minutes.pdf")
        assert printed.headers["Content-Type"] == "application/pdf"
        assert "新城社区党支部" in text_of(printed.content)

    def test_to_the_home_side_there_is_no_page_of_placing(self) -> None:
        case = placed()
        assert Browser(HOME_TOWNSHIP).get(f"/w/cases/{case.id}/place").status_code == 404
        assert Browser(HOST_TOWNSHIP).get(f"/w/cases/{case.id}/place").status_code == 200

    def test_a_branch_that_nobody_knows_is_said_beside_the_row(self, client: Client) -> None:
        case = verified()
        browser = signed_in(HOST_TOWNSHIP, client)
        sitting = commands.open_sitting(
            by=HOST_TOWNSHIP,
            organisation_id=NEXT_TOWNSHIP.id,
            held_on=date(2026, 3, 2),
            present="外县乙",
        )
        answer = browser.post(url("sitting", sitting), {f"other-{case.id}": "没有这个支部"})
        assert answer.status_code == 422
        assert "没有找到这个支部" in answer.content.decode()
        assert stands(HOST, case).state == "verified"

    def test_a_secretary_may_not_place(self, client: Client) -> None:
        assert signed_in(HOST, client).get(url("placement")).status_code == 403


class TestLetters:
    def test_a_letter_is_issued_printed_checked_answered(self, client: Client) -> None:
        case = declared(host=None)
        browser = signed_in(HOME, client)
        made = browser.post(
            url("issue", case.id), {"kind": "letter", "to_text": "中共晋江市委组织部"}
        )
        page = browser.get(made.headers["Location"]).content.decode()
        assert "T513436100001-20" in page
        printed = browser.get(f"{made.headers['Location']}.pdf")
        assert "中共晋江市委组织部" in text_of(printed.content)
        answered = browser.post(f"{made.headers['Location']}/reply", {"reply": "accepted"})
        assert answered.status_code == 303

    def test_anybody_with_the_paper_sees_that_it_is_genuine_and_no_name(
        self, client: Client
    ) -> None:
        letter_id = commands.issue_letter(by=HOME, case_id=declared().id, kind="certificate")
        address = verify_url(letter_id)
        path = re.sub(r"^https?://[^/]+", "", address)
        page = Client().get(path).content.decode()
        assert "阿***" in page
        assert "阿力木呷" not in page
        commands.withdraw_letter(by=HOME, letter_id=letter_id, reason="写错了")
        assert "已经作废" in Client().get(path).content.decode()
        assert client.get(path[:-4] + "AAAA").status_code == 404

    def test_numbers_run_on_when_the_case_has_left_the_issuers_sight(self) -> None:
        case = declared()
        with seen_by(HOST):
            commands.issue_letter(by=HOST, case_id=case.id, kind="letter")
        commands.take_step(by=HOST, case_id=case.id, act="not_here")
        other = declared()
        letter_id = commands.issue_letter(by=HOST, case_id=other.id, kind="letter")
        with seen_by(HOST):
            assert queries.get_letter_for(HOST, letter_id).number.endswith("-00002")

    def test_the_other_side_can_not_withdraw_what_it_has_not_issued(self, client: Client) -> None:
        letter_id = commands.issue_letter(by=HOME, case_id=declared().id, kind="letter")
        answer = signed_in(HOST, client).post(
            url("letter_withdraw", letter_id), {"reason": "不想要"}
        )
        assert answer.status_code == 422

    def test_a_transfer_begins_together_with_its_introduction(self, client: Client) -> None:
        case = placed()
        browser = signed_in(HOME, client)
        made = browser.post(
            url("transfer", case.id),
            {"version": case.version, "to_text": "新城镇党委", "dues_paid_to": "2026-02-01"},
        )
        assert made.status_code == 303
        assert stands(HOME, case).state == "transferring"
        printed = browser.get(f"{made.headers['Location']}.pdf")
        assert "2026年2月" in re.sub(r"\s", "", text_of(printed.content))
        done = signed_in(HOST, client).post(
            url("step", case.id, "complete_transfer"),
            {"version": case.version + 1, "reason": "回执已盖章"},
        )
        assert done.status_code == 303
        assert stands(HOST, case).state == "transferred"

    @pytest.mark.parametrize("kind", ["letter", "introduction", "certificate"])
    def test_every_kind_prints_from_either_side(self, client: Client, kind: str) -> None:
        for case, by in ((claimed(), HOST), (placed(), HOME)):
            letter_id = commands.issue_letter(by=by, case_id=case.id, kind=kind)
            printed = signed_in(by, client).get(url("letter_pdf", letter_id))
            assert printed.content.startswith(b"%PDF")

    def test_each_organisation_has_its_poster_and_its_open_letter(self, client: Client) -> None:
        browser = signed_in(OFFICIALS["township_officer"], client)
        for name in ("poster", "open_letter"):
            printed = browser.get(url(name, BRANCH.id))
            assert f"/r/{BRANCH.code[-12:].lower()}" in text_of(printed.content)
        assert browser.get(url("poster", NEXT_BRANCH.id)).status_code == 404
