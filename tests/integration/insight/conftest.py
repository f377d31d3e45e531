"""The demo's tree as the ground on which workbooks come in, and the people who bring them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.db import transaction
from tests.cast import TODAY

from guiyan.access.roles import permissions_of
from guiyan.insight.importing import commands
from guiyan.insight.importing.types import BatchFacts
from guiyan.orgs import commands as org_commands
from guiyan.orgs import demo, queries
from guiyan.orgs.divisions.load import load_divisions
from guiyan.orgs.divisions.packed import PackedDivision, packed_divisions
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped

SAMPLES = Path(__file__).parents[2] / "samples"
MEIGU, NEXT_COUNTY = "513436", "513431"


@pytest.fixture(scope="session")
def some_divisions() -> list[PackedDivision]:
    """All divisions down to the counties, and every village of those in the demo's tree."""
    counties = ("513436", "513431", "520115")
    return [
        division
        for division in packed_divisions()
        if division.level <= 3 or division.code.startswith(counties)
    ]


@pytest.fixture
def system(db: None, settings: object, tmp_path: Path) -> Iterator[Actor]:
    """The system, inside a transaction with its scope; sealed files go to a place of the test."""
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]
    by = replace(Actor.system("test"), today=TODAY)
    with transaction.atomic(), scoped(by.scope):
        yield by


@pytest.fixture
def tree(system: Actor, some_divisions: list[PackedDivision]) -> None:
    org_commands.seed_kinds(by=system)
    org_commands.seed_parameters(by=system)
    org_commands.seed_working_days(by=system)
    load_divisions(some_divisions)
    demo.open_demo_tree(system)


def officer_of(code: str, role: str = "county_officer") -> Actor:
    """An officer of the organisation with this code."""
    place = queries.organisation_by_code(code)
    return Actor(
        kind="staff",
        name="吉木阿依",
        today=TODAY,
        account_id=uuid5(NAMESPACE_URL, f"guiyan:test:{role}:{code}"),
        organisation_id=place.id,
        organisation_name=place.name,
        path=place.path,
        roles=(role,),
        permissions=permissions_of((role,)),
    )


@pytest.fixture
def officer(tree: None) -> Actor:
    return officer_of(MEIGU)


@pytest.fixture
def outsider(tree: None) -> Actor:
    return officer_of(NEXT_COUNTY)


@pytest.fixture
def bring(officer: Actor) -> Callable[..., BatchFacts]:
    """Upload a workbook for Meigu county."""

    def read(kind: str, source: Path, by: Actor = officer) -> BatchFacts:
        with scoped(by.scope):
            return commands.read_upload(
                by=by,
                organisation_id=queries.organisation_by_code(MEIGU).id,
                kind=kind,
                source=source,
                file_name=source.name,
            )

    return read
