"""The cast's places with a few premises, a round over them, and two teams of its township."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from django.db import transaction
from tests.cast import CENTRE, MEIGU, OFFICIALS, TODAY, TOWNSHIP, Place
from tests.integration.web.county import plant
from tests.people import invented_phone

from guiyan.orgs import commands as orgs
from guiyan.outreach import commands as register
from guiyan.outreach.census import commands, counts, queries
from guiyan.outreach.census.types import RoundFacts, StandingFacts, TeamFacts
from guiyan.outreach.hotline import commands as hotline
from guiyan.outreach.hotline.types import CallFacts
from guiyan.outreach.types import NewPremises
from guiyan.platform.actor import Actor
from guiyan.platform.scope import Scope, scoped

COUNTY = OFFICIALS["county_officer"]
OFFICER = OFFICIALS["township_officer"]
CANVASSER = OFFICIALS["canvasser"]
CADRE = OFFICIALS["branch_secretary"]  # of a village: sees less than the township
OPERATOR = OFFICIALS["hotline_operator"]

_serials = count(1)


@pytest.fixture(autouse=True)
def _planted(db: None) -> None:
    plant()


def premises(
    n: int, *, place: Place = TOWNSHIP, street: str = "城东社区新建路"
) -> list[NewPremises]:
    return [
        NewPremises(
            organisation_id=place.id,
            path=place.path,
            division_code=place.division_code,
            serial=str(serial),
            name=f"第{serial}小吃店",
            address=f"巴普镇{street}{serial}号",
        )
        for serial in (next(_serials) for _ in range(n))
    ]


@contextmanager
def seen_by(actor: Actor) -> Iterator[Actor]:
    with transaction.atomic(), scoped(actor.scope):
        yield actor


@contextmanager
def seen_by_the_database() -> Iterator[None]:
    with transaction.atomic(), scoped(Scope.everywhere()):
        yield


def planned(by: Actor = COUNTY, **more: object) -> RoundFacts:
    facts: dict[str, object] = {
        "organisation_id": by.organisation_id,
        "title": "第一轮摸排",
        "purpose": "一家不漏",
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=90),
    }
    return commands.plan_round(by=by, **(facts | more))  # type: ignore[arg-type]


@dataclass
class Town:
    """A round that is open, its premises by number, and its two teams."""

    round: RoundFacts
    teams: tuple[TeamFacts, TeamFacts]

    def doors(self, actor: Actor = OFFICER) -> list[StandingFacts]:
        with seen_by(actor):
            return queries.standings_of_round(actor, self.round.id, path=MEIGU.path, limit=10_000)


@pytest.fixture
def town() -> Town:
    register.register_premises(by=OFFICER, new=premises(6) + premises(4, street="城西社区"))
    register.register_premises(by=COUNTY, new=premises(2, place=MEIGU, street="县城大道"))
    round_ = commands.open_round(by=COUNTY, round_id=planned().id)
    teams = (
        commands.make_team(
            by=OFFICER, round_id=round_.id, organisation_id=TOWNSHIP.id, name="一组"
        ),
        commands.make_team(
            by=OFFICER, round_id=round_.id, organisation_id=TOWNSHIP.id, name="二组"
        ),
    )
    _join(teams[0], CANVASSER, "volunteer")
    _join(teams[1], CADRE, "cadre")
    return Town(round_, teams)


def _join(team: TeamFacts, actor: Actor, kind: str) -> None:
    commands.add_person(
        by=OFFICER, team_id=team.id, kind=kind, name=actor.name, account_id=actor.account_id
    )


@pytest.fixture
def walked(town: Town) -> Town:
    """Two confirmed areas, one for each team."""
    areas = commands.propose_areas(
        by=OFFICER, round_id=town.round.id, organisation_id=TOWNSHIP.id, parts=2
    )
    commands.confirm_areas(by=OFFICER, round_id=town.round.id, organisation_id=TOWNSHIP.id)
    for area, team in zip(areas, town.teams, strict=True):
        commands.give_area(by=OFFICER, area_id=area.id, team_id=team.id)
    return town


def later(actor: Actor, days: int) -> Actor:
    return replace(actor, today=TODAY + timedelta(days=days))


@pytest.fixture
def folded() -> Callable[[], None]:
    def fold() -> None:
        with transaction.atomic():
            while counts.fold():
                pass

    return fold


@pytest.fixture
def line() -> UUID:
    """The county's hotline, round the clock."""
    hours = [(day, "00:00", "24:00") for day in range(7)]
    point = orgs.add_service_point(
        by=COUNTY,
        organisation_id=CENTRE.id,
        kind="hotline",
        name="美姑热线",
        duty_hours=hours,
        phone=invented_phone(8),
    )
    return point.id


def missed(line: UUID, serial: int = 1, by: Actor = OPERATOR) -> CallFacts:
    return hotline.note_missed(by=by, point_id=line, number=invented_phone(serial))
