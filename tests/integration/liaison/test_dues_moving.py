"""A member moves, and what is owed goes along: nobody falls between two contact persons."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from tests.acting import Browser
from tests.cast import BRANCH, NEXT_BRANCH, OFFICIALS, OTHER_BRANCH
from tests.integration.field.conftest import enlist
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    HOST,
    HOST_TOWNSHIP,
    _planted,
    newcomer,
    placed,
    seen_by_the_database,
)

from guiyan.field import due_counts
from guiyan.field.models import Due
from guiyan.flows import commands as flows
from guiyan.flows import ending
from guiyan.flows.types import CaseFacts, Placing, Stay
from guiyan.liaison import commands as liaison
from guiyan.liaison.cadence import jobs, materialising
from guiyan.liaison.pairing import moving
from guiyan.platform.actor import Actor

pytestmark = pytest.mark.django_db
TOWN = OFFICIALS["township_officer"]
MONDAY = date(2026, 3, 2)
APRIL = date(2026, 4, 2)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 2, 2, tzinfo=UTC), tick=False):
        yield


def open_dues(case: CaseFacts) -> list[Due]:
    with seen_by_the_database():
        return list(Due.objects.filter(case_id=case.id, closing="", subject_kind="case"))


def hosted_at_home() -> CaseFacts:
    """Placed in a branch of a township that has two."""
    secretary = OFFICIALS["branch_secretary"]
    member = newcomer(secretary, home=NEXT_BRANCH, host=BRANCH)
    case = flows.claim_case(
        by=TOWN, member_id=member.id, stay=Stay(), host_organisation_id=BRANCH.id
    )
    flows.take_step(by=HOST, case_id=case.id, act="confirm")
    return flows.place_members(by=TOWN, placings=[Placing(case.id, BRANCH.id, "就近")])[0]


def test_in_another_branch_the_dues_stand_there_with_their_windows_and_are_the_next_persons() -> (
    None
):
    case = hosted_at_home()
    before = enlist("liaison", BRANCH, "阿支").actor.account_id
    after = enlist("liaison", OTHER_BRANCH, "阿依").actor.account_id
    assert before
    assert after
    liaison.assign_contact_person(by=TOWN, case_id=case.id, account_id=before)
    materialising.tonight(MONDAY, Actor.system("test"))
    windows = {(due.kind, due.due_on) for due in open_dues(case)}
    assert {due.owner_account_id for due in open_dues(case)} == {before}
    flows.place_members(by=TOWN, placings=[Placing(case.id, OTHER_BRANCH.id, "搬了家")])
    jobs.follow_case(case_id=str(case.id))
    found = open_dues(case)
    assert {due.path for due in found} == {OTHER_BRANCH.path}
    assert windows <= {(due.kind, due.due_on) for due in found}
    assert {due.owner_account_id for due in found} == {before}  # until somebody else is named
    liaison.assign_contact_person(by=TOWN, case_id=case.id, account_id=after)
    assert {due.owner_account_id for due in open_dues(case)} == {after}


def test_who_moves_on_is_owed_at_the_next_host_from_the_day_of_placing() -> None:
    case = hosted_at_home()
    before = enlist("liaison", BRANCH, "阿支").actor.account_id
    after = enlist("liaison", NEXT_BRANCH, "阿依").actor.account_id
    assert before
    assert after
    liaison.assign_contact_person(by=TOWN, case_id=case.id, account_id=before)
    materialising.tonight(MONDAY, Actor.system("test"))
    onward = flows.move_on(
        by=TOWN, case_id=case.id, stay=Stay(), next_host_organisation_id=NEXT_BRANCH.id
    )
    moving.carry_along(case_id=str(case.id), next_case_id=str(onward.id))
    jobs.follow_case(case_id=str(case.id))
    assert open_dues(case) == []
    flows.take_step(by=HOST, case_id=onward.id, act="take_in")
    flows.place_members(by=HOST_TOWNSHIP, placings=[Placing(onward.id, NEXT_BRANCH.id, "就近")])
    jobs.follow_case(case_id=str(onward.id))
    found = open_dues(onward)
    assert {due.kind for due in found} >= {"contact", "first_week"}
    assert {due.path for due in found} == {NEXT_BRANCH.path}
    assert {due.owner_account_id for due in found} == {before}  # nobody meets a gap
    liaison.assign_contact_person(by=HOST, case_id=onward.id, account_id=after)
    assert {due.owner_account_id for due in open_dues(onward)} == {after}


def test_the_township_sees_on_its_start_page_only_how_many_are_overdue() -> None:
    case = placed()
    materialising.tonight(MONDAY, Actor.system("test"))
    page = Browser(HOST_TOWNSHIP).get("/w/").content.decode()
    assert "帮助联系还没联系上的党员" not in page
    with seen_by_the_database():
        due_counts.remake(APRIL)
    page = Browser(replace(HOST_TOWNSHIP, today=APRIL)).get("/w/").content.decode()
    assert "帮助联系还没联系上的党员" in page
    assert case.member_name not in page.partition("帮助联系")[2].partition("</li>")[0]


def test_about_stays_that_were_taken_back_or_erased_nothing_is_owed() -> None:
    gone, kept = placed(), placed()
    materialising.tonight(MONDAY, Actor.system("test"))
    assert open_dues(gone)
    jobs.forget_cases(case_ids=[str(gone.id)])
    jobs.forget_cases(case_ids=[str(gone.id)])
    assert open_dues(gone) == []
    assert open_dues(kept)


def test_who_takes_stays_back_has_it_looked_after_by_the_worker() -> None:
    case = placed()
    with seen_by_the_database(), connection.cursor() as cursor:
        ending.remove([case.id])
        cursor.execute(
            "select args from procrastinate_jobs where task_name = 'liaison.forget_cases'"
        )
        assert str(case.id) in str(cursor.fetchall())


def test_the_register_shows_whom_nobody_keeps_in_touch_with() -> None:
    alone, kept = placed(), placed()
    person = enlist("liaison", NEXT_BRANCH, "阿支").actor.account_id
    assert person
    liaison.assign_contact_person(by=HOST, case_id=kept.id, account_id=person)
    address = reverse("insight:moved_in")
    everybody = Browser(HOST_TOWNSHIP).get(address).content.decode()
    assert str(alone.id) in everybody
    assert str(kept.id) in everybody
    some = Browser(HOST_TOWNSHIP).get(f"{address}?alone=1").content.decode()
    assert str(alone.id) in some
    assert str(kept.id) not in some
