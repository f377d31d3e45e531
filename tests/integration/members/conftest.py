"""The organisations of the cast as rows, and a scope to stand in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

import pytest
from tests.cast import PLACES, TODAY, Place

from guiyan.orgs.models import Organisation, OrganisationKind, RuleParameter
from guiyan.platform.actor import Actor
from guiyan.platform.scope import Scope, scoped


@contextmanager
def seen_by(actor: Actor) -> Iterator[Actor]:
    """Read as this person would: inside their scope."""
    with scoped(actor.scope):
        yield actor


def _plant(place: Place, kind: OrganisationKind) -> None:
    parent = next((p for p in PLACES if p.path == place.path[:-4]), None)
    Organisation.objects.get_or_create(
        id=place.id,
        defaults={
            "parent_id": parent.id if parent else None,
            "path": place.path,
            "kind": kind,
            "code": place.code,
            "name": place.name,
            "short_name": place.name,
            "name_key": place.name,
            "division_code": place.division_code,
            "stands_in_code": place.division_code,
            "check_in_code": place.code[-12:],
            "opened_on": date(2020, 1, 1),
        },
    )


@pytest.fixture(autouse=True)
def _organisations(db: None) -> None:
    with scoped(Scope.everywhere()):
        kind, _ = OrganisationKind.objects.get_or_create(
            code="members_test",
            defaults={
                "name": "测试",
                "allowed_parents": [],
                "abilities": ["holds_members", "hosts_members"],
                "source": "tests",
            },
        )
        for place in PLACES:
            _plant(place, kind)
        if not RuleParameter.objects.filter(name="correction_answer_days").exists():
            RuleParameter.objects.create(
                id=uuid4(),
                name="correction_answer_days",
                value=15,
                unit="working_days",
                source="tests",
                valid_from=date(2020, 1, 1),
            )


@pytest.fixture
def today() -> date:
    return TODAY
