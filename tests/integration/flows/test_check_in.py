"""The public report: six questions, one a page, the same answer for everybody, machines apart."""

import hashlib
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import NEXT_BRANCH, OFFICIALS, OUTSIDERS, TOWNSHIP
from tests.integration.flows.conftest import (
    HOST,
    newcomer,
    seen_by,
    seen_by_the_database,
    signed_in,
)
from tests.people import invented_phone

from guiyan.flows import commands, notice
from guiyan.flows.check_in import STEPS
from guiyan.flows.inbox import inbox_for
from guiyan.flows.models import Case, Lead
from guiyan.orgs.models import Organisation
from guiyan.platform.errors import Forbidden

pytestmark = pytest.mark.django_db

CHINA = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 10, 0, tzinfo=CHINA)
ANSWERS = {
    "name": "吉克阿支",
    "phone": invented_phone(77),
    "home": "美姑县巴普镇城东社区党支部",
    "now_at": "昭觉县新城镇",
    "trade": "餐饮",
    "wish": "message",
    "note": "晚上有空",
}
KIB = 1024


@pytest.fixture
def code() -> str:
    with seen_by_the_database():
        return str(Organisation.objects.get(id=NEXT_BRANCH.id).check_in_code)


@pytest.fixture
def poster(code: str) -> str:
    return reverse("flows:check_in", args=[code])


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no {name} on {page}"
    return found[1]


def walk(
    client: Client,
    poster: str,
    answers: dict[str, str] = ANSWERS,
    *,
    seconds: float = 60,
    trap: str = "",
    way: str = "",
) -> list[bytes]:
    """Every page from the poster to the answer, filled in as a person would."""
    pages: list[bytes] = []
    with time_machine.travel(START, tick=False) as clock:
        pages.append(client.get(poster + way).content)
        for step in STEPS:
            fields = {"draft": hidden(pages[-1].decode(), "draft"), "step": step, "go": "next"}
            typed = {step: answers.get(step, ""), "note": answers.get("note", "")}
            pages.append(client.post(poster, fields | typed).content)
        clock.shift(timedelta(seconds=seconds))
        sent = client.post(
            poster,
            {
                "draft": hidden(pages[-1].decode(), "draft"),
                "once": hidden(pages[-1].decode(), "once"),
                "step": "checking",
                "go": "send",
                "website": trap,
            },
        )
        assert sent.status_code == 303, sent.content.decode()
        pages.append(client.get(sent.headers["Location"]).content)
    return pages


def without_nonce(page: bytes) -> bytes:
    return re.sub(rb'nonce="[^"]*"', b"", page)


def leads() -> list[Lead]:
    with seen_by_the_database():
        return list(Lead.objects.order_by("received_at"))


class TestThePages:
    def test_six_answers_become_one_lead_in_the_inbox_of_the_poster(
        self, client: Client, poster: str
    ) -> None:
        walk(client, poster)
        [lead] = leads()
        assert (lead.organisation_id, lead.door, lead.search_method) == (
            NEXT_BRANCH.id,
            "qr",
            "self",
        )
        assert (lead.state, lead.suspicion) == ("to_verify", "")
        assert lead.notice_version == notice.VERSION
        assert ANSWERS["phone"] not in lead.phone_mask
        said = commands.read_lead(by=HOST, lead_id=lead.id)
        assert (said.name, said.home, said.trade) == ("吉克阿支", ANSWERS["home"], "餐饮")
        assert said.note == "先发短信；晚上有空"

    def test_only_the_name_must_be_given(self, client: Client, poster: str) -> None:
        walk(client, poster, {"name": "吉克阿支"})
        assert len(leads()) == 1

    def test_a_report_without_a_name_is_asked_for_it_again(
        self, client: Client, poster: str
    ) -> None:
        first = client.get(poster).content.decode()
        again = client.post(poster, {"draft": hidden(first, "draft"), "step": "name", "name": " "})
        assert "请写下姓名" in again.content.decode()
        assert leads() == []

    def test_the_notice_stands_before_the_first_field_with_who_asks(
        self, client: Client, poster: str
    ) -> None:
        page = client.get(poster).content.decode()
        before = page[: page.index('name="name"')]
        assert NEXT_BRANCH.name in before
        for title in ("谁在问", "为什么", "依据", "保存多久", "谁能看"):
            assert title in before
        assert "30天内清除" in before

    def test_a_changed_notice_needs_a_new_version(self) -> None:
        """When this fails, raise `notice.VERSION` and write the new digest beside it."""
        text = repr([(str(a), str(b)) for a, b in (*notice.OWN, *notice.OF_ANOTHER)])
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        assert (notice.VERSION, digest) == ("2026-11", "4b976ee2a5aa86ed")

    def test_no_page_asks_for_an_id_number(self, client: Client, poster: str) -> None:
        assert all("身份证" not in page.decode() for page in walk(client, poster))

    def test_every_page_is_light_without_script_and_without_a_cookie(
        self, client: Client, poster: str
    ) -> None:
        for page in walk(client, poster):
            assert len(page) <= 10 * KIB
            assert b"<script" not in page
            assert b'src="' not in page
        assert not client.cookies

    def test_the_large_version_and_english_are_light_too(self, client: Client, poster: str) -> None:
        client.cookies["guiyan_large"] = "1"
        client.cookies["guiyan_language"] = "en"
        assert all(len(page) <= 10 * KIB for page in walk(client, poster))

    def test_back_keeps_what_was_typed(self, client: Client, poster: str) -> None:
        first = client.get(poster).content.decode()
        second = client.post(
            poster, {"draft": hidden(first, "draft"), "step": "name", "name": "吉克阿支"}
        ).content.decode()
        back = client.post(
            poster,
            {"draft": hidden(second, "draft"), "step": "phone", "phone": "1", "go": "back"},
        ).content.decode()
        assert 'value="吉克阿支"' in back
        onward = client.post(
            poster, {"draft": hidden(back, "draft"), "step": "name", "name": "吉克阿芝"}
        ).content.decode()
        assert 'name="phone" value="1"' in onward

    def test_one_answer_is_changed_on_the_last_page_without_passing_the_others_again(
        self, client: Client, poster: str
    ) -> None:
        with time_machine.travel(START, tick=False):
            page = client.get(poster).content.decode()
            for step in STEPS:
                page = client.post(
                    poster, {"draft": hidden(page, "draft"), "step": step, step: ANSWERS[step]}
                ).content.decode()
            page = client.post(
                poster, {"draft": hidden(page, "draft"), "step": "checking", "go": "home"}
            ).content.decode()
            page = client.post(
                poster, {"draft": hidden(page, "draft"), "step": "home", "home": "甘洛县"}
            ).content.decode()
        assert "甘洛县" in page
        assert 'value="send"' in page

    def test_nothing_that_was_typed_stands_in_the_page_or_the_address_in_the_clear(
        self, client: Client, poster: str
    ) -> None:
        pages = walk(client, poster)
        for page in pages[2:6]:  # after the name, before everything is shown for checking
            assert ANSWERS["name"].encode() not in page

    def test_a_draft_of_another_poster_or_of_yesterday_starts_anew(
        self, client: Client, poster: str
    ) -> None:
        with time_machine.travel(START, tick=False):
            draft = hidden(client.get(poster).content.decode(), "draft")
        for travelled, sent in ((START + timedelta(hours=13), draft), (START, draft[:-4] + "AAAA")):
            with time_machine.travel(travelled, tick=False):
                page = client.post(poster, {"draft": sent, "step": "checking", "go": "send"})
            assert "请从头填一次" in page.content.decode()
        assert leads() == []

    def test_somebody_may_tell_of_another(self, client: Client, poster: str) -> None:
        pages = walk(client, poster, way="?for=peer")
        assert "这位同志叫什么名字" in pages[0].decode()
        assert "先征得对方同意" in pages[0].decode()
        [lead] = leads()
        assert lead.search_method == "peer"

    def test_a_retry_of_the_last_page_gets_the_first_answer(
        self, client: Client, poster: str
    ) -> None:
        with time_machine.travel(START, tick=False):
            page = client.get(poster).content.decode()
            for step in STEPS:
                page = client.post(
                    poster, {"draft": hidden(page, "draft"), "step": step, step: ANSWERS[step]}
                ).content.decode()
            fields = {"draft": hidden(page, "draft"), "once": hidden(page, "once")}
            fields |= {"step": "checking", "go": "send"}
            first, second = client.post(poster, fields), client.post(poster, fields)
        assert first.headers["Location"] == second.headers["Location"]
        assert len(leads()) == 1


class TestTheAnswer:
    def test_it_is_the_same_to_the_byte_for_a_known_member_an_unknown_person_and_a_machine(
        self, client: Client, poster: str
    ) -> None:
        newcomer(HOST, home=None, host=NEXT_BRANCH, name="吉克阿支")
        known = walk(client, poster)
        unknown = walk(client, poster, {"name": "无人知道", "phone": invented_phone(9001)})
        machine = walk(client, poster, seconds=0, trap="http://spam.example")
        answers = {without_nonce(pages[-1]) for pages in (known, unknown, machine)}
        assert len(answers) == 1

    def test_no_table_of_members_is_read_on_the_way(self, client: Client, poster: str) -> None:
        with CaptureQueriesContext(connection) as asked:
            walk(client, poster)
        assert not [query for query in asked if "members_" in query["sql"]]


class TestMachines:
    def test_the_trap_and_haste_are_marked_and_stay_to_be_verified(
        self, client: Client, poster: str
    ) -> None:
        walk(client, poster, trap="x")
        walk(client, poster, seconds=1)
        marked = {(lead.suspicion, lead.state) for lead in leads()}
        assert marked == {("trap", "to_verify"), ("too_fast", "to_verify")}

    def test_more_than_twenty_from_one_address_are_marked(
        self, client: Client, poster: str
    ) -> None:
        for _ in range(21):
            walk(client, poster)
        assert [lead.suspicion for lead in leads()] == [""] * 20 + ["many"]

    def test_beyond_three_hundred_an_hour_nothing_is_stored_and_the_person_is_told_where_to_call(
        self, client: Client, poster: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("guiyan.flows.views.check_in.MOST_FILLS", 1)
        walk(client, poster)
        with pytest.raises(AssertionError, match="直接打电话"):
            walk(client, poster)
        assert len(leads()) == 1

    def test_they_stand_apart_from_people_and_go_in_one_action(
        self, client: Client, poster: str
    ) -> None:
        walk(client, poster)
        for _ in range(3):
            walk(client, poster, trap="x")
        with seen_by(HOST):
            inbox = inbox_for(HOST)
            assert ([lead.suspicion for lead in inbox.leads], inbox.suspicious) == ([""], 3)
        assert commands.discard_suspicious_leads(by=HOST) == 3
        assert sorted(lead.state for lead in leads()) == ["dead"] * 3 + ["to_verify"]
        with seen_by_the_database():
            assert Case.objects.count() == 0


class TestWhoSeesALead:
    def test_the_next_county_and_a_canvasser_do_not(self, client: Client, poster: str) -> None:
        walk(client, poster)
        stranger = OFFICIALS["county_officer"]
        with seen_by(stranger):
            assert inbox_for(stranger).leads == []
        with seen_by(OUTSIDERS["canvasser"]), pytest.raises(Forbidden):
            inbox_for(OUTSIDERS["canvasser"])
        with seen_by(HOST):
            assert len(inbox_for(HOST).leads) == 1


class TestAPosterThatIsNotOurs:
    @pytest.mark.parametrize("code", ["nosuchcode", "x" * 60])
    def test_an_unknown_code_warns_and_asks_nothing(self, client: Client, code: str) -> None:
        answer = client.get(reverse("flows:check_in", args=[code]))
        assert answer.status_code == 404
        page = answer.content.decode()
        assert "这个码不能用了" in page
        assert "<form" not in page

    def test_the_code_of_a_closed_organisation_warns_too(
        self, client: Client, code: str, poster: str
    ) -> None:
        with seen_by_the_database():
            Organisation.objects.filter(id=NEXT_BRANCH.id).update(closed_on=START.date())
        assert client.get(poster).status_code == 404

    def test_a_lead_is_written_for_the_poster_only(self, client: Client, poster: str) -> None:
        walk(client, poster)
        with seen_by(OFFICIALS["township_officer"]):
            assert inbox_for(OFFICIALS["township_officer"]).leads == []
        assert TOWNSHIP.id not in {lead.organisation_id for lead in leads()}


class TestTheRememberedPage:
    """The first page is kept ready for some seconds; nobody may notice."""

    @staticmethod
    def _without_own_parts(page: str) -> str:
        page = page.replace(hidden(page, "draft"), "")
        nonce = re.search(r'nonce="([^"]+)"', page)
        assert nonce
        return page.replace(nonce[1], "")

    def test_it_is_the_same_page_with_a_draft_and_a_nonce_of_its_own(self, poster: str) -> None:
        first, second = (Client().get(poster) for _ in range(2))
        pages = [answer.content.decode() for answer in (first, second)]
        assert self._without_own_parts(pages[0]) == self._without_own_parts(pages[1])
        assert hidden(pages[0], "draft") != hidden(pages[1], "draft")
        nonces = [re.findall(r'nonce="([^"]+)"', page) for page in pages]
        assert nonces[0] != nonces[1]
        for answer, [nonce] in zip((first, second), nonces, strict=True):
            assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]
        assert set(first.headers) == set(second.headers)

    def test_it_asks_the_database_for_nothing(self, poster: str) -> None:
        Client().get(poster)
        with CaptureQueriesContext(connection) as asked:
            Client().get(poster)
        assert not asked.captured_queries

    def test_each_way_language_and_size_has_its_own(self, poster: str) -> None:
        pages = set()
        for _ in range(2):
            for query, cookies in (
                ("", {}),
                ("?for=peer", {}),
                ("", {"guiyan_language": "en"}),
                ("", {"guiyan_large": "1"}),
            ):
                client = Client()
                client.cookies.load(cookies)
                page = client.get(poster + query).content.decode()
                pages.add(self._without_own_parts(page))
        assert len(pages) == 4

    def test_a_draft_from_it_is_taken(self, poster: str) -> None:
        Client().get(poster)
        client = Client()
        draft = hidden(client.get(poster).content.decode(), "draft")
        answer = client.post(poster, {"draft": draft, "step": "name", "name": "吉克阿支"})
        assert 'name="phone"' in answer.content.decode()

    def test_who_is_signed_in_gets_a_page_of_their_own(self, poster: str) -> None:
        Client().get(poster)
        shown = signed_in(HOST, Client()).get(poster).content.decode()
        assert "长辈版" in shown
        assert self._without_own_parts(shown) != self._without_own_parts(
            Client().get(poster).content.decode()
        )
