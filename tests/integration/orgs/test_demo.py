"""The demo's tree: Meigu as it is, its neighbour, Guanshanhu's centres and the outpost."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from guiyan.orgs import commands, demo, demo_plan, queries
from guiyan.orgs.demo import DemoTree
from guiyan.orgs.models import Organisation, ServicePoint
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def built(system: Actor, divisions: None) -> DemoTree:
    """The demo's tree over the divisions of its own counties."""
    commands.seed_kinds(by=system)
    return demo.open_demo_tree(system)


def of_meigu() -> list[OrganisationFacts]:
    return queries.organisations_under(queries.organisation_by_code(demo_plan.MEIGU).path)


def test_meigu_has_its_real_townships_and_a_branch_for_each_of_its_villages(
    built: DemoTree,
) -> None:
    kinds = Counter(facts.kind_code for facts in of_meigu())
    assert kinds["township_committee"] == 18
    assert kinds["village_branch"] + kinds["community_branch"] == 187
    with (SAMPLES / "meigu_villages.csv").open(encoding="utf-8-sig", newline="") as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    assert codes <= {facts.code for facts in of_meigu()}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("中共美姑县牛牛坝镇支部委员会", "organs_branch"),
        ("中共美姑县洪溪镇支部委员会 ", "organs_branch"),
        ("中共美姑县巴普镇城北社区支部委员会", "community_branch"),
        ("中共美姑县巴普镇委员会", "township_committee"),
    ],
)
def test_the_organisations_of_the_countys_own_list_are_found_by_name(
    built: DemoTree, name: str, kind: str
) -> None:
    found = queries.find_organisation(text=name)
    assert found is not None
    assert found.kind_code == kind


def test_every_organisation_in_the_moved_out_list_is_found(built: DemoTree) -> None:
    with (SAMPLES / "moved_out_gb18030.csv").open(encoding="gb18030", newline="") as file:
        names = {row["党组织名称"] for row in csv.DictReader(file) if row["党组织名称"]}
    county = queries.organisation_by_code(demo_plan.MEIGU).path
    named = {name for name in names if name.startswith("中共")}
    assert named
    assert all(queries.find_organisation(text=name, under=county) for name in named)


def test_guanshanhu_has_159_service_centres(built: DemoTree) -> None:
    district = queries.organisation_by_code(demo_plan.GUANSHANHU)
    centres = queries.organisations_under(district.path, kind="service_centre")
    assert len(centres) == 159
    assert len({centre.name for centre in centres}) == 159
    points = queries.directory(district.path, kinds=["service_centre"])
    assert len(points) == 159


def test_the_outpost_belongs_to_meigu_and_stands_in_another_province(built: DemoTree) -> None:
    outpost = queries.organisation_by_code(demo_plan.OUTPOST)
    assert outpost.can("outpost") and outpost.can("hosts_members")
    assert (outpost.division_code[:6], outpost.stands_in_code[:4]) == ("513436", "4419")
    (branch,) = queries.children_of(outpost.id)
    assert branch.kind_code == "mobile_branch"


def test_nobody_can_be_reached_by_the_demos_numbers(built: DemoTree) -> None:
    numbers = {*Organisation.objects.values_list("phone", flat=True)}
    numbers |= {*ServicePoint.objects.values_list("phone", flat=True)}
    assert all(number.startswith("12") for number in numbers if number)


def test_every_coordinate_is_marked_as_invented_and_lies_inside_its_county(
    built: DemoTree,
) -> None:
    facts = of_meigu()
    assert {one.coordinates_origin for one in facts} == {"invented"}
    inside = [one for one in facts if not one.stands_in_code.startswith("4419")]
    assert all(102.8 < (one.longitude or 0) < 103.4 for one in inside)
    assert all(28.0 < (one.latitude or 0) < 28.9 for one in inside)


def test_meigus_branches_speak_yi_and_han(built: DemoTree) -> None:
    branches = [one for one in of_meigu() if one.kind_code == "village_branch"]
    assert {one.languages for one in branches} == {("yi", "han")}


def test_each_level_of_meigu_has_a_hotline(built: DemoTree) -> None:
    branch = queries.organisation_by_code("513436100001")
    assert len(queries.hotlines_along(branch.path)) == 3


def test_building_again_adds_nothing(built: DemoTree, system: Actor) -> None:
    assert built.organisations == Organisation.objects.count()
    assert demo.open_demo_tree(system) == DemoTree(0, 0)


@pytest.mark.slow
def test_the_demo_starts_from_the_whole_country_and_tells_how_far_it_is(system: Actor) -> None:
    told: list[tuple[str, int, int]] = []
    built = demo.build_demo_tree(system, lambda *step: told.append(step))
    assert built.organisations > 500
    assert queries.divisions_are_loaded()
    assert {step for step, _done, _all in told} == {"divisions", "organisations", "directory"}
    assert queries.parameter("flow_threshold_months", path="0001", on=system.today).value == 6
    assert queries.working_days().years
