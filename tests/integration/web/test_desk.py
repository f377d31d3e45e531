"""The inbox of leads and the desk: found, verified, received; a person without a phone is served."""

import re
from datetime import date

import pytest
from django.urls import reverse
from tests.acting import Browser
from tests.cast import BRANCH, NEXT_BRANCH, NEXT_TOWNSHIP, OFFICIALS, OUTSIDERS
from tests.integration.flows.conftest import HOME, HOST, HOST_TOWNSHIP, _planted, newcomer
from tests.people import invented_id, invented_phone

from guiyan.flows import commands as flows
from guiyan.flows.models import Case, Lead
from guiyan.flows.slips import case_number
from guiyan.flows.types import LeadFacts, LeadSaid
from guiyan.members.models import Consent, Correction, Member
from guiyan.platform.actor import Actor
from guiyan.platform.models import AuditRow
from guiyan.platform.scope import Scope, scoped

__all__ = ["_planted"]
pytestmark = pytest.mark.django_db

CLERK = OUTSIDERS["desk_clerk"]
PHONE = invented_phone(31)
NUMBER = invented_id(born=date(1969, 5, 5), sequence=31)


def lead_of(name: str = "吉克阿支", suspicion: str = "") -> LeadFacts:
    return flows.take_lead(
        by=Actor.public().standing_for(NEXT_TOWNSHIP.id, NEXT_TOWNSHIP.path, NEXT_TOWNSHIP.name),
        organisation_id=NEXT_TOWNSHIP.id,
        door="qr",
        search_method="self",
        said=LeadSaid(name=name, phone=PHONE, home="城东社区党支部", now_at="新城镇", trade="餐饮"),
        suspicion=suspicion,
    )


def typed(**more: object) -> dict[str, object]:
    return {
        "name": "吉克阿支",
        "id_number": NUMBER,
        "home": BRANCH.name,
        "category": "full",
        "search_method": "self",
        "once": "k-1",
    } | more


def stored(model: type, **wish: object) -> list:  # type: ignore[type-arg]
    with scoped(Scope.everywhere()):
        return list(model.objects.filter(**wish))


class TestTheInbox:
    def test_a_lead_is_shown_masked_and_opening_it_is_kept(self) -> None:
        lead = lead_of()
        browser = Browser(HOST_TOWNSHIP)
        listed = browser.get(reverse("flows:leads")).content.decode()
        assert "吉克阿支" in listed
        assert PHONE not in listed
        address = reverse("flows:lead", args=[lead.id])
        assert PHONE not in browser.get(address).content.decode()
        assert PHONE in browser.post(address, {"once": "k"}).content.decode()
        [row] = stored(AuditRow, action="flows.read_lead")
        assert row.actor_name == HOST_TOWNSHIP.name

    def test_what_was_said_stands_in_the_form_so_that_nobody_types_it_again(self) -> None:
        lead = lead_of()
        page = Browser(HOST_TOWNSHIP).post(reverse("flows:lead", args=[lead.id]), {"once": "k"})
        for value in ("吉克阿支", PHONE, "城东社区党支部", "餐饮"):
            assert f'value="{value}"' in page.content.decode()

    def test_a_verified_lead_is_a_file_a_claimed_stay_and_a_slip(self) -> None:
        lead = lead_of()
        answer = Browser(HOST_TOWNSHIP).post(
            reverse("flows:verify_lead", args=[lead.id]), typed(phone=PHONE)
        )
        assert answer.status_code == 303, answer.content.decode()
        [case] = stored(Case)
        [member] = stored(Member)
        [decided] = stored(Lead)
        assert (case.state, case.home_organisation_id) == ("claimed", BRANCH.id)
        assert (case.lead_id, case.member_id) == (lead.id, member.id)
        assert (decided.state, decided.case_id) == ("became_case", case.id)

    def test_a_home_outside_this_system_is_kept_as_text_and_verified_by_the_host(self) -> None:
        lead = lead_of()
        Browser(HOST_TOWNSHIP).post(
            reverse("flows:verify_lead", args=[lead.id]), typed(home="远方市某公司党支部")
        )
        [case] = stored(Case)
        assert (case.state, case.home_text) == ("verified", "远方市某公司党支部")

    def test_a_name_that_fits_several_branches_is_chosen_by_a_person(self) -> None:
        lead = lead_of()
        address = reverse("flows:verify_lead", args=[lead.id])
        asked = Browser(HOST_TOWNSHIP).post(address, typed(home="社区党支部")).content.decode()
        assert BRANCH.name in asked
        assert stored(Case) == []
        Browser(HOST_TOWNSHIP).post(address, typed(home="社区党支部", home_id=str(BRANCH.id)))
        assert stored(Case)[0].home_organisation_id == BRANCH.id

    def test_a_number_on_file_leads_to_that_file(self) -> None:
        existing = newcomer(HOST_TOWNSHIP, home=None, host=NEXT_TOWNSHIP, id_number=NUMBER)
        lead = lead_of()
        browser, address = Browser(HOST_TOWNSHIP), reverse("flows:verify_lead", args=[lead.id])
        refused = browser.post(address, typed()).content.decode()
        assert reverse("members:file", args=[existing.id]) in refused
        assert stored(Case) == []
        accepted = browser.post(address, typed(existing=str(existing.id), once="k-2"))
        assert accepted.status_code == 303
        assert stored(Case)[0].member_id == existing.id

    def test_a_number_on_file_elsewhere_looks_like_a_new_one(self) -> None:
        newcomer(HOME, home=BRANCH, id_number=NUMBER)
        lead = lead_of()
        answer = Browser(HOST_TOWNSHIP).post(
            reverse("flows:verify_lead", args=[lead.id]), typed(home="远方市某公司党支部")
        )
        assert answer.status_code == 303

    def test_a_wrong_number_is_said_beside_its_field_and_nothing_is_written(self) -> None:
        lead = lead_of()
        page = Browser(HOST_TOWNSHIP).post(
            reverse("flows:verify_lead", args=[lead.id]), typed(id_number="513499196905050010")
        )
        assert "id_id_number" in page.content.decode()
        assert "error" in page.content.decode()
        assert (stored(Case), stored(Member)) == ([], [])

    def test_a_form_that_comes_back_still_shows_what_the_person_said(self) -> None:
        lead = lead_of()
        page = Browser(HOST_TOWNSHIP).post(
            reverse("flows:verify_lead", args=[lead.id]), typed(id_number="513499196905050010")
        )
        assert "来人的原话" in page.content.decode()

    def test_two_who_verify_the_same_lead_make_one_case(self) -> None:
        lead = lead_of()
        address = reverse("flows:verify_lead", args=[lead.id])
        Browser(HOST_TOWNSHIP).post(address, typed())
        second = invented_id(born=date(1970, 1, 1), sequence=99)
        answer = Browser(CLERK).post(address, typed(id_number=second, once="k-9"))
        assert "已经有人核实过了" in answer.content.decode()
        assert len(stored(Case)) == 1

    def test_leads_are_put_aside_with_a_reason_one_or_many(self) -> None:
        leads = [lead_of(name) for name in ("甲一", "乙二", "丙三")]
        browser = Browser(HOST_TOWNSHIP)
        refused = browser.post(reverse("flows:discard_leads"), {"reason": "wish", "once": "a"})
        assert refused.status_code == 422
        browser.post(
            reverse("flows:discard_leads"),
            {"reason": "wish", "lead": [str(one.id) for one in leads[:2]], "once": "b"},
        )
        assert sorted(lead.dead_reason for lead in stored(Lead)) == ["", "wish", "wish"]

    def test_what_looks_like_machines_goes_in_one_action(self) -> None:
        lead_of("真人"), [lead_of("机器", "trap") for _ in range(3)]
        browser = Browser(HOST_TOWNSHIP)
        page = browser.get(reverse("flows:leads")).content.decode()
        assert "机器</a>" not in page
        assert "有 3 条疑似机器填写的线索" in page
        browser.post(reverse("flows:discard_suspicious"), {"once": "c"})
        assert sorted(lead.state for lead in stored(Lead)) == ["dead"] * 3 + ["to_verify"]

    def test_the_next_countys_lead_is_404(self) -> None:
        lead = lead_of()
        stranger = Browser(OFFICIALS["township_officer"])
        assert stranger.get(reverse("flows:lead", args=[lead.id])).status_code == 404


class TestTheDesk:
    def test_somebody_without_a_phone_gets_file_stay_consent_and_paper(self) -> None:
        browser = Browser(CLERK)
        answer = browser.post(
            reverse("flows:receive"),
            typed(has_no_phone="on", reads_little="on", consents=["share_with_departments"]),
        )
        assert answer.status_code == 303, answer.content.decode()
        [member], [case] = stored(Member), stored(Case)
        assert (member.has_phone, member.reads_little) == (False, True)
        assert stored(Consent)[0].given_how == "paper"
        slip = browser.get(answer.headers["Location"]).content.decode()
        assert case_number(case.id) in slip
        assert NUMBER not in slip

    def test_a_whole_number_finds_the_file_and_everything_a_desk_can_do(self) -> None:
        browser = Browser(CLERK)
        browser.post(reverse("flows:receive"), typed())
        found = browser.post(reverse("web:desk"), {"text": NUMBER, "once": "s"}).content.decode()
        for words in ("记一次联系", "开具活动证", "打印回执", "为本人打印档案", "代收更正申请"):
            assert words in found
        assert NUMBER not in found
        assert stored(AuditRow, action="members.search_identity")

    def test_the_number_of_the_slip_finds_it_too_and_half_an_id_number_nothing(self) -> None:
        browser = Browser(CLERK)
        browser.post(reverse("flows:receive"), typed())
        [case] = stored(Case)
        by_slip = browser.post(reverse("web:desk"), {"text": case_number(case.id), "once": "s"})
        assert "吉克阿支" in by_slip.content.decode()
        half = browser.post(reverse("web:desk"), {"text": NUMBER[:15], "once": "t"})
        assert "吉克阿支" not in half.content.decode()

    def test_the_copy_for_the_person_is_complete_and_the_member_reads_that_it_was_printed(
        self,
    ) -> None:
        browser = Browser(CLERK)
        browser.post(reverse("flows:receive"), typed())
        [member] = stored(Member)
        address = reverse("web:desk_copy", args=[member.id])
        assert NUMBER not in browser.get(address).content.decode()
        assert NUMBER in browser.post(address, {"once": "p"}).content.decode()
        [row] = stored(AuditRow, action="members.print_copy")
        assert row.member_id == member.id

    def test_a_correction_on_paper_waits_for_an_answer_like_any_other(self) -> None:
        browser = Browser(CLERK)
        browser.post(reverse("flows:receive"), typed())
        [member] = stored(Member)
        answer = browser.post(
            reverse("web:desk_correction", args=[member.id]),
            {"field": "trade", "wish": "改为建筑", "once": "w"},
        )
        assert answer.status_code == 303
        assert stored(Correction)[0].member_id == member.id

    def test_a_hotline_operator_takes_a_lead_and_sees_no_file(self) -> None:
        browser = Browser(OUTSIDERS["hotline_operator"])
        desk = browser.get(reverse("web:desk")).content.decode()
        assert 'name="text"' not in desk
        answer = browser.post(
            reverse("flows:take_lead"), {"name": "李秀英", "door": "hotline", "once": "h"}
        )
        assert answer.status_code == 303
        [lead] = stored(Lead)
        assert (lead.door, lead.search_method) == ("hotline", "telephone")

    def test_the_pages_ask_for_an_id_number_once(self) -> None:
        page = Browser(CLERK).get(reverse("flows:receive")).content.decode()
        assert len(re.findall('name="id_number"', page)) == 1
        assert NEXT_BRANCH.name not in page
        assert HOST.name not in page
