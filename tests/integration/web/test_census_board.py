"""The board of a round: a map and the same as a table, streets, and what needs help first."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from tests.cast import TOWNSHIP
from tests.integration.web.county import County, build

from guiyan.orgs import commands as orgs
from guiyan.orgs.boundaries.geojson import Shape
from guiyan.orgs.models import Boundary, Division
from guiyan.outreach.census import counts
from guiyan.platform.actor import Actor
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db
SQUARE = (10_300_000, 2_800_000, 10_310_000, 2_800_000, 10_310_000, 2_810_000)


@pytest.fixture
def county(db: None, tmp_path: Path, settings: Any) -> County:
    settings.FILES_DIR = tmp_path
    built = build()
    with transaction.atomic(), scoped(Scope.everywhere()):
        while counts.fold():
            pass
    return built


def board(county: County, name: str = "round", **asked: object) -> str:
    address = reverse(f"outreach:{name}", args=[county.ids["round_id"]])
    answer = county.browsers["county_officer"].get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def with_boundary(credit: str = "") -> None:
    Division.objects.get_or_create(
        code=TOWNSHIP.division_code.ljust(12, "0"), level=4, name="巴普镇", key="巴普"
    )
    shape = Shape(TOWNSHIP.division_code.ljust(12, "0"), (SQUARE,), 103.05, 28.02)
    orgs.load_boundaries(by=Actor.system("测试"), shapes=[shape], credit=credit)


def test_with_a_boundary_the_map_leads_to_where_the_table_leads(county: County) -> None:
    with_boundary("审图号：示例")
    html = board(county)
    way = f'href="?at={TOWNSHIP.id}"'
    assert html.count(way) == 2
    assert "审图号：示例" in html
    assert "只是示意" not in html
    assert 'fill="url(#tone-some)"' in html


def test_without_pins_and_boundaries_the_table_stands_alone(county: County) -> None:
    assert not Boundary.objects.exists()
    html = board(county)
    assert "<svg viewBox" not in html
    assert f'href="?at={TOWNSHIP.id}"' in html


def test_a_township_shows_its_teams_areas_villages_and_the_way_to_its_streets(
    county: County,
) -> None:
    html = board(county, at=TOWNSHIP.id)
    for words in ("各走访组", "各片", "各村（社区）", "走访还不够多，说不准", "城东社区"):
        assert words in html
    assert "城东社区新建路" in board(county, "streets", at=TOWNSHIP.id)


def test_streets_of_a_county_are_reached_through_its_townships(county: County) -> None:
    html = board(county, "streets")
    assert "请选择一个" in html
    assert f'href="?at={TOWNSHIP.id}"' in html


def test_what_needs_help_stands_first_only_when_asked_for(county: County) -> None:
    for asked in ({}, {"sort": "help"}):
        html = board(county, at=TOWNSHIP.id, **asked)
        chosen = html.split('aria-current="page"')
        assert any("需要帮助的在前" in part[:80] for part in chosen) is bool(asked)
