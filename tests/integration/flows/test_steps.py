"""Every step of a case from each side, under row-level security as the web role."""

from datetime import date, timedelta

import pytest
from tests.cast import (
    BRANCH,
    NEXT_BRANCH,
    NEXT_TOWNSHIP,
    OFFICIALS,
    OTHER_BRANCH,
    TODAY,
)
from tests.integration.flows.conftest import (
    HOME,
    HOME_TOWNSHIP,
    HOST,
    HOST_TOWNSHIP,
    claimed,
    declared,
    newcomer,
    placed,
    seen_by,
    seen_by_the_database,
)
from tests.people import invented_id

from guiyan.flows import commands, queries
from guiyan.flows.models import Case
from guiyan.flows.types import CaseFacts, Placing, Stay
from guiyan.members import queries as member_queries
from guiyan.members.types import MemberFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Conflict, Forbidden, NotFound, Refused
from guiyan.platform.models import AuditRow

pytestmark = pytest.mark.django_db

BYSTANDER = OFFICIALS["outpost_head"]


def sees(actor: Actor, case_id: object) -> bool:
    with seen_by(actor):
        try:
            queries.get_case_for(actor, case_id)  # type: ignore[arg-type]
        except NotFound:
            return False
        return True


def refusal(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.code


class TestHomeDeclares:
    def test_the_notified_host_sees_the_case_and_the_file_and_a_bystander_neither(self) -> None:
        case = declared()
        assert (case.state, case.answers) == ("notified", "host")
        assert sees(HOME, case.id)
        assert sees(HOST, case.id)
        assert not sees(BYSTANDER, case.id)
        with seen_by(HOST):
            assert member_queries.get_member_for(HOST, case.member_id).name == "阿力木呷"
        with seen_by(BYSTANDER), pytest.raises(NotFound):
            member_queries.get_member_for(BYSTANDER, case.member_id)

    def test_the_host_has_fifteen_working_days_and_home_thirty_days(self) -> None:
        assert declared().answer_by == date(2026, 3, 23)
        assert declared(host=None).answer_by == TODAY + timedelta(days=30)

    def test_without_a_host_home_answers_until_it_has_found_out_where(self) -> None:
        case = declared(host=None)
        assert (case.state, case.answers) == ("declared", "home")
        told = commands.notify_host(by=HOME, case_id=case.id, host_organisation_id=NEXT_BRANCH.id)
        assert (told.state, told.answers) == ("notified", "host")
        assert sees(HOST, case.id)

    def test_a_member_who_is_away_is_not_declared_a_second_time(self) -> None:
        case = declared()
        with pytest.raises(Refused) as error:
            commands.declare_case(by=HOME, member_id=case.member_id, stay=Stay())
        assert refusal(error) == "already-away"

    def test_nobody_declares_a_member_of_another_branch(self) -> None:
        member = newcomer(HOME_TOWNSHIP, home=OTHER_BRANCH)
        with pytest.raises(NotFound):
            commands.declare_case(by=HOME, member_id=member.id, stay=Stay())

    def test_a_liaison_may_not_declare(self) -> None:
        member = newcomer()
        with pytest.raises(Forbidden):
            commands.declare_case(by=OFFICIALS["liaison"], member_id=member.id, stay=Stay())


class TestTheNotifiedHost:
    def test_not_here_hands_the_case_back_and_takes_it_from_the_host(self) -> None:
        case = declared()
        back = commands.take_step(by=HOST, case_id=case.id, act="not_here", reason="查无此人")
        assert (back.state, back.answers, back.host_organisation_id) == ("declared", "home", None)
        assert sees(HOME, case.id)
        assert not sees(HOST, case.id)
        with seen_by(HOST), pytest.raises(NotFound):
            member_queries.get_member_for(HOST, case.member_id)

    def test_taking_in_makes_the_case_claimed(self) -> None:
        taken = commands.take_step(by=HOST, case_id=declared().id, act="take_in")
        assert (taken.state, taken.claimed_on, taken.answers) == ("verified", TODAY, "host")
        assert taken.answer_by == TODAY + timedelta(days=30)

    def test_home_can_not_answer_for_a_host_that_is_here(self) -> None:
        with pytest.raises(Refused) as error:
            commands.take_step(by=HOME, case_id=declared().id, act="take_in")
        assert refusal(error) == "not-yours"

    def test_a_bystander_is_told_that_there_is_no_such_case(self) -> None:
        with pytest.raises(NotFound):
            commands.take_step(by=BYSTANDER, case_id=declared().id, act="take_in")


class TestTheHostClaims:
    def test_home_is_asked_and_confirms(self) -> None:
        case = claimed()
        assert (case.state, case.answers) == ("claimed", "home")
        assert sees(HOME, case.id)
        confirmed = commands.take_step(by=HOME, case_id=case.id, act="confirm")
        assert (confirmed.state, confirmed.answers) == ("verified", "host")

    def test_home_denies_and_both_keep_the_record(self) -> None:
        case = claimed()
        ended = commands.take_step(by=HOME, case_id=case.id, act="deny", reason="不是我支部党员")
        assert (ended.state, ended.answers, ended.answer_by) == ("withdrawn", "nobody", None)
        assert sees(HOME, case.id)
        assert sees(HOST, case.id)

    def test_a_home_outside_this_deployment_is_verified_by_the_host(self) -> None:
        member = newcomer(HOST, home=None, host=NEXT_BRANCH, home_text="贵州省某某县")
        case = claimed(member)
        assert (case.state, case.answers, case.home_organisation_id) == ("verified", "host", None)

    def test_a_host_can_not_confirm_its_own_claim(self) -> None:
        with pytest.raises(Refused) as error:
            commands.take_step(by=HOST, case_id=claimed().id, act="confirm")
        assert refusal(error) == "not-yours"

    def test_whoever_stands_above_both_sides_takes_a_declared_stay_in_at_once(self) -> None:
        county = OFFICIALS["county_officer"]
        case = declared(host=None)
        taken = commands.claim_case(
            by=county, member_id=case.member_id, stay=Stay(), host_organisation_id=OTHER_BRANCH.id
        )
        assert (taken.id, taken.state) == (case.id, "verified")
        assert taken.host_organisation_id == OTHER_BRANCH.id


class TestOnePersonInTwoFiles:
    """Home has a file and has declared; a host that could not see it has opened another."""

    NUMBER = invented_id(born=date(1979, 3, 4), sequence=77)

    def both(self) -> tuple[MemberFacts, CaseFacts, CaseFacts]:
        at_home = newcomer(id_number=self.NUMBER)
        away = declared(host=None, member=at_home)
        at_host = newcomer(HOST, home=BRANCH, host=NEXT_BRANCH, id_number=self.NUMBER)
        return at_home, away, claimed(at_host)

    def test_confirming_makes_one_file_and_one_stay_of_them(self) -> None:
        at_home, away, claim = self.both()
        confirmed = commands.take_step(by=HOME, case_id=claim.id, act="confirm")
        assert confirmed.member_id == at_home.id
        with seen_by(HOME):
            folded = queries.get_case_for(HOME, away.id)
            assert (folded.state, folded.end_reason) == ("withdrawn", "folded")
            steps = [event.event for event in queries.events_of(HOME, confirmed.id)]
            assert {"declared", "claimed", "withdraw", "confirm"} <= set(steps)
            gone = member_queries.get_member_for(HOME, claim.member_id)
            assert gone.merged_into_id == at_home.id
        with seen_by(HOST):
            assert member_queries.get_member_for(HOST, at_home.id).host_path == NEXT_BRANCH.path

    def test_home_can_not_declare_whom_a_host_has_claimed(self) -> None:
        at_home = newcomer(id_number=self.NUMBER)
        claimed(newcomer(HOST, home=BRANCH, host=NEXT_BRANCH, id_number=self.NUMBER))
        with pytest.raises(Refused) as error:
            commands.declare_case(by=HOME, member_id=at_home.id, stay=Stay())
        assert refusal(error) == "already-claimed"

    def test_a_claim_of_somebody_whom_another_host_has_taken_in_is_not_confirmed(self) -> None:
        _, away, claim = self.both()
        commands.notify_host(by=HOME, case_id=away.id, host_organisation_id=OTHER_BRANCH.id)
        commands.take_step(by=HOME_TOWNSHIP, case_id=away.id, act="take_in")
        with pytest.raises(Refused) as error:
            commands.take_step(by=HOME, case_id=claim.id, act="confirm")
        assert refusal(error) == "claimed-twice"


class TestPlacing:
    def test_a_member_is_placed_and_placed_again_in_a_better_branch(self) -> None:
        case = placed()
        assert (case.state, case.placed_on, case.answer_by) == ("placed", TODAY, None)
        again = commands.place_members(
            by=HOST_TOWNSHIP, placings=[Placing(case.id, NEXT_BRANCH.id, "本人要求")]
        )[0]
        assert again.state == "placed"

    def test_a_committee_is_no_branch(self) -> None:
        case = commands.take_step(by=HOST, case_id=declared().id, act="take_in")
        with pytest.raises(Refused) as error:
            commands.place_members(
                by=HOST_TOWNSHIP, placings=[Placing(case.id, NEXT_TOWNSHIP.id, "")]
            )
        assert refusal(error) == "not-a-branch"

    def test_a_branch_of_the_next_county_is_not_found(self) -> None:
        case = commands.take_step(by=HOST, case_id=declared().id, act="take_in")
        with pytest.raises(NotFound):
            commands.place_members(by=HOST_TOWNSHIP, placings=[Placing(case.id, BRANCH.id, "")])

    def test_all_are_placed_or_none(self) -> None:
        ready = commands.take_step(by=HOST, case_id=declared().id, act="take_in")
        waiting = declared()
        with pytest.raises(Refused):
            commands.place_members(
                by=HOST_TOWNSHIP,
                placings=[Placing(one.id, NEXT_BRANCH.id, "") for one in (ready, waiting)],
            )
        with seen_by(HOST):
            assert queries.get_case_for(HOST, ready.id).state == "verified"

    def test_a_sitting_writes_down_what_it_decided_until_it_is_closed(self) -> None:
        first, second = (
            commands.take_step(by=HOST, case_id=declared().id, act="take_in") for _ in range(2)
        )
        sitting = commands.open_sitting(
            by=HOST_TOWNSHIP,
            organisation_id=NEXT_TOWNSHIP.id,
            held_on=TODAY,
            present="外县乙、外县丙",
        )
        commands.place_members(
            by=HOST_TOWNSHIP,
            placings=[Placing(first.id, NEXT_BRANCH.id, "就近", NEXT_BRANCH.id)],
            sitting_id=sitting,
        )
        commands.close_sitting(by=HOST_TOWNSHIP, sitting_id=sitting)
        with seen_by(HOST_TOWNSHIP):
            minutes = queries.get_sitting_for(HOST_TOWNSHIP, sitting)
        assert [decision.case_id for decision in minutes.decisions] == [first.id]
        with pytest.raises(Refused) as error:
            commands.place_members(
                by=HOST_TOWNSHIP,
                placings=[Placing(second.id, NEXT_BRANCH.id, "")],
                sitting_id=sitting,
            )
        assert refusal(error) == "sitting-closed"


class TestLeaving:
    def test_a_transfer_with_its_slip_changes_the_home_and_the_old_home_keeps_the_record(
        self,
    ) -> None:
        case = placed()
        begun = commands.take_step(by=HOME, case_id=case.id, act="begin_transfer")
        assert (begun.state, begun.answers) == ("transferring", "home")
        ended = commands.complete_transfer(by=HOST, case_id=case.id)
        assert (ended.state, ended.end_reason) == ("transferred", "transferred")
        with seen_by(HOST):
            file = member_queries.get_member_for(HOST, case.member_id)
            assert (file.home_path, file.home_organisation_id) == (NEXT_BRANCH.path, NEXT_BRANCH.id)
        assert sees(HOME, case.id)

    def test_a_transfer_is_cancelled_and_the_stay_goes_on(self) -> None:
        case = placed()
        commands.take_step(by=HOME, case_id=case.id, act="begin_transfer")
        assert commands.take_step(by=HOME, case_id=case.id, act="cancel_transfer").state == "placed"

    def test_moving_on_carries_the_history_to_the_next_host(self) -> None:
        case = placed()
        onward = commands.move_on(
            by=HOST, case_id=case.id, stay=Stay(), next_host_organisation_id=OTHER_BRANCH.id
        )
        assert (onward.state, onward.answers) == ("notified", "host")
        with seen_by(HOME_TOWNSHIP):
            events = [event.event for event in queries.events_of(HOME_TOWNSHIP, onward.id)]
        assert {"take_in", "place", "move_on"} <= set(events)
        assert sees(HOST, case.id)
        assert not sees(HOST, onward.id)

    def test_moving_on_without_a_next_host_leaves_home_to_find_out(self) -> None:
        onward = commands.move_on(by=HOST, case_id=placed().id, stay=Stay(host_text="浙江省"))
        assert (onward.state, onward.answers, onward.host_text) == ("declared", "home", "浙江省")

    def test_coming_home_ends_the_stay_for_both(self) -> None:
        case = placed()
        ended = commands.take_step(by=HOME, case_id=case.id, act="come_home")
        assert (ended.state, ended.ended_on) == ("returned", TODAY)
        assert sees(HOST, case.id)

    def test_a_slip_from_a_host_outside_counts_as_claimed_and_home_records_the_transfer(
        self,
    ) -> None:
        case = declared(host=None)
        accepted = commands.take_step(by=HOME, case_id=case.id, act="slip_accepted")
        assert (accepted.state, accepted.is_claimed, accepted.answers) == ("placed", True, "home")
        commands.take_step(by=HOME, case_id=case.id, act="begin_transfer")
        ended = commands.complete_transfer(by=HOME, case_id=case.id)
        assert ended.state == "transferred"
        with seen_by(HOME):
            assert member_queries.get_member_for(HOME, case.member_id).home_path == BRANCH.path


class TestWhatIsOnlySaidByPeople:
    def test_contact_is_lost_when_a_person_says_so_and_found_again(self) -> None:
        case = placed()
        assert case.contact_lost_since is None
        lost = commands.mark_contact_lost(
            by=HOST, case_id=case.id, since=date(2025, 8, 1), reason="电话停机，家人不知去向"
        )
        assert lost.contact_lost_since == date(2025, 8, 1)
        assert lost.state == "placed"
        found = commands.mark_contact_lost(by=HOME, case_id=case.id, since=None, reason="来电")
        assert found.contact_lost_since is None

    def test_a_day_in_the_future_is_refused(self) -> None:
        with pytest.raises(Refused) as error:
            commands.mark_contact_lost(
                by=HOME, case_id=placed().id, since=TODAY + timedelta(days=1), reason="x"
            )
        assert refusal(error) == "in-future"


class TestTwoAtOnce:
    @pytest.mark.parametrize("act", ["take_in", "not_here"])
    def test_a_step_on_a_version_that_has_passed_is_a_conflict(self, act: str) -> None:
        case = declared()
        commands.mark_contact_lost(by=HOME, case_id=case.id, since=TODAY, reason="停机")
        with pytest.raises(Conflict):
            commands.take_step(by=HOST, case_id=case.id, act=act, version=case.version)

    def test_the_database_holds_one_open_stay_of_each_member(self) -> None:
        case = declared()
        with seen_by_the_database():
            open_ones = Case.objects.filter(member_id=case.member_id, ended_on__isnull=True)
            assert open_ones.count() == 1


def test_every_act_leaves_an_audit_row_with_who_and_on_whom() -> None:
    case = placed()
    commands.take_step(by=HOME, case_id=case.id, act="come_home", reason="回乡")
    with seen_by_the_database():
        rows = AuditRow.objects.filter(subject_kind="case", subject_id=case.id).order_by("id")
        written = [(row.action, row.actor_name) for row in rows]
        assert rows.last().reason == "回乡"  # type: ignore[union-attr]
    assert written == [
        ("flows.declare_case", HOME.name),
        ("flows.take_step", HOST.name),
        ("flows.place_members", HOST_TOWNSHIP.name),
        ("flows.take_step", HOME.name),
    ]


def test_what_is_owed_is_listed_to_the_side_that_owes_it() -> None:
    case = declared()
    with seen_by(HOST):
        assert [one.id for one in queries.open_answers_for(HOST)] == [case.id]
    with seen_by(HOME):
        assert queries.open_answers_for(HOME) == []
