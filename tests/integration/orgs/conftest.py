"""The tests' tree, opened by the commands, and a few counties' divisions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from tests import cast

from guiyan.orgs import commands
from guiyan.orgs.divisions.load import load_divisions
from guiyan.orgs.divisions.packed import PackedDivision, packed_divisions
from guiyan.orgs.types import NewOrganisation, OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.scope import Scope, scoped

KINDS = {
    cast.PROVINCE: "province_committee",
    cast.CITY: "city_committee",
    cast.MEIGU: "county_committee",
    cast.TOWNSHIP: "township_committee",
    cast.BRANCH: "community_branch",
    cast.OTHER_BRANCH: "community_branch",
    cast.CENTRE: "service_centre",
    cast.OUTPOST: "outpost",
    cast.INDUSTRY: "industry_committee",
    cast.NEXT_COUNTY: "county_committee",
    cast.NEXT_TOWNSHIP: "township_committee",
    cast.NEXT_BRANCH: "community_branch",
}


def _parent_code(place: cast.Place) -> str | None:
    above = {other.path: other.code for other in cast.PLACES}
    return above.get(place.path[:-4])


@pytest.fixture
def system(db: None) -> Actor:
    return replace(Actor.system("test"), today=cast.TODAY - timedelta(days=60))


@pytest.fixture
def tree(system: Actor) -> dict[str, OrganisationFacts]:
    """Every place of the cast, by its code; the paths are those that the cast's people hold."""
    commands.seed_kinds(by=system)
    commands.seed_parameters(by=system)
    new = [
        NewOrganisation(_parent_code(place), KINDS[place], place.name, place.code,
                        place.division_code)
        for place in cast.PLACES
    ]  # fmt: skip
    opened = commands.open_organisations(by=system, new=new, reason="建库")
    assert [facts.path for facts in opened] == [place.path for place in cast.PLACES]
    return {facts.code: facts for facts in opened}


@pytest.fixture
def everywhere(db: None) -> Iterator[None]:
    """Read as the system does, beyond any one's scope."""
    with transaction.atomic(), scoped(Scope.everywhere()):
        yield


@pytest.fixture(scope="session")
def some_divisions() -> list[PackedDivision]:
    """All divisions down to the counties, and every village of a few of these."""
    counties = ("513436", "513431", "520115", "4419")
    return [
        division
        for division in packed_divisions()
        if division.level <= 3 or division.code.startswith(counties)
    ]


@pytest.fixture
def divisions(db: None, some_divisions: list[PackedDivision]) -> None:
    with transaction.atomic():
        load_divisions(some_divisions)
