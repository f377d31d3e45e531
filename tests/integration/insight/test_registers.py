"""The two registers: they balance, lose no row and double none, and are searched without betraying."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.acting import Browser
from tests.cast import BRANCH, NEXT_BRANCH, NEXT_TOWNSHIP, OFFICIALS, OUTSIDERS, TOWNSHIP
from tests.integration.flows.conftest import (
    HOME,
    HOST,
    HOST_TOWNSHIP,
    _planted,
    claimed,
    declared,
    newcomer,
    placed,
    seen_by,
    signed_in,
)
from tests.people import invented_id, invented_phone

from guiyan.flows import commands as flows
from guiyan.flows import counts
from guiyan.flows.registers import balance, received, register_page, register_rows
from guiyan.flows.types import RegisterFilter
from guiyan.insight.register_rows import rows_of
from guiyan.members import commands as members
from guiyan.platform.models import AuditRow, RateBucket
from guiyan.platform.scope import Scope, scoped

__all__ = ["_planted"]
pytestmark = pytest.mark.django_db

TOWNSHIP_OFFICER = OFFICIALS["township_officer"]
OUT, IN = "insight:moved_out", "insight:moved_in"


def names_on(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return re.findall(r'href="/w/cases/[0-9a-f-]{36}">([^<]+)</a>', page)


class TestTheBalance:
    def test_out_is_claimed_and_unclaimed_and_the_lists_say_the_same(self) -> None:
        declared(), declared(host=None), claimed(), placed()
        counts.fold()
        with seen_by(TOWNSHIP_OFFICER):
            figures = balance(TOWNSHIP_OFFICER, TOWNSHIP.path)
            everybody = list(
                register_rows(TOWNSHIP_OFFICER, "out", TOWNSHIP.path, RegisterFilter())
            )
            taken = RegisterFilter(claimed=True)
            with_host = list(register_rows(TOWNSHIP_OFFICER, "out", TOWNSHIP.path, taken))
        assert figures == {"out": 4, "claimed": 2, "unclaimed": 2}
        assert (len(everybody), len(with_host)) == (4, 2)

    def test_in_is_placed_and_still_to_be_placed(self) -> None:
        claimed(), placed(), declared()
        counts.fold()
        with seen_by(HOST_TOWNSHIP):
            figures = received(HOST_TOWNSHIP, NEXT_TOWNSHIP.path)
            listed = list(register_rows(HOST_TOWNSHIP, "in", NEXT_TOWNSHIP.path, RegisterFilter()))
        assert figures == {"in": 2, "placed": 1, "unplaced": 1}
        assert len(listed) == 2

    def test_the_page_shows_it_and_leads_to_the_unclaimed_with_their_age(
        self, client: Client
    ) -> None:
        declared(), placed()
        counts.fold()
        page = signed_in(TOWNSHIP_OFFICER, client).get(reverse(OUT)).content.decode()
        assert "流出 <b>2</b> = 已认领 <b>1</b> + 未认领 <b>1</b>" in page
        unclaimed = client.get(reverse(OUT), {"claimed": "no"}).content.decode()
        assert re.search(r"未认领 \d+ 天", unclaimed)
        assert "新城社区党支部" in unclaimed  # who answers


class TestPages:
    @settings(
        max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        names=st.lists(st.sampled_from(["阿牛", "阿牛石布", "王芳", "李强", "欧阳雪"]), max_size=9),
        sort=st.sampled_from(["name", "opened"]),
        limit=st.integers(1, 4),
    )
    def test_no_row_is_lost_or_doubled_from_page_to_page(
        self, names: list[str], sort: str, limit: int
    ) -> None:
        before = {case.id for case in self._walk(sort, 50)}
        wanted = {declared(member=newcomer(name=name)).id for name in names}
        walked = [case.id for case in self._walk(sort, limit)]
        assert len(walked) == len(set(walked))
        assert set(walked) == before | wanted

    @staticmethod
    def _walk(sort: str, limit: int) -> list:  # type: ignore[type-arg]
        cases, cursor = [], ""
        with seen_by(TOWNSHIP_OFFICER):
            while True:
                page = register_page(
                    TOWNSHIP_OFFICER, "out", TOWNSHIP.path, RegisterFilter(),
                    sort=sort, cursor=cursor, limit=limit,
                )  # fmt: skip
                cases += page.cases
                cursor = page.next_cursor
                if not cursor:
                    return cases

    def test_a_spoilt_place_in_the_list_leads_back_to_the_first_page(self, client: Client) -> None:
        answer = signed_in(TOWNSHIP_OFFICER, client).get(
            reverse(OUT), {"cursor": "nonsense", "trade": "餐饮"}
        )
        assert answer.status_code == 302
        assert "cursor" not in answer.headers["Location"]
        assert "trade" in answer.headers["Location"]

    def test_a_page_takes_the_same_few_queries_for_one_row_and_for_many(
        self, django_assert_num_queries: object
    ) -> None:
        for _ in range(4):
            placed()
        with seen_by(TOWNSHIP_OFFICER):
            cases = register_page(TOWNSHIP_OFFICER, "out", TOWNSHIP.path, RegisterFilter()).cases
            with django_assert_num_queries(4):  # type: ignore[operator]
                rows_of(TOWNSHIP_OFFICER, cases)


class TestWhoSeesWhat:
    def test_any_organisation_below_is_chosen_and_none_beside(self, client: Client) -> None:
        declared(member=newcomer(name="吉克阿支"))
        browser = signed_in(TOWNSHIP_OFFICER, client)
        assert names_on(browser, f"{reverse(OUT)}?organisation={BRANCH.id}") == ["吉克阿支"]
        assert browser.get(reverse(OUT), {"organisation": str(NEXT_BRANCH.id)}).status_code == 404
        assert browser.get(reverse(OUT), {"organisation": "x"}).status_code == 404

    def test_both_sides_see_the_case_and_a_neighbour_does_not(self, client: Client) -> None:
        placed()
        assert len(names_on(signed_in(HOME, client), reverse(OUT))) == 1
        assert len(names_on(signed_in(HOST, Client()), reverse(IN))) == 1
        stranger = signed_in(OUTSIDERS["industry_committee"], Client())
        assert names_on(stranger, reverse(OUT)) == []

    def test_a_canvasser_may_not_open_it(self, client: Client) -> None:
        assert signed_in(OFFICIALS["canvasser"], client).get(reverse(OUT)).status_code == 403

    def test_no_number_stands_on_the_page_in_full(self, client: Client) -> None:
        phone = invented_phone(4242)
        member = newcomer(name="吉克阿支")
        members.set_identity(by=HOME, member_id=member.id, kind="phone", value=phone, reason="x")
        declared(member=member)
        page = signed_in(HOME, client).get(reverse(OUT)).content.decode()
        assert phone not in page
        assert phone[-4:] in page


def searches_kept() -> list[str]:
    with scoped(Scope.everywhere()):
        rows = AuditRow.objects.filter(action="members.search_identity", member_id__isnull=False)
        return [row.reason for row in rows]


class TestSearch:
    @pytest.fixture(autouse=True)
    def _people(self) -> None:
        self.number = invented_id(born=date(1977, 7, 7), sequence=501)
        declared(member=newcomer(name="吉克阿支", id_number=self.number))
        declared(member=newcomer(name="沙马小英"))

    def found(self, text: str, reason: str = "verify") -> list[str]:
        wish = {"search": text, "reason": reason}
        page = Browser(HOME).post(reverse(OUT), wish).content.decode()
        return re.findall(r'href="/w/cases/[0-9a-f-]{36}">([^<]+)</a>', page)

    def test_by_a_whole_id_number_only(self) -> None:
        assert self.found(self.number) == ["吉克阿支"]
        assert self.found(self.number[:10]) == []

    def test_a_number_is_searched_for_a_reason_only_and_the_member_reads_it(self) -> None:
        """The same rule as on the page of members: whichever page is asked, one way in (F31)."""
        assert self.found(self.number, reason="") == []
        assert not searches_kept()
        assert self.found(self.number) == ["吉克阿支"]
        assert searches_kept() == ["verify"]
        self.found("吉克", reason="")
        assert searches_kept() == ["verify"]

    def test_searches_on_every_page_count_together(self) -> None:
        RateBucket.objects.all().delete()  # opening their files counted as well
        for _ in range(30):
            assert self.found(self.number) == ["吉克阿支"]
            Browser(HOME).post("/w/members", {"text": self.number, "reason": "verify"})
        assert self.found(self.number) == []
        assert len(searches_kept()) == 60

    def test_by_the_beginning_of_a_name_its_pinyin_or_its_initials(self) -> None:
        assert self.found("吉克") == ["吉克阿支"]
        assert self.found("jike") == ["吉克阿支"]
        assert self.found("smxy") == ["沙马小英"]
        assert self.found("阿支") == ["吉克阿支"]
        assert self.found("克阿") == []

    @pytest.mark.parametrize("text", ["%", "_", "吉%", "*", "' or 1=1 --"])
    def test_wildcards_are_only_characters(self, text: str) -> None:
        assert self.found(text) == []

    def test_what_is_sought_stands_in_no_address(self) -> None:
        page = Browser(HOME).post(reverse(OUT), {"search": "吉克"}).content.decode()
        assert not re.search(r'(href|action)="[^"]*(吉克|%E5%90%89)', page)


class TestPaper:
    def test_a_page_is_printed_with_masks_and_it_is_kept_who_took_it(self, client: Client) -> None:
        declared(member=newcomer(name="吉克阿支"))
        answer = signed_in(HOME, client).post(reverse("insight:print_moved_out"))
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        with scoped(Scope.everywhere()):
            row = AuditRow.objects.get(action="insight.note_print")
        assert (row.actor_name, row.facts["rows"]) == (HOME.name, 1)


def test_the_last_step_moves_a_stay_off_the_open_list_and_onto_the_ended(client: Client) -> None:
    case = declared(member=newcomer(name="吉克阿支"))
    flows.take_step(by=HOME, case_id=case.id, act="come_home", reason="回来了")
    browser = signed_in(HOME, client)
    assert names_on(browser, reverse(OUT)) == []
    assert names_on(browser, f"{reverse(OUT)}?ended=1") == ["吉克阿支"]
