"""What has been walked in the demo so far: three weeks of the census, and a list that a branch began."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import uuid4

from guiyan.access.queries import account_id_of_login
from guiyan.flows.types import LeadSaid
from guiyan.kernel.invented import invented_phone
from guiyan.orgs import queries as orgs
from guiyan.outreach.census import commands as census
from guiyan.outreach.census import queries, rules
from guiyan.outreach.census.types import AreaFacts, NewVisit, StandingFacts
from guiyan.outreach.screening import commands as screening
from guiyan.outreach.screening import queries as lists
from guiyan.outreach.screening.rules import AWAY_SHORT, HERE, NOT_KNOWN, Said
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped
from guiyan.web.demo import cast

BEGAN: Final = timedelta(days=21)  # so long ago
LASTS: Final = timedelta(days=90)
_DONE: Final = 0.6  # of the first area of a team
_FIND_EVERY: Final = 30  # doors
_FOUND: Final = (
    LeadSaid(name="尔其拉格", phone=invented_phone(720_200_001), home="昭觉县", trade="餐饮"),
    LeadSaid(name="丁小梅", phone=invented_phone(720_200_002), home="甘洛县新市坝镇", trade="零售"),
    LeadSaid(name="马卡莫", home="越西县", trade="服装"),
)


def walk(by: Actor, first_areas: Sequence[tuple[AreaFacts, Sequence[str]]]) -> None:
    """The doors of each team's first area one after the other, its people by turns; at one door two
    of them said two things, which waits for somebody to decide."""
    found = iter(_FOUND)
    for area, logins in first_areas:
        people = [_walker(by, login) for login in logins]
        doors = queries.standings_of_area(by, area.id)
        doors = doors[: int(len(doors) * _DONE)]
        visits = [
            _visit(door, day, number)
            for number, (door, day) in enumerate(
                zip(doors, _days(by.today, len(doors)), strict=True)
            )
        ]
        for turn, person in enumerate(people):
            census.record_visits(by=person, visits=visits[turn :: len(people)])
        if len(people) > 1:
            _disagree(people[1], doors[0])
        for door, said in zip(doors[_FIND_EVERY::_FIND_EVERY], found, strict=False):
            _find(people[0], door, said)


def _walker(by: Actor, login: str) -> Actor:
    return replace(by, account_id=account_id_of_login(login), name=cast.staff(login).name)


def _days(today: date, doors: int) -> Iterator[date]:
    """On working days only, as many doors on each."""
    days = [today - BEGAN + timedelta(days=one) for one in range(BEGAN.days)]
    days = [day for day in days if day.weekday() < 5]
    return (days[number * len(days) // doors] for number in range(doors))


def _visit(door: StandingFacts, day: date, number: int) -> NewVisit:
    """Nobody to find at most doors; now and then one that is shut, gone, or would rather not."""
    visit = NewVisit(uuid4(), door.id, rules.NONE_FOUND, visited_on=day)
    if door.noted == "closed":
        return replace(visit, state=rules.MOVED)
    if number % 9 == 8:
        again = day + timedelta(days=BEGAN.days + number % 4)
        return replace(visit, state=rules.CLOSED, come_back_on=again)
    if number % 23 == 3:
        return replace(visit, state=rules.REFUSED, reason="说没有空，请晚上再来")
    if number % 31 == 4:
        return replace(visit, state=rules.DOES_NOT_EXIST)
    return visit


def _disagree(by: Actor, door: StandingFacts) -> None:
    """Was there too, with a list on which the first visit did not stand yet, and says otherwise."""
    visit = NewVisit(uuid4(), door.id, rules.MOVED, visited_on=by.today, base_version=door.version)
    census.record_visits(by=by, visits=[visit])


def _find(by: Actor, door: StandingFacts, said: LeadSaid) -> None:
    """Yesterday somebody came back to a door and met a member there."""
    visit = NewVisit(uuid4(), door.id, rules.MEMBERS_FOUND, visited_on=by.today - timedelta(days=1))
    census.record_found(by=by, visit=visit, said=said)


def screen(by: Actor) -> None:
    """A round over the branches of 巴普镇; 城东社区 has said the first few of its list."""
    bapu, east = (orgs.organisation_by_code(code) for code in (cast.BAPU, cast.BAPU_EAST))
    began = replace(by, today=by.today - BEGAN)
    round_ = census.plan_round(
        by=began,
        organisation_id=bapu.id,
        title="党支部核对名册",
        purpose="每个支部对照名册逐人核对，看谁在本地、谁外出了、谁失去联系。",
        starts_on=began.today,
        ends_on=began.today + LASTS,
        kind="branches",
    )
    census.open_round(by=began, round_id=round_.id)
    secretary = _walker(by, "branch_secretary")
    (standing,) = lists.branches_at(by, round_.id, [east.id])
    said = (Said(HERE), Said(AWAY_SHORT), Said(HERE), Said(HERE), Said(NOT_KNOWN))
    people = lists.members_of(by, standing)
    answers = {member.id: word for member, word in zip(people, said, strict=False)}
    with scoped(by.scope):
        screening.answer_list(by=secretary, standing_id=standing.id, answers=answers)
