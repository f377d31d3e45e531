"""Calls: missed ones are one due each, a change of duty takes them along, numbers aren't opened in bulk."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.acting import Browser
from tests.cast import CENTRE, NEXT_COUNTY, OFFICIALS, OUTSIDERS, official
from tests.integration.outreach.conftest import (
    COUNTY,
    OPERATOR,
    missed,
    seen_by,
    seen_by_the_database,
)
from tests.people import invented_phone

from guiyan.field.models import Due
from guiyan.flows.models import Lead
from guiyan.orgs import commands as orgs
from guiyan.outreach.hotline import commands, queries, rules
from guiyan.outreach.hotline.types import NewCall
from guiyan.outreach.models import Call, OperatorStop
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now, today
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.models import AuditRow

pytestmark = pytest.mark.django_db

SECOND = official("hotline_operator", CENTRE, "吴晚班")
SECURITY = OFFICIALS["security_administrator"]


def dues() -> list[Due]:
    with seen_by_the_database():
        return list(Due.objects.filter(kind="call_back").order_by("due_on"))


def stored(call_id: UUID) -> Call:
    with seen_by_the_database():
        return Call.objects.get(id=call_id)


class TestMissedCalls:
    def test_several_from_one_number_are_one_due_however_the_number_is_written(
        self, line: UUID
    ) -> None:
        first = missed(line)
        number = invented_phone(1)
        again = commands.note_missed(by=OPERATOR, point_id=line, number=f"+86 {number}")
        assert (again.id, again.times) == (first.id, 2)
        assert [due.subject_id for due in dues()] == [first.id]

    def test_a_call_that_reached_the_caller_closes_the_due_and_the_next_miss_is_a_new_one(
        self, line: UUID
    ) -> None:
        first = missed(line)
        commands.record_try(by=OPERATOR, call_id=first.id, was_reached=True)
        assert [due.closing for due in dues()] == ["done"]
        assert missed(line).id != first.id
        assert len(dues()) == 2

    def test_a_try_in_vain_leaves_it_owed_and_three_let_it_be_set_aside(self, line: UUID) -> None:
        call = missed(line)
        for _ in range(rules.TRIES_BEFORE_SET_ASIDE):
            with pytest.raises(Refused):
                commands.set_aside(by=OPERATOR, call_id=call.id)
            commands.record_try(by=OPERATOR, call_id=call.id, was_reached=False)
            assert [due.closing for due in dues()] == [""]
        commands.set_aside(by=OPERATOR, call_id=call.id)
        assert [due.closing for due in dues()] == ["done"]

    def test_a_number_that_cannot_be_dialled_is_refused(self, line: UUID) -> None:
        with pytest.raises(Refused):
            commands.note_missed(by=OPERATOR, point_id=line, number="1234")

    def test_it_is_owed_by_who_is_on_duty(self, line: UUID) -> None:
        commands.add_shift(
            by=COUNTY,
            point_id=line,
            weekdays=list(range(7)),
            starts="00:00",
            ends="24:00",
            shown_as="值班员",
        )
        assert missed(line).owner_account_id is None  # a team: nobody alone
        commands.take_over(by=OPERATOR, point_id=line)
        assert dues()[0].owner_account_id == OPERATOR.account_id

    def test_the_neighbours_operator_sees_and_calls_nobody_of_ours(self, line: UUID) -> None:
        call = missed(line)
        stranger = OUTSIDERS["hotline_operator"]
        assert stranger.organisation_id == NEXT_COUNTY.id
        with pytest.raises(NotFound):
            commands.open_number(by=stranger, call_id=call.id)
        with pytest.raises(NotFound):
            missed(line, by=stranger)


class TestALineThatWasClosed:
    def test_what_it_left_is_still_listed_and_called_back_and_it_takes_nothing_new(
        self, line: UUID
    ) -> None:
        call = missed(line)
        orgs.close_service_point(by=COUNTY, point_id=line, reason="搬迁")
        browser = Browser(OPERATOR)
        url = "/w/hotline/back"
        page = browser.get(f"{url}?line={line}").content.decode()
        assert call.number_mask in page
        assert "这条热线已经停用" in page
        assert "接班" not in page.split("<main")[1].split("</h1>")[1]
        with seen_by(OPERATOR):
            assert line not in {one.id for one, _n in queries.lines_for(OPERATOR, "").all}
            chosen = queries.lines_for(OPERATOR, "", only=line).chosen
        assert chosen is not None and chosen.id == line
        commands.record_try(by=OPERATOR, call_id=call.id, was_reached=True)
        assert "这条热线已经停用" not in browser.get(f"{url}?line={line}").content.decode()


class TestTheChangeOfDuty:
    def test_one_tap_takes_everything_open_along_with_the_note(self, line: UUID) -> None:
        for serial in range(3):
            missed(line, serial)
        taken = commands.take_over(by=SECOND, point_id=line, note="下午三点再打一次")
        assert taken == 3
        assert {due.owner_account_id for due in dues()} == {SECOND.account_id}
        with seen_by(SECOND):
            last = queries.last_hand_over(line)
            assert len(queries.my_call_backs(SECOND)) == 3
        assert last is not None
        assert (last.to_name, last.note, last.open_calls) == (SECOND.name, "下午三点再打一次", 3)

    def test_only_who_may_answer_stands_on_the_rota_as_a_person(self, line: UUID) -> None:
        with pytest.raises(Refused):
            commands.add_shift(
                by=COUNTY,
                point_id=line,
                weekdays=[0],
                starts="08:00",
                ends="12:00",
                shown_as="某人",
                account_id=OFFICIALS["liaison"].account_id,
            )


class TestNumbers:
    def test_opening_one_is_in_the_audit_and_the_audit_does_not_hold_the_number(
        self, line: UUID
    ) -> None:
        call = missed(line)
        assert commands.open_number(by=OPERATOR, call_id=call.id).number == invented_phone(1)
        with seen_by_the_database():
            row = AuditRow.objects.get(action="outreach.open_number")
            held = [str(row.facts), row.reason, str(row.subject_id)]
        assert row.subject_id == call.id
        assert not any(invented_phone(1) in text for text in held)

    def test_who_opens_many_without_a_call_is_stopped_until_security_has_looked(
        self, line: UUID
    ) -> None:
        calls = [missed(line, serial) for serial in range(rules.OPENINGS_WITHOUT_A_CALL + 1)]
        opened = [commands.open_number(by=OPERATOR, call_id=call.id) for call in calls]
        assert [one.is_stopped for one in opened] == [False] * 20 + [True]
        assert opened[-1].number == ""
        assert commands.open_number(by=OPERATOR, call_id=calls[0].id).is_stopped
        with seen_by(SECURITY):
            [stop] = queries.stops_for(SECURITY)
        with seen_by(OPERATOR):
            assert queries.stops_for(OPERATOR) == []
        assert (stop.name, stop.opened) == (OPERATOR.name, 20)
        with pytest.raises(Forbidden):
            commands.release_operator(by=OPERATOR, stop_id=stop.id, reason="没事")
        commands.release_operator(by=SECURITY, stop_id=stop.id, reason="问过了")
        assert not commands.open_number(by=OPERATOR, call_id=calls[0].id).is_stopped

    def test_who_says_what_came_of_each_call_is_not_stopped(self, line: UUID) -> None:
        for serial in range(rules.OPENINGS_WITHOUT_A_CALL + 5):
            call = missed(line, serial)
            assert not commands.open_number(by=OPERATOR, call_id=call.id).is_stopped
            commands.record_try(by=OPERATOR, call_id=call.id, was_reached=False)
        with seen_by_the_database():
            assert OperatorStop.objects.count() == 0


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        "written", ["javascript:alert(1)", "9" * 30, "123", "八二二二", "+0086"]
    )
    def test_what_is_no_number_is_asked_for_again_since_nobody_could_dial_it(
        self, line: UUID, written: str
    ) -> None:
        for kind in ("member", "knows", "help", "pack"):
            call = NewCall(kind, number=written, name="木呷", said="难")
            with pytest.raises(Refused, match="号码不完整"):
                commands.take_call(by=OPERATOR, point_id=line, call=call)
        with seen_by_the_database():
            assert Call.objects.count() == 0

    def test_a_number_in_wide_figures_or_with_the_countrys_is_the_same_number(
        self, line: UUID
    ) -> None:
        number = invented_phone(1)
        wide = "".join(chr(ord(figure) + 0xFEE0) for figure in number)
        ids = {
            commands.note_missed(by=OPERATOR, point_id=line, number=written).id
            for written in (number, wide, f"0086{number}", f"+86-{number}")
        }
        assert len(ids) == 1

    @pytest.mark.parametrize("kind", ["member", "help"])
    def test_who_called_in_vain_and_then_got_through_is_not_called_back_for_the_first_call(
        self, line: UUID, kind: str
    ) -> None:
        waiting, other = missed(line, 1), missed(line, 2)
        call = NewCall(kind, number=f"+86 {invented_phone(1)}", name="木呷", said="难")
        commands.take_call(by=OPERATOR, point_id=line, call=call)
        assert (stored(waiting.id).state, stored(waiting.id).outcome) == ("done", "reached")
        assert stored(other.id).state == "missed"
        closings = {due.subject_id: due.closing for due in dues()}
        assert (closings[waiting.id], closings[other.id]) == ("done", "")

    def test_a_member_who_calls_becomes_a_lead_by_the_hotlines_door(self, line: UUID) -> None:
        call = NewCall("member", number=invented_phone(5), name="木呷", place="巴普镇")
        commands.take_call(by=OPERATOR, point_id=line, call=call)
        with seen_by_the_database():
            lead = Lead.objects.get()
        assert (lead.door, lead.search_method, lead.shown_name) == ("hotline", "self", "木呷")

    def test_what_a_kind_of_call_needs_is_asked_for_and_nothing_is_kept_before(
        self, line: UUID
    ) -> None:
        with pytest.raises(Refused):
            commands.take_call(by=OPERATOR, point_id=line, call=NewCall("help", said="难"))
        with seen_by_the_database():
            assert Call.objects.count() == 0

    def test_who_asks_for_somebody_elses_particulars_is_noted_without_a_word_of_whom(
        self, line: UUID
    ) -> None:
        call_id = commands.take_call(
            by=OPERATOR, point_id=line, call=NewCall("other", number=invented_phone(6))
        )
        row = stored(call_id)
        assert (row.outcome, row.number_sealed, row.said_sealed) == ("refused", None, None)

    def test_a_call_back_that_becomes_a_lead_needs_no_number_typed_again(self, line: UUID) -> None:
        call = missed(line)
        commands.take_call(
            by=OPERATOR, point_id=line, call=NewCall("member", name="木呷", after_id=call.id)
        )
        with seen_by_the_database():
            assert Lead.objects.get().phone_mask == call.number_mask
        assert [due.closing for due in dues()] == ["done"]


class TestForgetting:
    def test_number_and_words_go_thirty_days_after_the_call_is_done(self, line: UUID) -> None:
        young, old, waiting = (missed(line, serial) for serial in range(3))
        for call in (young, old):
            commands.record_try(by=OPERATOR, call_id=call.id, was_reached=True)
        for call, days in ((young, 29), (old, 31)):
            with seen_by_the_database():
                at = now() - timedelta(days=days)
                Call.objects.filter(id=call.id).update(closed_at=at)
        commands.forget_old_calls(by=Actor.system("test"))
        assert stored(old.id).number_sealed is None
        assert stored(old.id).number_mask == ""
        assert stored(young.id).number_sealed is not None
        assert stored(waiting.id).number_sealed is not None


class TestLongLists:
    def test_more_missed_calls_than_a_page_are_read_page_by_page_each_once(
        self, line: UUID
    ) -> None:
        serials = range(100, 100 + queries.ON_A_PAGE + 2)
        for serial in serials:
            missed(line, serial)
        shown, url, browser = [], f"/w/hotline/back?line={line}", Browser(OPERATOR)
        while url:
            page = browser.get(url).content.decode()
            shown += re.findall(r"/w/hotline/back/([0-9a-f-]{36})/number", page)
            onward = re.search(r'rel="next" href="\?([^"]+)"', page)
            url = f"/w/hotline/back?{html.unescape(onward[1])}" if onward else ""
        assert len(shown) == len(set(shown)) == len(serials)
        damaged = browser.get(f"/w/hotline/back?line={line}&cursor=abc")
        assert damaged.status_code == 303

    def test_more_lines_than_a_page_are_read_page_by_page_those_in_need_first(
        self, line: UUID
    ) -> None:
        for serial in range(queries.ON_A_PAGE + 1):
            orgs.add_service_point(
                by=COUNTY, organisation_id=CENTRE.id, kind="hotline", name=f"热线{serial:03}",
                duty_hours=(), phone=invented_phone(1000 + serial),
            )  # fmt: skip
        shown, url, browser = [], "/w/hotline/rota", Browser(COUNTY)
        while url:
            page = browser.get(url).content.decode()
            shown += re.findall(r'<a href="/w/hotline/rota/[0-9a-f-]{36}">([^<]+)</a>', page)
            onward = re.search(r'rel="next" href="\?([^"]+)"', page)
            url = f"/w/hotline/rota?{html.unescape(onward[1])}" if onward else ""
        assert shown == ["美姑热线", *(f"热线{serial:03}" for serial in range(51))]
        assert browser.get("/w/hotline/rota?cursor=abc").status_code == 303


class TestStandings:
    def test_gaps_and_overdue_calls_put_a_line_first_and_nobody_is_counted(
        self, line: UUID
    ) -> None:
        covered = orgs.add_service_point(
            by=COUNTY,
            organisation_id=CENTRE.id,
            kind="hotline",
            name="阿里热线",
            duty_hours=(),
            phone=invented_phone(9),
        )
        missed(line)
        later = replace(COUNTY, today=today() + timedelta(days=3))
        with seen_by(later):
            first, second = queries.standings_for(later)
        assert (first.point.id, first.open_calls, first.overdue) == (line, 1, 1)
        assert len(first.gaps) == 7
        assert (second.point.id, second.needs_help) == (covered.id, False)
