"""The worker's part, merges, suggestions, and what closing an organisation asks."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.cast import BRANCH, MEIGU, NEXT_BRANCH, NEXT_COUNTY, OFFICIALS, OTHER_BRANCH, TOWNSHIP
from tests.integration.flows.conftest import (
    HOME,
    HOME_TOWNSHIP,
    HOST,
    declared,
    newcomer,
    placed,
    seen_by,
    seen_by_the_database,
)

from guiyan.flows import commands, jobs, queries, suggestions
from guiyan.flows.commands import Opening
from guiyan.flows.models import CountDelta, Lead, RegisterCount
from guiyan.flows.rules import CaseState
from guiyan.flows.types import LeadSaid, Stay
from guiyan.members import commands as members
from guiyan.members import timeline
from guiyan.orgs import commands as orgs
from guiyan.orgs import queries as org_queries
from guiyan.orgs.attachments import attached
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.errors import Refused

pytestmark = pytest.mark.django_db


class TestCounts:
    def test_a_write_leaves_deltas_and_the_worker_folds_them_up_to_the_province(self) -> None:
        declared()
        with seen_by_the_database():
            assert CountDelta.objects.count() == 2
        jobs.fold_counts()
        with seen_by_the_database():
            assert not CountDelta.objects.exists()
            out = RegisterCount.objects.filter(side="out", state="notified")
            assert set(out.values_list("path", "count")) == {
                (BRANCH.path[:length], 1) for length in (4, 8, 12, 16, 20)
            }

    def test_counts_follow_an_organisation_that_moves(self) -> None:
        placed()
        jobs.fold_counts()
        with seen_by_the_database():
            orgs.move(
                by=Actor.system("test"),
                organisation_id=TOWNSHIP.id,
                parent_id=NEXT_COUNTY.id,
                reason="区划调整",
            )
        jobs.remake_counts()
        with seen_by_the_database():
            gone = RegisterCount.objects.filter(path=MEIGU.path, side="out")
            assert not gone.exists()


class TestDeadLeads:
    def _dead(self, days: int) -> UUID:
        lead = commands.take_lead(
            by=HOME,
            organisation_id=BRANCH.id,
            door="desk",
            search_method="self",
            said=LeadSaid(name="某某", phone="12000000009"),
        )
        commands.discard_leads(by=HOME, lead_ids=[lead.id], reason="not_a_member")
        with seen_by_the_database():
            Lead.objects.filter(id=lead.id).update(decided_at=now() - timedelta(days=days))
        return lead.id

    def test_after_thirty_days_what_was_said_is_gone_and_the_fact_stays(self) -> None:
        old, young = self._dead(31), self._dead(29)
        jobs.erase_dead_leads()
        with seen_by_the_database():
            gone, kept = Lead.objects.get(id=old), Lead.objects.get(id=young)
        assert (gone.sealed, gone.shown_name, gone.phone_blind, gone.phone_mask) == (
            None, "", None, "",
        )  # fmt: skip
        assert (gone.door, gone.dead_reason) == ("desk", "not_a_member")
        assert kept.sealed is not None


class TestMerges:
    def test_stays_go_along_and_come_back(self) -> None:
        kept, gone = newcomer(), newcomer()
        case = declared(member=gone)
        merge_id = members.merge_members(
            by=HOME_TOWNSHIP, kept_id=kept.id, gone_id=gone.id, reason="同一人"
        )
        with seen_by(HOME):
            assert [one.id for one in queries.cases_of_member(HOME, kept.id)] == [case.id]
        members.undo_merge(by=HOME_TOWNSHIP, merge_id=merge_id, reason="弄错了")
        with seen_by(HOME):
            assert [one.id for one in queries.cases_of_member(HOME, gone.id)] == [case.id]

    def test_two_who_are_both_away_are_not_made_one(self) -> None:
        kept, gone = newcomer(), newcomer()
        declared(member=kept)
        declared(member=gone)
        with pytest.raises(Refused) as error:
            members.merge_members(
                by=HOME_TOWNSHIP, kept_id=kept.id, gone_id=gone.id, reason="同一人"
            )
        assert error.value.code == "two-open-cases"


class TestSuggestions:
    def suggest(self, **person: object) -> list[str]:
        member = newcomer(HOME_TOWNSHIP, home=None, host=BRANCH, home_text="外省", **person)  # type: ignore[arg-type]
        case = commands.claim_case(
            by=HOME_TOWNSHIP,
            member_id=member.id,
            stay=Stay(stay_division_code=OTHER_BRANCH.division_code),
            host_organisation_id=TOWNSHIP.id,
        )
        with seen_by(HOME_TOWNSHIP):
            return [one.name for one in suggestions.suggestions_for(HOME_TOWNSHIP, case)]

    def test_the_branch_where_the_member_lives_comes_first(self) -> None:
        assert self.suggest() == [OTHER_BRANCH.name, BRANCH.name]

    def test_no_branch_outside_the_actors_part_of_the_tree_is_suggested(self) -> None:
        assert NEXT_BRANCH.name not in self.suggest()


def test_an_organisation_with_open_stays_is_named_before_it_closes() -> None:
    case = declared()
    with seen_by_the_database():
        assert attached(NEXT_BRANCH.path)["流动记录"] == 1
    commands.take_step(by=HOST, case_id=case.id, act="not_here")
    with seen_by_the_database():
        assert attached(NEXT_BRANCH.path)["流动记录"] == 0


def test_the_files_timeline_tells_the_steps_in_words() -> None:
    case = declared()
    with seen_by(HOME):
        told = [entry.text for entry in timeline.timeline_of(HOME, case.member_id)]
    assert "流出地登记了外出" in told


def test_an_import_that_is_undone_takes_back_what_nobody_has_touched() -> None:
    batch = UUID(int=7)
    county = OFFICIALS["county_officer"]
    first, second = newcomer(), newcomer()
    host = org_queries.organisation(OTHER_BRANCH.id)
    home = org_queries.organisation(BRANCH.id)
    opened = commands.open_cases(
        by=county,
        openings=[
            Opening(member=member, state=CaseState.NOTIFIED, home=home, host=host)
            for member in (first, second)
        ],
        import_batch_id=batch,
    )
    commands.take_step(by=HOME_TOWNSHIP, case_id=opened[1].id, act="take_in")
    assert commands.undo_batch(by=county, batch_id=batch, reason="选错了表") == {
        "removed": 1,
        "kept": 1,
    }
    with seen_by(county):
        assert queries.open_case_of_member(county, first.id) is None
        assert queries.open_case_of_member(county, second.id) is not None
