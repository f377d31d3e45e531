"""Dues in the database: put once, closed by contacts, carried along, counted."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import Browser
from tests.cast import NEXT_BRANCH, NEXT_TOWNSHIP, OFFICIALS
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    HOME,
    HOST,
    HOST_TOWNSHIP,
    _planted,
    newcomer,
    placed,
    seen_by,
    seen_by_the_database,
)
from tests.integration.liaison.kept import (
    LIAISON,
    MONDAY,
    call,
    due,
    kept_in_touch,
    night,
    on,
    with_contact_person,
)

from guiyan.field import commands as field_commands
from guiyan.field import due_counts
from guiyan.field.models import Due
from guiyan.field.types import NewDue
from guiyan.flows import commands as flows
from guiyan.flows.types import Stay
from guiyan.liaison import commands as liaison
from guiyan.liaison import queries as liaison_queries
from guiyan.liaison.cadence import commands as cadence
from guiyan.liaison.cadence import jobs, queries
from guiyan.liaison.models import CadenceStanding
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


class TestNight:
    def test_a_placed_member_is_due_for_everything_that_has_begun(self) -> None:
        case = kept_in_touch()
        assert due(case) == {"contact", "visit", "reminder", "first_week", "talk"}

    def test_who_was_called_before_the_night_is_not_asked_for_again(self) -> None:
        case = with_contact_person(placed())
        call(case)
        night()
        assert due(case) == {"visit", "talk"}

    def test_what_somebody_else_did_or_who_was_not_reached_leaves_it_owed(self) -> None:
        case = with_contact_person(placed())
        call(case, by=HOST)
        call(case, was_reached=False, why_not="no_answer")
        night()
        assert "contact" in due(case)

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

    def test_a_month_is_listed_within_its_window_and_asked_for_by_nobody_after_it(self) -> None:
        case = kept_in_touch()
        with seen_by_the_database():
            month = Due.objects.get(case_id=case.id, kind="contact")
        assert month.expires_on is not None
        days = (month.due_on, month.due_on + timedelta(days=1), month.expires_on)
        listed, late = [], []
        for day in (*days, month.expires_on + timedelta(days=1)):
            with seen_by(LIAISON):
                rows = queries.today_list(on(day, LIAISON)).rows
            listed.append("contact" in {one.kind for row in rows for one in row.owed})
            with seen_by(HOST):
                unreached = queries.unreached(on(day, HOST), by_name=True).rows
            late.append("contact" in {one.kind for row in unreached for one in row.owed})
        assert listed == [True, True, True, False]
        assert late == [False, True, True, False]

    def test_a_call_that_was_passed_on_is_no_second_line_and_makes_no_page_short(self) -> None:
        case = kept_in_touch()
        passed = NewDue(
            "call_back", case.id, "call", uuid4(), NEXT_BRANCH.id, NEXT_BRANCH.path,
            LIAISON.account_id, MONDAY, MONDAY, None, "",
        )  # fmt: skip
        with seen_by_the_database():
            field_commands.put_dues(by=Actor.system("test"), dues=[passed])
        with seen_by(LIAISON):
            page = queries.today_list(LIAISON, limit=1)
        assert [row.case.id for row in page.rows] == [case.id]
        assert page.next_cursor == ""

    def test_the_list_costs_the_same_however_many_are_due(self) -> None:
        asked = []
        for _ in range(2):
            kept_in_touch()
            with seen_by(LIAISON), CaptureQueriesContext(connection) as counted:
                queries.today_list(LIAISON)
            asked.append(len(counted))
        assert asked[0] == asked[1]

    def test_my_members_are_all_there_page_by_page_the_longest_unreached_first(self) -> None:
        cases = [kept_in_touch() for _ in range(5)]
        call(cases[0])
        call(cases[1], how="told_by_other")  # worth knowing, and reached nobody
        found, cursor, pages = [], "", 0
        while pages == 0 or cursor:
            with seen_by(LIAISON):
                here, cursor = liaison_queries.my_members(LIAISON, cursor, limit=2)
            found += [case.id for case in here]
            pages += 1
        assert pages == 3
        assert found[-1] == cases[0].id
        assert sorted(found) == sorted(case.id for case in cases)
        with seen_by(LIAISON):
            assert set(liaison_queries.last_contacts_of(LIAISON, found)) == {cases[0].id}

    def test_a_broken_place_in_my_members_leads_to_the_first_page(self) -> None:
        kept_in_touch()
        assert Browser(LIAISON).get("/w/mine?cursor=x").headers["Location"] == "/w/mine"

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

    def test_who_has_nobody_is_given_somebody_before_any_word_is_left(self) -> None:
        alone, kept = placed(), kept_in_touch()
        for case, has_somebody in ((alone, False), (kept, True)):
            page = Browser(on(MONDAY, HOST)).get(f"/w/cases/{case.id}/help").content.decode()
            assert ("留言给联系人" in page) is has_somebody
            assert ("先指定一位" in page) is not has_somebody
            assert (LIAISON.name in page) is has_somebody

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


class TestTheHomeBranch:
    """What the home side owes stands in the list of its branch, though no one person owes it."""

    def test_who_is_abroad_is_contacted_twice_a_year_by_the_branch_at_home(self) -> None:
        away = flows.declare_case(
            by=HOME, member_id=newcomer().id, stay=Stay(host_text="马来西亚", is_abroad=True)
        )
        night()
        assert due(away) == {"abroad", "talk"}
        with seen_by(HOME):
            rows = queries.branch_list(HOME)
        assert [(row.case.id, {one.kind for one in row.owed}) for row in rows] == [
            (away.id, {"abroad", "talk"})
        ]
        with seen_by(HOST):
            assert queries.branch_list(HOST) == []
        page = Browser(HOME).get("/w/today").content.decode()
        assert "本支部自己联系的" in page
        assert away.member_name in page
        call(away, how="wechat", by=HOME)
        assert due(away) == {"talk"}

    def test_who_is_found_to_be_in_the_country_is_owed_nothing_as_abroad_any_more(self) -> None:
        away = flows.declare_case(
            by=HOME, member_id=newcomer().id, stay=Stay(host_text="马来西亚", is_abroad=True)
        )
        night()
        assert due(away) == {"abroad", "talk"}
        flows.note_abroad(by=HOME, case_id=away.id, is_abroad=False, place="广东省")
        jobs.follow_case(case_id=str(away.id))
        assert "abroad" not in due(away)

    def test_a_tick_taken_out_and_set_again_owes_the_same_once_more_and_never_twice(
        self, clock: time_machine.Traveller
    ) -> None:
        away = flows.declare_case(
            by=HOME, member_id=newcomer().id, stay=Stay(host_text="马来西亚", is_abroad=True)
        )
        night()
        for is_abroad in (False, True, False, True):
            flows.note_abroad(by=HOME, case_id=away.id, is_abroad=is_abroad, place="广东省")
            jobs.follow_case(case_id=str(away.id))
            assert ("abroad" in due(away)) is is_abroad
        call(away, how="wechat", by=HOME)
        for is_abroad in (False, True):
            flows.note_abroad(by=HOME, case_id=away.id, is_abroad=is_abroad, place="广东省")
            jobs.follow_case(case_id=str(away.id))
            assert "abroad" not in due(away)  # it was done in this half-year
        with seen_by_the_database():
            assert Due.objects.filter(case_id=away.id, kind="abroad").count() == 1

    def test_who_is_relieved_is_owed_nothing_by_a_tick_that_is_set_again(self) -> None:
        away = flows.declare_case(
            by=HOME, member_id=newcomer().id, stay=Stay(host_text="马来西亚", is_abroad=True)
        )
        night()
        flows.note_abroad(by=HOME, case_id=away.id, is_abroad=False, place="广东省")
        jobs.follow_case(case_id=str(away.id))
        cadence.exempt_member(by=HOME, member_id=away.member_id, reason_code="old")
        flows.note_abroad(by=HOME, case_id=away.id, is_abroad=True, place="马来西亚")
        jobs.follow_case(case_id=str(away.id))
        assert due(away) == set()

    def test_words_in_the_place_alone_say_nothing(self) -> None:
        away = flows.declare_case(
            by=HOME,
            member_id=newcomer().id,
            stay=Stay(reason_away="其他", host_text="中国外运公司"),
        )
        night()
        assert due(away) == set()

    def test_at_spring_festival_a_meeting_at_home_does_it_and_a_visit_of_the_host_does_not(
        self,
    ) -> None:
        festival = date(2027, 2, 1)
        case = with_contact_person(placed())
        with time_machine.travel(datetime(2027, 2, 1, 2, tzinfo=UTC), tick=False):
            night(festival)
            home = on(festival, HOME)
            assert "spring" in due(case, festival)
            call(case, how="visit", by=on(festival, LIAISON))
            assert "spring" in due(case, festival)
            with seen_by(home):
                assert [row.case.id for row in queries.branch_list(home)] == [case.id]
            call(case, by=home)
            assert "spring" in due(case, festival)  # a call is no meeting
            call(case, how="visit", by=home)
            assert "spring" not in due(case, festival)
            with seen_by(home):
                assert queries.branch_list(home) == []


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


def test_what_is_declared_stands_in_the_form_that_changes_it() -> None:
    page = Browser(on(MONDAY, HOST)).get("/w/cadence?kind=visit").content.decode()
    for words in ('value="visit" selected', 'value="quarter" selected', 'value="45"'):
        assert words in page


@pytest.mark.parametrize("url", ["/w/today", "/w/unreached", "/w/cadence"])
def test_each_page_opens(url: str) -> None:
    kept_in_touch()
    who = LIAISON if url == "/w/today" else HOST
    assert Browser(who).get(url).status_code == 200
