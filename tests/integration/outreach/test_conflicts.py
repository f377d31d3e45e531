"""Two visits that disagree are decided once: at the door or in the list of what phones brought."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from tests.cast import TOWNSHIP
from tests.integration.field.conftest import enlist
from tests.integration.outreach.conftest import (
    OFFICER,
)
from tests.integration.outreach.shops import Shop, dispute, open_shop

from guiyan.field.commands import deciding, receiving
from guiyan.outreach.census import commands
from guiyan.outreach.census.types import NewVisit
from guiyan.platform.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return open_shop()


@pytest.fixture
def disputed(shop: Shop) -> Shop:
    return dispute(shop)


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
