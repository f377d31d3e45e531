"""One census of the small county: a few premises of the township, two areas, a team of one."""

from uuid import uuid4

from tests.cast import BRANCH, MEIGU, OFFICIALS, TODAY, TOWNSHIP

from guiyan.outreach import commands as register
from guiyan.outreach.backcheck import commands as backcheck
from guiyan.outreach.backcheck import queries as checking
from guiyan.outreach.census import commands, queries
from guiyan.outreach.census.types import NewVisit
from guiyan.outreach.screening import queries as lists
from guiyan.outreach.types import NewPremises

_COUNTY = OFFICIALS["county_officer"]
_TOWNSHIP = OFFICIALS["township_officer"]


def build() -> dict[str, object]:
    """Their ids by the names that addresses give them."""
    new = [
        NewPremises(
            organisation_id=TOWNSHIP.id,
            path=TOWNSHIP.path,
            division_code=TOWNSHIP.division_code,
            name=f"第{number}小吃店",
            address=f"巴普镇城东社区新建路{number}号",
        )
        for number in range(1, 7)
    ]
    register.register_premises(by=_TOWNSHIP, new=new)
    planned = commands.plan_round(
        by=_COUNTY,
        organisation_id=MEIGU.id,
        title="第一轮摸排",
        purpose="一家不漏",
        starts_on=TODAY,
        ends_on=TODAY.replace(month=TODAY.month + 3),
    )
    commands.open_round(by=_COUNTY, round_id=planned.id)
    areas = commands.propose_areas(
        by=_TOWNSHIP, round_id=planned.id, organisation_id=TOWNSHIP.id, parts=2
    )
    commands.confirm_areas(by=_TOWNSHIP, round_id=planned.id, organisation_id=TOWNSHIP.id)
    team = commands.make_team(
        by=_TOWNSHIP, round_id=planned.id, organisation_id=TOWNSHIP.id, name="一组"
    )
    commands.add_person(by=_TOWNSHIP, team_id=team.id, kind="volunteer", name="吉克志愿")
    commands.give_area(by=_TOWNSHIP, area_id=areas[0].id, team_id=team.id)
    doors = queries.standings_of_area(_TOWNSHIP, areas[0].id)
    visit = NewVisit(
        id=uuid4(), standing_id=doors[1].id, state="none_found", base_version=doors[1].version
    )
    commands.record_visits(by=_TOWNSHIP, visits=[visit])
    backcheck.draw_back_check(by=_COUNTY, round_id=planned.id, share=100, seed="一二三")
    checks = checking.checks_of(_COUNTY, planned.id, is_done=False)
    return _lists() | {
        "check_id": checks[0].id,
        "round_id": planned.id,
        "area_id": areas[0].id,
        "team_id": team.id,
        "standing_id": doors[0].id,
        "visit_id": visit.id,
    }


def _lists() -> dict[str, object]:
    """A second round, over branches, and the list of the community's."""
    planned = commands.plan_round(
        by=_COUNTY,
        organisation_id=MEIGU.id,
        title="支部逐人核对",
        purpose="一人不漏",
        starts_on=TODAY,
        ends_on=TODAY.replace(month=TODAY.month + 3),
        kind="branches",
    )
    commands.open_round(by=_COUNTY, round_id=planned.id)
    return {"list_id": lists.branches_at(_COUNTY, planned.id, [BRANCH.id])[0].id}
