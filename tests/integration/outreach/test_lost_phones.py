"""Who runs a round ends the lost phones of those who go in its teams, and nobody else's."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from tests.acting import Browser
from tests.cast import TOWNSHIP
from tests.integration.field.conftest import Worker, enlist
from tests.integration.outreach.conftest import COUNTY, OFFICER, Town, seen_by

from guiyan.access import handsets
from guiyan.field import queries
from guiyan.field.commands import receiving
from guiyan.field.types import Batch
from guiyan.outreach.census import commands
from guiyan.outreach.census.types import NewVisit
from guiyan.platform.actor import Actor

pytestmark = pytest.mark.django_db


def heard_of(role: str, name: str) -> Worker:
    worker = enlist(role, TOWNSHIP, name)
    sender, actor = receiving.sender_of(worker.handset_id)
    receiving.receive(by=actor, sender=sender, batch=Batch(()))
    return worker


def in_a_team(town: Town, worker: Worker) -> UUID:
    team = commands.add_person(
        by=OFFICER, team_id=town.teams[0].id, kind="volunteer", name=worker.actor.name,
        account_id=worker.actor.account_id,
    )  # fmt: skip
    return next(one.id for one in team.people if one.account_id == worker.actor.account_id)


def end(phone: Worker, by: Actor = OFFICER) -> int:
    return Browser(by).post(reverse("field:revoke_phone", args=[phone.handset_id])).status_code


def test_a_phone_of_the_team_is_ended_and_that_of_a_contact_person_beside_it_is_not(
    walked: Town,
) -> None:
    walker, contact = heard_of("canvasser", "马海拉且"), heard_of("liaison", "罗联系")
    in_a_team(walked, walker)
    page = Browser(OFFICER).get(reverse("field:devices")).content.decode()
    assert "马海拉且" in page and "罗联系" in page  # both are heard of
    assert reverse("field:revoke_phone", args=[walker.handset_id]) in page
    assert reverse("field:revoke_phone", args=[contact.handset_id]) not in page
    assert (end(contact), end(walker)) == (404, 303)
    out = handsets.revoked_among(OFFICER, [walker.handset_id, contact.handset_id])
    assert out == {walker.handset_id}


def leaves(town: Town, person_id: UUID) -> None:
    commands.remove_person(by=OFFICER, team_id=town.teams[0].id, person_id=person_id)


def closes(town: Town, person_id: UUID) -> None:
    """The round ends with everything explained."""
    visits = [
        NewVisit(id=uuid4(), standing_id=door.id, state="none_found") for door in town.doors(COUNTY)
    ]
    commands.record_visits(by=COUNTY, visits=visits)
    commands.close_round(by=COUNTY, round_id=town.round.id, reason="没有抽样复核")


@pytest.mark.parametrize(("then", "may"), [(leaves, True), (closes, False)])
def test_it_may_while_the_round_is_open_also_when_the_person_has_left(
    walked: Town, then: Callable[[Town, UUID], None], may: bool
) -> None:
    walker = heard_of("canvasser", "马海拉且")
    then(walked, in_a_team(walked, walker))
    with seen_by(OFFICER):
        assert (walker.actor.account_id in queries.workers_under(OFFICER)) is may
    assert end(walker) == (303 if may else 404)


def test_who_runs_no_census_ends_nobodys(walked: Town) -> None:
    walker = heard_of("canvasser", "马海拉且")
    in_a_team(walked, walker)
    with seen_by(walker.actor):
        assert queries.workers_under(walker.actor) == frozenset()
