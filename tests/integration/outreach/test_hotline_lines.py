"""Who answers which of many lines and when: the rota, the choice of a line, two operators at one call."""

import html
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.acting import Browser
from tests.cast import CENTRE, OUTSIDERS, official
from tests.integration.outreach.conftest import (
    COUNTY,
    OPERATOR,
    missed,
    seen_by,
    seen_by_the_database,
)
from tests.people import invented_phone

from guiyan.access import commands as access
from guiyan.orgs import commands as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.outreach.hotline import commands, queries
from guiyan.outreach.models import Call, DutyShift
from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.platform.errors import Refused

pytestmark = pytest.mark.django_db

SECOND = official("hotline_operator", CENTRE, "吴晚班")


def operator_at(organisation: OrganisationFacts) -> UUID:
    """Somebody who may answer there."""
    account_id = access.create_account(
        by=Actor.system("test"), login="night", name="夜班", password="Geese-come-home-9"
    )
    access.grant_role(
        by=Actor.system("test"),
        account_id=account_id,
        role="hotline_operator",
        organisation_id=organisation.id,
        valid_from=COUNTY.today,
        reason="值班",
    )
    return account_id


class TestManyLines:
    """A county with a line in each of its hundreds of villages."""

    @pytest.fixture
    def village_lines(self, line: UUID) -> list[UUID]:
        return [
            orgs.add_service_point(
                by=COUNTY, organisation_id=CENTRE.id, kind="hotline", name=f"热线{serial:03}",
                duty_hours=(), phone=invented_phone(1000 + serial),
            ).id
            for serial in range(queries.ON_A_PAGE + 2)
        ]  # fmt: skip

    def test_the_field_holds_the_near_ones_and_says_where_the_others_are_found(
        self, line: UUID, village_lines: list[UUID]
    ) -> None:
        page = Browser(OPERATOR).get("/w/hotline").content.decode()
        assert page.count("<option") == queries.NEAR
        assert 'href="/w/hotline/lines"' in page
        few = Browser(OUTSIDERS["hotline_operator"]).get("/w/hotline").content.decode()
        assert "/w/hotline/lines" not in few

    def test_a_line_beyond_the_near_ones_is_answered_when_it_is_chosen(
        self, line: UUID, village_lines: list[UUID]
    ) -> None:
        far = village_lines[-1]
        browser = Browser(OPERATOR)
        assert "这里是热线051" in browser.get(f"/w/hotline?line={far}").content.decode()
        browser.post(f"/w/hotline?line={far}", {"kind": "desk", "once": "far"})
        with seen_by_the_database():
            assert Call.objects.get(kind="desk").point_id == far

    def test_who_stands_on_the_rota_of_a_far_line_finds_it_among_the_near_ones(
        self, line: UUID, village_lines: list[UUID], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        far = village_lines[-1]
        monkeypatch.setattr("guiyan.outreach.hotline.queries.lines.NEAR", 2)
        with seen_by_the_database():
            DutyShift.objects.create(
                point_id=far, path=CENTRE.path, weekday=0, starts="00:00", ends="24:00",
                account_id=OPERATOR.account_id, shown_as="值班员",
            )  # fmt: skip
        with seen_by(OPERATOR):
            assert far in {point.id for point, _many in queries.lines_for(OPERATOR, "").all}

    def test_all_are_read_page_by_page_each_once_and_found_by_name_number_or_organisation(
        self, line: UUID, village_lines: list[UUID]
    ) -> None:
        shown, url, browser = [], "/w/hotline/lines", Browser(OPERATOR)
        while url:
            page = browser.get(url).content.decode()
            shown += re.findall(r'href="/w/hotline\?line=([0-9a-f-]{36})"', page)
            onward = re.search(r'rel="next" href="\?([^"]+)"', page)
            url = f"/w/hotline/lines?{html.unescape(onward[1])}" if onward else ""
        assert sorted(shown) == sorted(str(one) for one in [line, *village_lines])
        for text in ("热线007", invented_phone(1007)):
            page = browser.get(f"/w/hotline/lines?q={text}").content.decode()
            assert re.findall(r"\?line=([0-9a-f-]{36})", page) == [str(village_lines[7])]
        assert "没有找到" in browser.get("/w/hotline/lines?q=xyz").content.decode()
        assert browser.get("/w/hotline/lines?cursor=abc").status_code == 303
        theirs = Browser(OUTSIDERS["hotline_operator"]).get("/w/hotline/lines").content.decode()
        assert "?line=" not in theirs

    def test_a_line_that_was_closed_meanwhile_takes_no_call_and_what_was_typed_stays(
        self, line: UUID, village_lines: list[UUID]
    ) -> None:
        far = village_lines[-1]
        orgs.close_service_point(by=COUNTY, point_id=far, reason="搬迁")
        typed = {"kind": "desk", "name": "木呷", "once": "late"}
        answer = Browser(OPERATOR).post(f"/w/hotline?line={far}", typed)
        page = answer.content.decode()
        assert "不归您接听" in page
        assert 'value="木呷"' in page
        assert f'action="?line={far}"' not in page
        with seen_by_the_database():
            assert not Call.objects.filter(kind="desk").exists()


class TestTwoOperatorsAtOneCall:
    def test_the_second_is_told_that_it_is_done_and_dials_nobody(self, line: UUID) -> None:
        call = missed(line)
        commands.record_try(by=SECOND, call_id=call.id, was_reached=True)
        browser = Browser(OPERATOR)
        for url, typed in (
            (f"/w/hotline/back/{call.id}/number", {"once": "a"}),
            (f"/w/hotline/back/{call.id}/tried", {"once": "b", "result": "no"}),
        ):
            answer = browser.post(url, typed)
            assert answer.status_code == 303
            page = browser.get(answer.headers["Location"]).content.decode()
            assert "已经由别人办好了" in page
        assert browser.get(f"/w/hotline/after/{call.id}").status_code == 303
        stranger = Browser(OUTSIDERS["hotline_operator"])
        assert stranger.post(f"/w/hotline/back/{call.id}/number", {"once": "c"}).status_code == 404

    def test_what_the_second_has_typed_stays_to_be_written_down_with_a_number(
        self, line: UUID
    ) -> None:
        call = missed(line)
        commands.record_try(by=SECOND, call_id=call.id, was_reached=True)
        typed = {"kind": "help", "name": "木呷", "said": "孩子上学", "once": "d"}
        answer = Browser(OPERATOR).post(f"/w/hotline/after/{call.id}", typed)
        page = answer.content.decode()
        assert "已经由别人记下了" in page
        assert 'value="孩子上学"' in page
        assert f'action="/w/hotline?line={line}"' in page
        with seen_by_the_database():
            assert not Call.objects.filter(kind="help").exists()


class TestTheRota:
    def test_who_may_not_answer_any_more_owes_nothing_and_the_rota_says_so(
        self, line: UUID
    ) -> None:
        with seen_by_the_database():
            DutyShift.objects.create(
                point_id=line, path=CENTRE.path, weekday=0, starts="00:00", ends="24:00",
                account_id=UUID(int=9), shown_as="走了的人",
            )  # fmt: skip
        monday = datetime(2026, 3, 2, 12, tzinfo=UTC)
        with seen_by(COUNTY):
            assert queries.account_on_duty(line, CENTRE.path, monday) is None
        page = Browser(COUNTY).get(f"/w/hotline/rota/{line}").content.decode()
        assert "这个人不能再接听" in page

    def test_late_in_the_evening_utc_it_is_the_next_days_shift_in_china(self, line: UUID) -> None:
        account_id = operator_at(CENTRE)
        commands.add_shift(
            by=COUNTY, point_id=line, weekdays=[0], starts="00:00", ends="08:00",
            shown_as="早班", account_id=account_id,
        )  # fmt: skip
        sunday = datetime(2026, 3, 1, tzinfo=UTC)
        with seen_by(COUNTY):
            on_duty = [
                queries.account_on_duty(line, CENTRE.path, sunday + timedelta(hours=hour))
                for hour in (15, 16, 23, 24)
            ]
        assert on_duty == [None, account_id, account_id, None]

    def test_a_night_of_one_day_holds_until_the_morning_and_is_still_shown_then(
        self, line: UUID
    ) -> None:
        tonight = COUNTY.today
        commands.add_day(
            by=COUNTY, point_id=line, day=tonight, starts="20:00", ends="08:00", shown_as="代班"
        )
        with seen_by(COUNTY):
            tomorrow = queries.days_of(line, since=tonight + timedelta(days=1))
            assert [one.shown_as for one in tomorrow] == ["代班"]
            assert queries.days_of(line, since=tonight + timedelta(days=2)) == []

    def test_one_day_is_not_said_twice_in_two_ways(self, line: UUID) -> None:
        day = {"by": COUNTY, "point_id": line, "day": COUNTY.today + timedelta(days=1)}
        commands.add_day(**day, starts="08:00", ends="12:00", shown_as="")
        with pytest.raises(Refused, match="另排过"):
            commands.add_day(**day, starts="11:00", ends="13:00", shown_as="代班")
        commands.add_day(**day, starts="12:00", ends="18:00", shown_as="代班")

    def test_one_shift_goes_to_somebody_else_with_day_and_hours_filled_in(self, line: UUID) -> None:
        weekday = (COUNTY.today + timedelta(days=2)).weekday()
        commands.add_shift(
            by=COUNTY, point_id=line, weekdays=[weekday], starts="20:00", ends="08:00",
            shown_as="夜班",
        )  # fmt: skip
        browser = Browser(COUNTY)
        page = browser.get(f"/w/hotline/rota/{line}").content.decode()
        swap = re.search(r'href="(\?instead=[^"#]+)#another-day"', page)
        assert swap
        form = browser.get(f"/w/hotline/rota/{line}{swap[1]}").content.decode()
        form = form.split('id="another-day"')[1]
        for name, value in (
            ("day", (COUNTY.today + timedelta(days=2)).isoformat()),
            ("starts", "20:00"),
            ("ends", "08:00"),
        ):
            [field] = re.findall(f'<input[^>]*name="{name}"[^>]*>', form)
            assert f'value="{value}"' in field

    def test_a_day_with_a_person_but_no_name_is_not_taken_for_a_day_without_anybody(
        self, line: UUID
    ) -> None:
        typed = {
            "day": today().isoformat(), "starts": "08:00", "ends": "12:00", "shown_as": "",
            "account_id": str(operator_at(CENTRE)), "once": "f",
        }  # fmt: skip
        page = Browser(COUNTY).post(f"/w/hotline/rota/{line}", typed).content.decode()
        assert "要写来电人看到的名称" in page
        with seen_by(COUNTY):
            assert queries.days_of(line, since=today()) == []

    @pytest.mark.parametrize("written", ["8:30", "08：30", "０８:３０", "0830", "830"])
    def test_an_hour_is_read_however_it_is_typed(self, line: UUID, written: str) -> None:
        typed = {
            "weekdays": "0", "starts": written, "ends": "24:00", "shown_as": "甲", "once": "e"
        }  # fmt: skip
        assert Browser(COUNTY).post(f"/w/hotline/rota/{line}", typed).status_code == 303
        with seen_by(COUNTY):
            assert [(one.starts, one.ends) for one in queries.rota_of(line)] == [("08:30", "24:00")]
