"""Two visits that disagree are decided once: at the door or in the list of what phones brought."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from tests.cast import TOWNSHIP
from tests.integration.field.conftest import enlist
from tests.integration.outreach.conftest import (
    COUNTY,
    OFFICER,
    planned,
    premises,
    seen_by,
    seen_by_the_database,
)

from guiyan.field import queries as field_queries
from guiyan.field.commands import deciding, receiving
from guiyan.field.models import Receipt
from guiyan.field.types import Batch, WaitingFacts
from guiyan.outreach import commands as register
from guiyan.outreach.census import commands, queries
from guiyan.outreach.census.types import NewVisit, StandingFacts
from guiyan.platform.errors import NotFound

pytestmark = pytest.mark.django_db


@dataclass
class Shop:
    """One door of which the page and phones say different things."""

    id: UUID
    round_id: UUID
    area_id: UUID
    device_id: UUID
    token: str
    sent: list[UUID] = field(default_factory=list)

    def say_by_phone(self, state: str, **more: object) -> str:
        self.sent.append(uuid4())
        operation = {
            "id": str(self.sent[-1]), "kind": "census.visit", "version": 1, "base_version": 1,
            "area_id": str(self.area_id), "subject_id": str(self.id), "at_device": "",
            "body": {"state": state},
        } | more  # fmt: skip
        sender, actor = receiving.sender_of(self.device_id)
        batch = Batch((operation,), packets={str(self.area_id): self.token})
        return receiving.receive(by=actor, sender=sender, batch=batch)[0].state

    def now(self) -> StandingFacts:
        with seen_by(OFFICER):
            return queries.get_standing_for(OFFICER, self.id)

    def at_the_doors(self) -> list[UUID]:
        with seen_by(OFFICER):
            return [one.id for one in queries.conflicts(OFFICER, self.round_id)]

    def brought(self) -> list[UUID]:
        with seen_by(OFFICER):
            return [one.id for one in field_queries.waiting_for(OFFICER, ("conflict",))]

    def sides(self) -> set[str]:
        with seen_by(OFFICER):
            return {one.state for one in queries.sides_of(OFFICER, self.now())}

    def seen_by_its_walker(self) -> list[WaitingFacts]:
        walker = receiving.sender_of(self.device_id)[1]
        with seen_by(walker):
            return field_queries.waiting_for(walker, ("conflict",))

    def told(self) -> list[str]:
        with seen_by_the_database():
            states = dict(Receipt.objects.values_list("id", "state"))
        return [states[one] for one in self.sent]


@pytest.fixture
def shop() -> Shop:
    walker = enlist("canvasser", TOWNSHIP, "马海拉且")
    register.register_premises(by=COUNTY, new=premises(2))
    round_ = commands.open_round(by=COUNTY, round_id=planned().id)
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
        door = queries.standings_of_area(OFFICER, area.id)[0]
    seen = NewVisit(id=uuid4(), standing_id=door.id, state="none_found")
    commands.record_visits(by=OFFICER, visits=[seen])
    return Shop(door.id, round_.id, area.id, walker.handset_id, packet.token)


@pytest.fixture
def disputed(shop: Shop) -> Shop:
    assert shop.say_by_phone("does_not_exist") == "conflict"
    assert shop.at_the_doors() == [shop.id]
    assert shop.brought() == shop.sent
    return shop


def test_decided_at_the_door_for_the_phone_it_is_decided_in_the_list_of_phones(
    disputed: Shop,
) -> None:
    commands.decide_conflict(by=OFFICER, standing_id=disputed.id, visit_id=disputed.sent[0])
    assert (disputed.now().state, disputed.now().has_conflict) == ("does_not_exist", False)
    assert (disputed.brought(), disputed.told()) == ([], ["applied"])


def test_decided_at_the_door_for_what_stood_there_the_phone_is_told_merged(disputed: Shop) -> None:
    present = disputed.now().visit_id
    assert present is not None
    commands.decide_conflict(by=OFFICER, standing_id=disputed.id, visit_id=present)
    assert disputed.now().state == "none_found"
    assert (disputed.brought(), disputed.told()) == ([], ["merged"])


@pytest.mark.parametrize(
    ("take", "state", "told"),
    [(["state"], "does_not_exist", "applied"), ([], "none_found", "merged")],
)
def test_chosen_in_the_list_of_phones_it_is_decided_at_the_door(
    disputed: Shop, take: list[str], state: str, told: str
) -> None:
    deciding.choose(by=OFFICER, operation_id=disputed.sent[0], take=take)
    assert (disputed.now().state, disputed.at_the_doors()) == (state, [])
    assert (disputed.brought(), disputed.told()) == ([], [told])


def test_declined_in_the_list_of_phones_what_stood_at_the_door_holds(disputed: Shop) -> None:
    deciding.decline(by=OFFICER, operation_ids=disputed.sent, reason="看错了门牌")
    assert (disputed.now().state, disputed.at_the_doors()) == ("none_found", [])
    assert (disputed.brought(), disputed.told()) == ([], ["declined"])


def _at_the_door(shop: Shop) -> None:
    commands.decide_conflict(by=OFFICER, standing_id=shop.id, visit_id=shop.sent[1])


def _in_the_list(shop: Shop) -> None:
    deciding.choose(by=OFFICER, operation_id=shop.sent[1], take=["state"])


@pytest.mark.parametrize("decide", [_at_the_door, _in_the_list])
def test_of_three_that_disagree_one_decision_ends_all(
    disputed: Shop, decide: Callable[[Shop], None]
) -> None:
    assert disputed.say_by_phone("moved") == "conflict"
    decide(disputed)
    assert (disputed.now().state, disputed.at_the_doors()) == ("moved", [])
    assert (disputed.brought(), disputed.told()) == ([], ["merged", "applied"])


def test_of_two_that_disagree_one_declined_leaves_the_other_to_decide(disputed: Shop) -> None:
    disputed.say_by_phone("moved")
    deciding.decline(by=OFFICER, operation_ids=disputed.sent[:1], reason="看错了门牌")
    assert disputed.at_the_doors() == [disputed.id]
    assert disputed.brought() == disputed.sent[1:]
    assert disputed.sides() == {"none_found", "moved"}


def test_what_its_visitor_has_taken_back_is_no_side_while_another_is_open(disputed: Shop) -> None:
    disputed.say_by_phone("moved")
    disputed.say_by_phone("none_found", supersedes=str(disputed.sent[0]))
    assert disputed.at_the_doors() == [disputed.id]
    assert disputed.sides() == {"none_found", "moved"}


def test_nobody_takes_back_what_somebody_else_has_said(disputed: Shop) -> None:
    other = enlist("township_officer", TOWNSHIP, "旁人").actor
    agreeing = NewVisit(
        id=uuid4(), standing_id=disputed.id, state="none_found", base_version=1,
        supersedes=disputed.sent[0],
    )  # fmt: skip
    assert commands.record_visits(by=other, visits=[agreeing])[0].state == "merged"
    assert disputed.at_the_doors() == [disputed.id]
    assert disputed.brought() == disputed.sent
    assert disputed.sides() == {"none_found", "does_not_exist"}


def test_who_walks_the_area_sees_what_disagrees_and_others_choose(disputed: Shop) -> None:
    """Both of them are a party to it; whoever runs the round is not."""
    (seen,) = disputed.seen_by_its_walker()
    assert (seen.id, seen.may_decide) == (disputed.sent[0], False)
    walker = receiving.sender_of(disputed.device_id)[1]
    with pytest.raises(NotFound):
        deciding.choose(by=walker, operation_id=disputed.sent[0], take=["state"])
    with pytest.raises(NotFound):
        deciding.decline(by=walker, operation_ids=disputed.sent, reason="我说了算")
    assert (disputed.now().state, disputed.brought()) == ("none_found", disputed.sent)


def test_opened_again_nothing_is_left_to_decide(disputed: Shop) -> None:
    commands.open_again(by=OFFICER, standing_ids=[disputed.id], reason="重新去看")
    assert disputed.now().state == "not_visited"
    assert (disputed.brought(), disputed.told()) == ([], ["merged"])


def test_a_second_dispute_shows_only_its_own_sides(disputed: Shop) -> None:
    commands.decide_conflict(by=OFFICER, standing_id=disputed.id, visit_id=disputed.sent[0])
    assert disputed.say_by_phone("moved") == "conflict"
    assert disputed.sides() == {"does_not_exist", "moved"}


def test_a_correction_of_the_phone_ends_its_own_dispute(disputed: Shop) -> None:
    first = str(disputed.sent[0])
    assert disputed.say_by_phone("none_found", supersedes=first) == "merged"
    assert (disputed.at_the_doors(), disputed.brought()) == ([], [])
