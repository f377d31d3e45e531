"""Dues in the database: put once, closed by contacts, carried along, counted; six clears beside."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from tests.acting import Browser
from tests.cast import NEXT_BRANCH, NEXT_TOWNSHIP, OFFICIALS, OUTSIDERS
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    HOST,
    HOST_TOWNSHIP,
    _planted,
    newcomer,
    placed,
    seen_by,
    seen_by_the_database,
)

from guiyan.access.models import Account, Grant
from guiyan.field import due_counts
from guiyan.field import queries as field_queries
from guiyan.field.models import Due
from guiyan.flows import commands as flows
from guiyan.flows.types import CaseFacts
from guiyan.liaison import commands as liaison
from guiyan.liaison import queries as liaison_queries
from guiyan.liaison.cadence import commands as cadence
from guiyan.liaison.cadence import jobs, joining, materialising, queries
from guiyan.liaison.models import CadenceStanding, SixClear
from guiyan.liaison.six_clears import commands as clears
from guiyan.liaison.six_clears import queries as clear_queries
from guiyan.liaison.six_clears.commands import Said
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused

pytestmark = pytest.mark.django_db
LIAISON = OUTSIDERS["liaison"]
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 2, 2, tzinfo=UTC), tick=False) as moved:
        yield moved


def on(day: date, actor: Actor) -> Actor:
    return replace(actor, today=day)


def night(day: date = MONDAY) -> int:
    return materialising.tonight(day, replace(Actor.system("test"), today=day))


def with_contact_person(case: CaseFacts) -> CaseFacts:
    """The liaison of the host's branch keeps in touch."""
    Account.objects.update_or_create(
        id=LIAISON.account_id,
        defaults={"login": "liaison", "name": LIAISON.name, "password": "unusable"},
    )
    Grant.objects.get_or_create(
        account_id=LIAISON.account_id,
        role="liaison",
        organisation_id=NEXT_BRANCH.id,
        path=NEXT_BRANCH.path,
        valid_from=date(2020, 1, 1),
    )
    assert LIAISON.account_id
    liaison.assign_contact_person(by=HOST, case_id=case.id, account_id=LIAISON.account_id)
    return case


def kept_in_touch() -> CaseFacts:
    case = with_contact_person(placed())
    night()
    return case


def due(case: CaseFacts, day: date = MONDAY) -> set[str]:
    with seen_by_the_database():
        found = field_queries.open_kinds_of(Actor.system(), case.id, day)
    return {one.kind for one in found}


def call(case: CaseFacts, how: str = "call", by: Actor = LIAISON, **more: object) -> object:
    return liaison.record_contact(
        by=by,
        case_id=case.id,
        how=how,
        **{"was_reached": True, **more},  # type: ignore[arg-type]
    )


class TestNight:
    def test_a_placed_member_is_due_for_everything_that_has_begun(self) -> None:
        case = kept_in_touch()
        assert due(case) == {"contact", "visit", "reminder", "first_week", "talk"}

    def test_a_second_night_puts_nothing_and_touches_nothing(self) -> None:
        kept_in_touch()
        assert night() == 0
        assert night(MONDAY + timedelta(days=1)) == 0

    def test_each_period_is_put_once_however_often_the_night_runs(self) -> None:
        case = kept_in_touch()
        for days in range(1, 40):
            night(MONDAY + timedelta(days=days))
            night(MONDAY + timedelta(days=days))
        with seen_by_the_database():
            periods = Due.objects.filter(subject_id=case.id, kind="contact").order_by("opens_on")
            assert [row.period for row in periods] == [
                "2026-03-02/2026-03-31",
                "2026-04-01/2026-04-30",
            ]

    def test_a_changed_policy_keeps_the_month_and_counts_from_the_next(self) -> None:
        case = kept_in_touch()
        cadence.declare_policy(
            by=HOST_TOWNSHIP, organisation_id=NEXT_TOWNSHIP.id, kind="contact", cycle="quarter",
            is_on=True, keep_days=31, valid_from=date(2026, 3, 15), source="镇党委会议",
        )  # fmt: skip
        jobs.look_again(path=NEXT_TOWNSHIP.path, day="2026-03-15")
        night(date(2026, 3, 15))
        night(date(2026, 4, 1))
        with seen_by_the_database():
            rows = Due.objects.filter(subject_id=case.id, kind="contact").order_by("opens_on")
            assert [row.period for row in rows] == [
                "2026-03-02/2026-03-31",
                "2026-04-01/2026-06-30",
            ]

    def test_nobody_declares_for_an_organisation_beside_their_own(self) -> None:
        with pytest.raises(NotFound):
            cadence.declare_policy(
                by=OFFICIALS["township_officer"], organisation_id=NEXT_TOWNSHIP.id, kind="contact",
                cycle="quarter", is_on=True, keep_days=31, valid_from=MONDAY, source="文件",
            )  # fmt: skip


class TestContact:
    def test_a_call_does_the_contact_and_leaves_the_visit(self) -> None:
        case = kept_in_touch()
        call(case)
        assert due(case) == {"visit", "talk"}

    def test_who_was_not_reached_is_still_due(self) -> None:
        case = kept_in_touch()
        call(case, was_reached=False, why_not="no_answer")
        assert "contact" in due(case)

    def test_what_a_neighbour_tells_does_nothing(self) -> None:
        case = kept_in_touch()
        call(case, how="told_by_other")
        assert "contact" in due(case)

    def test_a_visit_with_a_talk_does_all(self) -> None:
        case = kept_in_touch()
        call(case, how="visit", was_talk=True)
        assert due(case) == set()

    def test_a_slip_is_taken_back_within_ten_minutes_and_is_owed_again(
        self, clock: time_machine.Traveller
    ) -> None:
        case = kept_in_touch()
        contact_id = call(case)
        clock.shift(timedelta(minutes=10))
        liaison.undo_contact(by=LIAISON, contact_id=contact_id)  # type: ignore[arg-type]
        assert "contact" in due(case)
        with seen_by(LIAISON):
            assert liaison_queries.contacts_of(LIAISON, case.id) == []

    def test_after_ten_minutes_or_by_somebody_else_it_stands(
        self, clock: time_machine.Traveller
    ) -> None:
        case = kept_in_touch()
        contact_id = call(case)
        with pytest.raises(NotFound):
            liaison.undo_contact(by=HOST, contact_id=contact_id)  # type: ignore[arg-type]
        clock.shift(timedelta(minutes=11))
        with pytest.raises(Refused, match="10分钟"):
            liaison.undo_contact(by=LIAISON, contact_id=contact_id)  # type: ignore[arg-type]

    def test_the_next_contact_that_was_agreed_on_stands_in_the_list_on_its_day(self) -> None:
        case = kept_in_touch()
        call(case, how="visit", was_talk=True, next_on=date(2026, 3, 20))
        assert due(case) == set()
        assert due(case, date(2026, 3, 20)) == {"next"}


class TestLists:
    def test_todays_list_names_each_member_once_with_what_is_due(self) -> None:
        first, second = kept_in_touch(), kept_in_touch()
        with seen_by(LIAISON):
            rows = queries.today_list(LIAISON).rows
            assert {row.case.id for row in rows} == {first.id, second.id}
            page = queries.today_list(LIAISON, limit=1)
            after = queries.today_list(LIAISON, page.next_cursor, limit=1)
        assert {page.rows[0].case.id, after.rows[0].case.id} == {first.id, second.id}
        assert after.next_cursor == ""

    def test_somebody_else_has_another_list(self) -> None:
        kept_in_touch()
        with seen_by(HOST):
            assert queries.today_list(HOST).rows == []

    def test_the_secretary_reads_who_was_not_reached_and_why(self) -> None:
        case = kept_in_touch()
        call(case, was_reached=False, why_not="wrong_number", note="改日上门")
        later = on(date(2026, 4, 2), HOST)
        with seen_by(later):
            for by_name in (True, False):
                rows = queries.unreached(later, by_name=by_name).rows
                assert [(row.case.id, row.reasons) for row in rows] == [
                    (case.id, ("wrong_number",))
                ]

    def test_without_a_contact_person_that_is_the_reason(self) -> None:
        case = placed()
        night()
        later = on(date(2026, 4, 2), HOST)
        with seen_by(later):
            rows = queries.unreached(later, by_name=False).rows
        assert [(row.case.id, row.reasons[0]) for row in rows] == [(case.id, "no_contact_person")]

    def test_the_secretary_takes_over_and_what_is_due_goes_along(self) -> None:
        case = kept_in_touch()
        cadence.help_to_reach(by=HOST, case_id=case.id, how="take_over")
        with seen_by(HOST):
            assert [row.case.id for row in queries.today_list(HOST).rows] == [case.id]
        with seen_by(LIAISON):
            assert queries.today_list(LIAISON).rows == []

    def test_going_along_stands_in_the_secretarys_own_list(self) -> None:
        case = kept_in_touch()
        cadence.help_to_reach(by=HOST, case_id=case.id, how="together", note="周五一起去")
        with seen_by(HOST):
            assert [row.owed[0].kind for row in queries.today_list(HOST).rows] == ["together"]
        call(case, how="visit")
        with seen_by(HOST):
            assert queries.today_list(HOST).rows == []


class TestRelief:
    def test_who_is_ill_owes_nothing_and_is_counted_nowhere(self) -> None:
        case = kept_in_touch()
        cadence.exempt_member(by=HOST, member_id=case.member_id, reason_code="ill")
        assert due(case) == set()
        assert night(date(2026, 4, 1)) == 0
        with seen_by(LIAISON):
            found = queries.relief_of(LIAISON, case.member_id)
        assert found and found.is_exempt

    def test_a_pause_leaves_what_is_due_after_it(self) -> None:
        case = kept_in_touch()
        cadence.pause_member(
            by=HOST, member_id=case.member_id, ends_on=date(2026, 3, 20), reason="住院"
        )
        assert due(case) == {"contact", "visit", "reminder", "talk"}
        with pytest.raises(Refused, match="已经暂停"):
            cadence.exempt_member(by=HOST, member_id=case.member_id, reason_code="ill")

    def test_a_relief_by_a_slip_changes_nothing_once_it_is_ended(self) -> None:
        case = kept_in_touch()
        before = due(case)
        cadence.exempt_member(by=HOST, member_id=case.member_id, reason_code="old")
        cadence.end_relief(by=HOST, member_id=case.member_id)
        assert due(case) == before


class TestMoves:
    def test_when_a_stay_ends_nothing_is_owed_any_more(self) -> None:
        case = kept_in_touch()
        flows.take_step(by=OFFICIALS["branch_secretary"], case_id=case.id, act="come_home")
        jobs.follow_case(case_id=str(case.id))
        assert due(case) == set()
        with seen_by_the_database():
            assert not CadenceStanding.objects.filter(case_id=case.id).exists()

    def test_what_was_said_follows_the_file(self) -> None:
        case = kept_in_touch()
        note(case, "work", "在工地做工")
        with seen_by(HOST):
            assert known(case)["work"].text == "在工地做工"


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

    def test_what_was_said_goes_after_its_time(self) -> None:
        case = kept_in_touch()
        note(case, "mind", "请转告家里都好")
        note(case, "work", "在工地做工")
        clears.forget_old_clears(by=replace(Actor.system(), today=date(2027, 3, 10)))
        with seen_by(HOST):
            assert [c.code for c in clear_queries.history_of(HOST, case.member_id)] == ["work"]


def test_overdue_is_counted_each_night_and_corrected_by_the_act() -> None:
    case = kept_in_touch()
    later = date(2026, 4, 2)
    with seen_by_the_database():
        due_counts.remake(later)
    top = on(later, HOST_TOWNSHIP)
    with seen_by(top):
        assert queries.overdue_here(top)["contact"] == 1
    with time_machine.travel(datetime(2026, 4, 2, 2, tzinfo=UTC), tick=False):
        call(case, by=on(later, LIAISON))
    with seen_by_the_database():
        due_counts.fold()
    with seen_by(top):
        assert "contact" not in queries.overdue_here(top)


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


@pytest.mark.parametrize("url", ["/w/today", "/w/unreached", "/w/cadence"])
def test_each_page_opens(url: str) -> None:
    kept_in_touch()
    who = LIAISON if url == "/w/today" else HOST
    assert Browser(who).get(url).status_code == 200


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
