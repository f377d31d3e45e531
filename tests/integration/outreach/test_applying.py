"""What phones bring is applied batch by batch: the number of statements does not grow with it."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.integration.outreach.shops import area_of_a_walker

from guiyan.field.commands import receiving
from guiyan.field.types import Answer, Batch
from guiyan.platform.models import AuditRow
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db


@dataclass
class Street:
    """An area whose every door waits for one visitor, with a packet on their phone."""

    area_id: UUID
    device_id: UUID
    token: str
    doors: list[UUID]

    def bring(self, doors: list[UUID]) -> tuple[list[Answer], int]:
        """A batch of first visits, and how many statements it took."""
        operations = tuple(
            {
                "id": str(uuid4()), "kind": "census.visit", "version": 1, "base_version": None,
                "area_id": str(self.area_id), "subject_id": str(door), "at_device": "",
                "body": {"state": "none_found"},
            }
            for door in doors
        )  # fmt: skip
        sender, actor = receiving.sender_of(self.device_id)
        batch = Batch(operations, packets={str(self.area_id): self.token})
        with CaptureQueriesContext(connection) as asked:
            answers = receiving.receive(by=actor, sender=sender, batch=batch)
        return answers, len(asked)


@pytest.fixture
def street() -> Street:
    walked, doors = area_of_a_walker(203)
    return Street(walked.area_id, walked.device_id, walked.token, doors)


def test_two_hundred_visits_take_no_more_statements_than_two(street: Street) -> None:
    street.bring(street.doors[:1])  # makes the phone known
    few, asked_for_few = street.bring(street.doors[1:3])
    many, asked_for_many = street.bring(street.doors[3:])
    assert Counter(one.state for one in [*few, *many]) == {"applied": 202}
    assert asked_for_many == asked_for_few
    assert asked_for_many < 80


def test_each_visit_of_a_batch_stands_in_the_audit(street: Street) -> None:
    street.bring(street.doors)
    with scoped(Scope.everywhere()):
        noted = AuditRow.objects.filter(action="outreach.record_visits")
        assert set(noted.values_list("subject_id", flat=True)) == set(street.doors)
