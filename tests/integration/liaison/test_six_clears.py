"""The six clears beside the dues: each with its day and who said so, sealed, gone after its time."""

from dataclasses import replace
from datetime import date

import pytest
from tests.acting import Browser
from tests.cast import NEXT_BRANCH
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    HOST,
    _planted,
    newcomer,
    seen_by,
    seen_by_the_database,
)
from tests.integration.liaison.kept import (
    LIAISON,
    MONDAY,
    due,
    kept_in_touch,
    on,
)

from guiyan.flows.types import CaseFacts
from guiyan.liaison.cadence import joining
from guiyan.liaison.models import SixClear
from guiyan.liaison.six_clears import commands as clears
from guiyan.liaison.six_clears import queries as clear_queries
from guiyan.liaison.six_clears.commands import Said
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def note(case: CaseFacts, code: str, text: str, **more: object) -> None:
    clears.note_clears(
        by=LIAISON,
        member_id=case.member_id,
        said=[Said(code, text, **more)],
        as_of=MONDAY,  # type: ignore[arg-type]
    )


def known(case: CaseFacts, day: date = MONDAY) -> dict[str, clear_queries.ClearFacts]:
    return {one.code: one for one in clear_queries.clears_of(on(day, HOST), case.member_id)}


class TestSixClears:
    def test_each_has_its_day_and_who_said_so_and_grows_old(self) -> None:
        case = kept_in_touch()
        note(case, "residence", "租住在城东", said_by="seen")
        with seen_by(HOST):
            fresh, old = known(case)["residence"], known(case, date(2026, 9, 3))["residence"]
        assert (fresh.as_of, fresh.said_by, fresh.is_stale) == (MONDAY, "seen", False)
        assert old.is_stale

    def test_on_the_mind_is_only_what_the_member_asked_to_pass_on(self) -> None:
        case = kept_in_touch()
        with pytest.raises(Refused, match="原话"):
            note(case, "mind", "情绪不高", said_by="seen")

    def test_the_words_are_sealed_in_the_database(self) -> None:
        case = kept_in_touch()
        note(case, "difficulty", "孩子上学的事")
        with seen_by_the_database():
            sealed = bytes(SixClear.objects.get().sealed)
        assert "孩子".encode() not in sealed

    def test_a_call_for_help_reaches_the_secretary_and_is_answered_once(self) -> None:
        case = kept_in_touch()
        note(case, "difficulty", "孩子上学的事", asks_help=True)
        with seen_by(HOST):
            asked = clear_queries.help_asked(HOST)
        assert [one.member_id for one in asked] == [case.member_id]
        clears.answer_help(by=HOST, clear_id=asked[0].id, answer="已联系学校")
        with pytest.raises(Refused):
            clears.answer_help(by=HOST, clear_id=asked[0].id, answer="又一次")

    def test_all_who_ask_for_help_are_listed_page_by_page(self) -> None:
        case = kept_in_touch()
        for text in ("孩子上学", "想办医保", "工资没结"):
            note(case, "difficulty", text, asks_help=True)
        with seen_by(HOST):
            every = [one.id for one in clear_queries.help_asked(HOST)]
            first, place = clear_queries.help_page(HOST, limit=2)
            rest, end = clear_queries.help_page(HOST, place, limit=2)
        assert ([one.id for one in (*first, *rest)], end) == (every, "")
        assert len(every) == 3
        browser = Browser(HOST)
        assert browser.get("/w/unreached?asked=nonsense").status_code == 303
        assert case.member_name in browser.get(f"/w/unreached?asked={place}").content.decode()

    def test_what_was_said_goes_after_its_time(self) -> None:
        case = kept_in_touch()
        note(case, "mind", "请转告家里都好")
        note(case, "work", "在工地做工")
        clears.forget_old_clears(by=replace(Actor.system(), today=date(2027, 3, 10)))
        with seen_by(HOST):
            assert [c.code for c in clear_queries.history_of(HOST, case.member_id)] == ["work"]


def test_what_was_said_follows_the_file() -> None:
    case = kept_in_touch()
    note(case, "work", "在工地做工")
    with seen_by(HOST):
        assert known(case)["work"].text == "在工地做工"


def test_one_screen_records_the_contact_the_six_clears_and_the_next_date() -> None:
    case = kept_in_touch()
    browser = Browser(LIAISON)
    page = browser.get(f"/w/contact/{case.id}").content.decode()
    assert "看号码并拨打" in page
    answer = browser.post(
        f"/w/contact/{case.id}",
        {"result": "visited", "clear_work": "在砖厂", "said_by": "member",
         "clear_difficulty": "想办医保", "asks_help": "on", "next_on": "2026-03-20"},
    )  # fmt: skip
    assert answer.status_code == 303, answer.content.decode()
    assert due(case) == {"talk"}
    with seen_by(HOST):
        assert known(case)["work"].text == "在砖厂"
        assert len(clear_queries.help_asked(HOST)) == 1
    shown = browser.get(answer.headers["Location"]).content.decode()
    assert "撤销" in shown
    assert "困难诉求（已请支部书记看）" in shown
    assert "在砖厂" not in shown


def test_a_form_that_comes_back_keeps_what_was_typed_and_nothing_was_written() -> None:
    case = kept_in_touch()
    browser = Browser(LIAISON)
    answer = browser.post(
        f"/w/contact/{case.id}",
        {"result": "yes", "clear_work": "在砖厂", "next_on": "2026-03-01"},
    )
    assert answer.status_code == 200
    assert "在砖厂" in answer.content.decode()
    assert "contact" in due(case)


def test_a_number_is_opened_for_a_minute_with_a_link_that_dials() -> None:
    case = kept_in_touch()
    browser = Browser(LIAISON)
    page = browser.get(f"/w/contact/{case.id}").content.decode()
    url = page.partition(f'action="/w/contact/{case.id}/number/')[2].partition('"')[0]
    answer = browser.post(f"/w/contact/{case.id}/number/{url}")
    assert 'href="tel:12' in answer.content.decode()
    assert answer.headers["Refresh"].startswith("60;")
    assert answer.headers["Cache-Control"] == "no-store"


def test_merged_files_keep_what_was_said() -> None:
    """The six clears follow the person when two files become one, and part again."""
    case = kept_in_touch()
    other = newcomer(HOST, home=NEXT_BRANCH)
    note(case, "work", "在工地做工")
    with seen_by_the_database():
        moved = joining.FOLLOWER.move(other.id, case.member_id)
        assert SixClear.objects.get().member_id == other.id
        joining.FOLLOWER.move_back(other.id, case.member_id, moved)
        assert SixClear.objects.get().member_id == case.member_id
