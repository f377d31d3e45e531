"""A call that was passed on goes where the member goes, and goes with the member's file."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from tests.cast import BRANCH, CENTRE, NEXT_BRANCH, OFFICIALS, OTHER_BRANCH
from tests.integration.field.conftest import enlist
from tests.integration.flows.conftest import HOME, HOST, newcomer, placed
from tests.integration.outreach.conftest import seen_by, seen_by_the_database
from tests.people import invented_phone

from guiyan.field.models import Due
from guiyan.flows import commands as flows
from guiyan.flows.types import CaseFacts, Placing, Stay
from guiyan.liaison import commands as liaison
from guiyan.members import ending
from guiyan.orgs import commands as orgs
from guiyan.outreach.hotline import commands, following, queries
from guiyan.outreach.hotline import jobs as hotline_jobs
from guiyan.outreach.hotline.types import NewCall, Recipient
from guiyan.outreach.models import Call, PackAnswer
from guiyan.platform.actor import Actor

pytestmark = pytest.mark.django_db

TOWN = OFFICIALS["township_officer"]
OPERATOR = OFFICIALS["hotline_operator"]


@dataclass(frozen=True)
class Waiting:
    """A member of another county's branch, placed here, and their call for help."""

    case: CaseFacts
    call_id: UUID


@pytest.fixture
def line() -> UUID:
    point = orgs.add_service_point(
        by=OFFICIALS["county_officer"],
        organisation_id=CENTRE.id,
        kind="hotline",
        name="美姑热线",
        duty_hours=[(day, "00:00", "24:00") for day in range(7)],
        phone=invented_phone(8),
    )
    return point.id


@pytest.fixture
def waiting(line: UUID) -> Waiting:
    secretary = OFFICIALS["branch_secretary"]
    member = newcomer(secretary, home=NEXT_BRANCH, host=BRANCH)
    case = flows.claim_case(
        by=TOWN, member_id=member.id, stay=Stay(), host_organisation_id=BRANCH.id
    )
    flows.take_step(by=HOST, case_id=case.id, act="confirm")
    case = flows.place_members(by=TOWN, placings=[Placing(case.id, BRANCH.id, "就近")])[0]
    return Waiting(case, passed_on(line, case))


def passed_on(line: UUID, case: CaseFacts, account_id: UUID | None = None) -> UUID:
    assert case.host_organisation_id
    assert case.host_path
    to = Recipient(case.id, case.member_id, case.host_organisation_id, case.host_path, account_id)
    call = NewCall("help", number=invented_phone(3), said="孩子上学没有着落")
    return commands.take_call(by=OPERATOR, point_id=line, call=call, passes_to=to)


def carer(place_: object, name: str) -> Actor:
    return enlist("liaison", place_, name).actor  # type: ignore[arg-type]


def named(case: CaseFacts, person: Actor) -> None:
    assert person.account_id
    liaison.assign_contact_person(by=TOWN, case_id=case.id, account_id=person.account_id)


def waits_for(actor: Actor) -> list[UUID]:
    with seen_by(actor):
        return [one.id for one in queries.passed_calls(actor)]


def due_of(call_id: UUID) -> Due:
    with seen_by_the_database():
        return Due.objects.get(subject_id=call_id)


def stored(call_id: UUID) -> Call:
    with seen_by_the_database():
        return Call.objects.get(id=call_id)


def test_it_is_the_contact_persons_and_the_next_ones_when_another_is_named(
    waiting: Waiting,
) -> None:
    first, second = carer(BRANCH, "阿支"), carer(BRANCH, "阿依")
    assert waits_for(first) == waits_for(second) == [waiting.call_id]  # nobody's yet
    named(waiting.case, first)
    assert (waits_for(first), waits_for(second)) == ([waiting.call_id], [])
    named(waiting.case, second)
    assert (waits_for(first), waits_for(second)) == ([], [waiting.call_id])
    assert waits_for(OFFICIALS["branch_secretary"]) == [waiting.call_id]


def test_what_the_home_side_was_asked_stays_with_it(waiting: Waiting, line: UUID) -> None:
    case = waiting.case
    call = NewCall("help", number=invented_phone(3), said="转正手续")
    to = Recipient(case.id, case.member_id, OTHER_BRANCH.id, OTHER_BRANCH.path, None, is_host=False)
    call_id = commands.take_call(by=OPERATOR, point_id=line, call=call, passes_to=to)
    named(case, carer(BRANCH, "阿支"))
    assert due_of(call_id).owner_account_id is None


def test_in_another_branch_it_waits_there_with_the_day_that_was_promised(waiting: Waiting) -> None:
    before = carer(BRANCH, "阿支")
    named(waiting.case, before)
    promised = due_of(waiting.call_id).due_on
    placing = Placing(waiting.case.id, OTHER_BRANCH.id, "搬了家")
    flows.place_members(by=TOWN, placings=[placing])
    hotline_jobs.follow_stay(case_id=str(waiting.case.id))
    hotline_jobs.follow_stay(case_id=str(waiting.case.id))
    due = due_of(waiting.call_id)
    assert (due.path, due.due_on, due.owner_account_id) == (OTHER_BRANCH.path, promised, None)
    assert waits_for(before) == []
    after = carer(OTHER_BRANCH, "阿依")
    assert waits_for(after) == [waiting.call_id]
    named(waiting.case, after)
    assert due_of(waiting.call_id).owner_account_id == after.account_id


def test_it_goes_on_with_who_moves_on_and_home_with_who_comes_home(waiting: Waiting) -> None:
    onward = flows.move_on(
        by=TOWN, case_id=waiting.case.id, stay=Stay(), next_host_organisation_id=OTHER_BRANCH.id
    )
    hotline_jobs.follow_stay(case_id=str(waiting.case.id))
    assert stored(waiting.call_id).case_id == onward.id
    assert stored(waiting.call_id).path == OTHER_BRANCH.path
    flows.take_step(by=HOST, case_id=onward.id, act="come_home")
    hotline_jobs.follow_stay(case_id=str(onward.id))
    assert stored(waiting.call_id).path == NEXT_BRANCH.path
    assert waits_for(HOST) == [waiting.call_id]
    commands.close_passed(by=HOST, call_id=waiting.call_id, outcome="reached")
    assert due_of(waiting.call_id).closing == "done"


def test_only_a_stay_about_which_a_call_waits_leaves_a_job(waiting: Waiting) -> None:
    other = placed()
    assert following.is_called_about(waiting.case.id)
    assert not following.is_called_about(other.id)


def test_it_stays_with_the_person_when_two_files_become_one(waiting: Waiting) -> None:
    kept = newcomer(HOST, home=NEXT_BRANCH)
    gone_id = waiting.case.member_id
    with seen_by_the_database():
        moved = following.FOLLOWER.move(kept.id, gone_id)
        assert stored(waiting.call_id).member_id == kept.id
        following.FOLLOWER.move_back(kept.id, gone_id, moved)
    assert stored(waiting.call_id).member_id == gone_id


def test_with_the_file_go_words_number_and_answers_and_nobody_is_asked_to_call(
    waiting: Waiting,
) -> None:
    member_id = waiting.case.member_id
    with seen_by_the_database():
        PackAnswer.objects.create(
            case_id=waiting.case.id, has_it=False, asked_on=HOME.today, contact_id=member_id
        )
    ending.erase_files(by=Actor.system("test"), member_ids=[member_id])
    row = stored(waiting.call_id)
    assert (row.state, row.said_sealed, row.case_id, row.member_id) == ("done", None, None, None)
    assert due_of(waiting.call_id).closing == "cancelled"
    with seen_by_the_database():
        assert not PackAnswer.objects.exists()


def test_a_stay_that_was_entered_by_mistake_takes_its_call_along(waiting: Waiting) -> None:
    hotline_jobs.forget_stays(case_ids=[str(waiting.case.id)])
    assert waits_for(OFFICIALS["branch_secretary"]) == []
    assert due_of(waiting.call_id).closing == "cancelled"
    assert stored(waiting.call_id).closed_at is not None
