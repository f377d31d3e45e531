"""What phones bring is applied batch by batch: the number of statements does not grow with it."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import TOWNSHIP
from tests.integration.field.conftest import enlist
from tests.integration.outreach.conftest import COUNTY, OFFICER, planned, premises, seen_by

from guiyan.field.commands import receiving
from guiyan.field.types import Answer, Batch
from guiyan.outreach import commands as register
from guiyan.outreach.census import commands, queries
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
    walker = enlist("canvasser", TOWNSHIP, "马海拉且")
    register.register_premises(by=COUNTY, new=premises(203))
    round_ = planned()
    commands.open_round(by=COUNTY, round_id=round_.id)
    at = {"round_id": round_.id, "organisation_id": TOWNSHIP.id}
    (area,) = commands.propose_areas(by=OFFICER, parts=1, **at)
    commands.confirm_areas(by=OFFICER, **at)
    team = commands.make_team(by=OFFICER, name="一组", **at)
    commands.give_area(by=OFFICER, area_id=area.id, team_id=team.id)
    commands.add_person(
        by=OFFICER, team_id=team.id, kind="volunteer", name=walker.actor.name,
        account_id=walker.actor.account_id,
    )  # fmt: skip
    walker.phone.fetch_key()
    packet = walker.phone.fetch_packet("census", str(area.id))
    with seen_by(OFFICER):
        doors = [one.id for one in queries.standings_of_area(OFFICER, area.id)]
    return Street(area.id, walker.handset_id, packet.token, doors)


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
