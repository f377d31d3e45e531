"""A random part of what teams explained is looked at once more by others; then the round closes."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from tests.cast import MEIGU
from tests.integration.outreach.conftest import (
    CADRE,
    CANVASSER,
    COUNTY,
    OFFICER,
    Town,
    seen_by,
    seen_by_the_database,
)

from guiyan.flows.types import LeadSaid
from guiyan.outreach.backcheck import commands, queries
from guiyan.outreach.backcheck.types import BackCheckFacts, CheckFacts
from guiyan.outreach.census import commands as census
from guiyan.outreach.census import queries as census_queries
from guiyan.outreach.census import report as reports
from guiyan.outreach.census.types import NewVisit
from guiyan.outreach.models import BackCheck
from guiyan.platform.errors import Forbidden, NotFound, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def explained(walked: Town) -> Town:
    """Both teams went; the county's own two doors were written down by the county."""
    with seen_by(COUNTY):
        areas = {
            one.id: one.team_id
            for one in census_queries.areas_of(COUNTY, walked.round.id, path=MEIGU.path)
        }
    by_team = {walked.teams[0].id: CANVASSER, walked.teams[1].id: CADRE}
    for door in walked.doors(COUNTY):
        team = areas.get(door.area_id) if door.area_id else None
        by = by_team[team] if team else COUNTY
        census.record_visits(
            by=by, visits=[NewVisit(id=uuid4(), standing_id=door.id, state="none_found")]
        )
    return walked


def draw(town: Town, share: int = 50, seed: str = "一二三") -> int:
    return commands.draw_back_check(by=COUNTY, round_id=town.round.id, share=share, seed=seed)


def left(town: Town) -> list[CheckFacts]:
    with seen_by(COUNTY):
        return queries.checks_of(COUNTY, town.round.id, is_done=False)


def facts(town: Town) -> BackCheckFacts:
    with seen_by(COUNTY):
        return queries.of_round(COUNTY, town.round.id)


def check(one: CheckFacts, state: str = "none_found") -> bool:
    by = replace(COUNTY, account_id=uuid4())
    return commands.record_back_check(
        by=by, check_id=one.id, state=state, second_team_id=one.second_team_id
    )


def test_each_team_gives_its_share_and_another_team_of_the_township_goes(explained: Town) -> None:
    many = draw(explained)
    found = left(explained)
    assert len(found) == many
    assert {one.first_team_name for one in found} == {"一组", "二组", ""}
    assert all(one.first_team_name != one.second_team_name for one in found if one.first_team_name)


def test_the_seed_is_kept_and_gives_the_same_sample_again(explained: Town) -> None:
    draw(explained)
    first = {one.standing.id for one in left(explained)}
    assert [one.seed for one in facts(explained).draws] == ["一二三"]
    with seen_by_the_database():
        BackCheck.objects.all().delete()
    draw(explained)
    assert {one.standing.id for one in left(explained)} == first


def test_what_disagrees_is_opened_again_and_what_agrees_stays(explained: Town) -> None:
    draw(explained)
    one, other, *_rest = left(explained)
    assert check(one) is True
    assert check(other, "moved") is False
    states = {door.id: door.state for door in explained.doors(COUNTY)}
    assert states[one.standing.id] == "none_found"
    assert states[other.standing.id] == "not_visited"
    told = facts(explained).agreement
    assert (told.agreed, told.checked) == (1, 2)


def test_the_team_that_went_first_does_not_check_itself(explained: Town) -> None:
    draw(explained)
    one = next(one for one in left(explained) if one.first_team_name == "一组")
    with pytest.raises(Refused) as refused:
        commands.record_back_check(
            by=COUNTY, check_id=one.id, state="none_found", second_team_id=explained.teams[0].id
        )
    assert refused.value.code == "same-team"
    of_nobody = next(one for one in left(explained) if not one.first_team_name)
    with pytest.raises(Refused) as refused:
        commands.record_back_check(by=COUNTY, check_id=of_nobody.id, state="none_found")
    assert refused.value.code == "same-person"


def test_a_back_check_is_written_down_once(explained: Town) -> None:
    draw(explained)
    one = left(explained)[0]
    check(one)
    with pytest.raises(Refused) as refused:
        check(one, "moved")
    assert refused.value.code == "done"


def test_the_office_of_a_township_draws_no_sample_of_the_countys_round(explained: Town) -> None:
    with pytest.raises(Forbidden):
        commands.draw_back_check(by=OFFICER, round_id=explained.round.id, share=10)
    with pytest.raises(Forbidden):
        commands.draw_back_check(by=CANVASSER, round_id=explained.round.id, share=10)
    with pytest.raises(NotFound):
        commands.record_back_check(by=OFFICER, check_id=uuid4(), state="none_found")


def test_the_round_closes_when_its_back_check_is_done(explained: Town) -> None:
    with pytest.raises(Refused) as refused:
        census.close_round(by=COUNTY, round_id=explained.round.id)
    assert refused.value.code == "back-check"
    draw(explained, share=20)
    with pytest.raises(Refused) as refused:
        census.close_round(by=COUNTY, round_id=explained.round.id)
    assert refused.value.code == "back-check"
    for one in left(explained):
        check(one)
    closed = census.close_round(by=COUNTY, round_id=explained.round.id, reason="多写的")
    assert (closed.state, closed.without_back_check) == ("closed", "")


def test_a_reason_given_instead_of_a_back_check_stands_in_the_report(explained: Town) -> None:
    closed = census.close_round(by=COUNTY, round_id=explained.round.id, reason="汛期路断")
    with seen_by(COUNTY):
        told = reports.method_of(reports.report_of(COUNTY, closed))
    assert any("汛期路断" in sentence for sentence in told)


def test_the_report_says_what_the_counters_say(explained: Town, folded: object) -> None:
    door = explained.doors()[0]
    census.record_found(
        by=OFFICER,
        visit=NewVisit(
            id=uuid4(), standing_id=door.id, state="members_found", base_version=door.version
        ),
        said=LeadSaid(name="木呷"),
    )
    other, shut = explained.doors()[1:3]
    again = OFFICER.today + timedelta(days=2)
    census.record_visits(
        by=OFFICER,
        visits=[
            NewVisit(
                id=uuid4(), standing_id=other.id, state="refused", reason="老板不在",
                base_version=other.version,
            ),
            NewVisit(
                id=uuid4(), standing_id=shut.id, state="closed", come_back_on=again,
                base_version=shut.version,
            ),
        ],
    )  # fmt: skip
    folded()  # type: ignore[operator]
    with seen_by(COUNTY):
        report = reports.report_of(COUNTY, explained.round)
        whole, parts = census_queries.coverage(
            COUNTY, explained.round.id, explained.round.organisation_id
        )
        paper = reports.printed(COUNTY, report)
        book = openpyxl.load_workbook(BytesIO(reports.workbook(COUNTY, report)))
    assert paper.startswith(b"%PDF")
    method, coverage, found, rest = (book[name] for name in book.sheetnames)
    lines = [[cell.value for cell in row] for row in coverage.iter_rows(min_row=4)]
    assert [line[:4] for line in lines] == [
        [one.name, one.total, one.done, one.left] for one in [*parts, whole]
    ]
    assert lines[-1][4:] == [whole.counts.get(state, 0) for state in report.states]
    assert sum(lines[-1][4:]) == whole.total  # figures that Excel can sum, not texts
    people = {row[0].value: row[1].value for row in found.iter_rows(min_row=4)}
    assert people["组织找党员"] == 1
    assert people["其中上门摸排找到的线索"] == 1
    left = {row[0].value: [cell.value for cell in row[1:]] for row in rest.iter_rows(min_row=4)}
    assert left == {
        other.name: [other.address, "不愿说", "老板不在"],
        shut.name: [shut.address, "关门，再来", f"关着门，{again}再来"],
    }
    assert method.max_row >= 5


def test_a_report_that_can_not_list_all_that_is_left_says_so(town: Town, folded: object) -> None:
    folded()  # type: ignore[operator]
    with seen_by(COUNTY):
        report = reports.report_of(COUNTY, town.round, listing=3)
        paper = reports.printed(COUNTY, report)
        book = openpyxl.load_workbook(BytesIO(reports.workbook(COUNTY, report)))
        whole = reports.report_of(COUNTY, town.round, listing=reports.IN_WORKBOOK)
    rest = [row[0].value for row in book["没有走通的"].iter_rows(min_row=4)]
    left = len(town.doors(COUNTY))
    assert rest[:-1] == [one.name for one in report.left]
    assert rest[-1].startswith(f"共{left}个，这里列出3个")
    assert paper.startswith(b"%PDF")
    assert (len(whole.left), whole.not_listed) == (left, "")
