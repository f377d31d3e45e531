"""A branch confirms its own list, person by person; its state and the sums always agree (M9)."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast import BRANCH, MEIGU, NEXT_BRANCH, OTHER_BRANCH, TODAY, TOWNSHIP
from tests.integration.outreach.conftest import (
    CADRE,
    COUNTY,
    OFFICER,
    planned,
    seen_by,
    seen_by_the_database,
)
from tests.people import invented_id

from guiyan.field import queries as field
from guiyan.flows import commands as flows
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import Stay
from guiyan.members import commands as members
from guiyan.members.types import NewMember
from guiyan.orgs import commands as orgs
from guiyan.outreach import jobs
from guiyan.outreach.backcheck import commands as backcheck
from guiyan.outreach.census import commands, counts, queries
from guiyan.outreach.census.types import NewVisit, RoundFacts, StandingFacts
from guiyan.outreach.cli import census
from guiyan.outreach.models import BackCheck, Screened, Standing
from guiyan.outreach.screening import commands as screening
from guiyan.outreach.screening import queries as lists
from guiyan.outreach.screening import rules
from guiyan.outreach.screening.rules import Said
from guiyan.outreach.screening.types import BranchList, ListOutcome
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.web.waiting import waiting_for

pytestmark = pytest.mark.django_db

NAMES = ("木呷一", "木呷二", "木呷三")


@pytest.fixture
def people() -> list[UUID]:
    by = OFFICER
    return [
        members.register_member(
            by=by,
            new=NewMember(
                name=name,
                id_number=invented_id(born=date(1970, 1, 1 + n), sequence=800 + n),
                home_organisation_id=BRANCH.id,
            ),
        ).id
        for n, name in enumerate(NAMES)
    ]


@pytest.fixture
def round_(people: list[UUID]) -> RoundFacts:
    return commands.open_round(by=COUNTY, round_id=planned(kind="branches").id)


def branch(round_: RoundFacts, place: UUID = BRANCH.id) -> StandingFacts:
    with seen_by(COUNTY):
        return lists.branches_at(COUNTY, round_.id, [place])[0]


def listed(round_: RoundFacts) -> BranchList:
    with seen_by(CADRE):
        return lists.list_of(CADRE, branch(round_).id)


def answer(round_: RoundFacts, **said: Said) -> ListOutcome:
    by_name = {one.name: one.member_id for one in listed(round_).people}
    return screening.answer_list(
        by=CADRE,
        standing_id=branch(round_).id,
        answers={by_name[name]: one for name, one in said.items()},
    )


def fold_all() -> None:
    with transaction.atomic():
        while counts.fold():
            pass


def test_every_branch_that_holds_members_stands_and_bodies_that_do_not_stand_nowhere(
    round_: RoundFacts,
) -> None:
    with seen_by_the_database():
        places = set(
            Standing.objects.filter(round_id=round_.id).values_list("organisation_id", flat=True)
        )
    assert {BRANCH.id, OTHER_BRANCH.id} <= places
    assert TOWNSHIP.id not in places


def test_a_round_without_branches_is_refused() -> None:
    with seen_by_the_database():
        Standing.objects.all().delete()
    with pytest.raises(Refused) as refused:
        commands.open_round(
            by=COUNTY, round_id=commands.plan_round(
                by=COUNTY, organisation_id=COUNTY.organisation_id, title="空", purpose="空",
                starts_on=TODAY, ends_on=TODAY,
            ).id,
        )  # fmt: skip
    assert refused.value.code == "no-premises"


def test_the_list_is_the_branchs_own_members(round_: RoundFacts) -> None:
    assert {one.name for one in listed(round_).people} == set(NAMES)


def test_a_branch_is_partly_done_and_then_done(round_: RoundFacts) -> None:
    answer(round_, 木呷一=Said("here"))
    assert branch(round_).state == "partly"
    answer(round_, 木呷二=Said("here"), 木呷三=Said("away_short"))
    assert branch(round_).state == "screened"


def test_away_for_longer_opens_a_case_with_what_was_said_and_never_a_second(
    round_: RoundFacts, people: list[UUID]
) -> None:
    said = Said("away_long", "泸州市", TODAY - timedelta(days=300))
    assert answer(round_, 木呷一=said).opened == 1
    with seen_by(CADRE):
        case = flow_queries.open_case_of_member(CADRE, people[0])
    assert case is not None
    assert (case.host_text, case.left_on, case.search_method) == (
        "泸州市", TODAY - timedelta(days=300), "ledger",
    )  # fmt: skip
    answer(round_, 木呷一=Said("here"))
    assert answer(round_, 木呷一=said).opened == 0
    with seen_by(CADRE):
        assert len(flow_queries.cases_of_member(CADRE, people[0])) == 1


def test_who_has_a_case_already_is_ticked_as_away_and_gets_no_second_one(
    round_: RoundFacts, people: list[UUID]
) -> None:
    flows.declare_case(by=CADRE, member_id=people[1], stay=Stay(host_text="成都市"))
    person = next(one for one in listed(round_).people if one.member_id == people[1])
    assert person.suggested == "away_long"
    assert answer(round_, 木呷二=Said("away_long")).opened == 0


def test_without_whereabouts_only_that_person_is_refused(round_: RoundFacts) -> None:
    outcome = answer(round_, 木呷一=Said("away_long"), 木呷二=Said("here"))
    assert [code for code, _words in outcome.refused.values()] == ["where"]
    assert {one.name: one.answer for one in listed(round_).people}["木呷二"] == "here"
    assert branch(round_).state == "partly"


def test_who_is_not_known_where_is_looked_for_until_known_again(
    round_: RoundFacts, people: list[UUID]
) -> None:
    def owed() -> list[str]:
        with seen_by(CADRE):
            return [one.kind for one in field.open_kinds_of(CADRE, people[2], TODAY)]

    answer(round_, 木呷三=Said("not_known"))
    assert owed() == ["find"]
    answer(round_, 木呷三=Said("here"))
    assert owed() == []
    answer(round_, 木呷三=Said("not_known"))
    assert owed() == ["find"]
    with seen_by(CADRE):
        assert flow_queries.open_case_of_member(CADRE, people[2]) is None


def test_a_person_who_is_not_on_the_list_is_not_found(round_: RoundFacts) -> None:
    with pytest.raises(NotFound):
        screening.answer_list(
            by=CADRE, standing_id=branch(round_).id, answers={COUNTY.account_id: Said("here")}
        )


def test_another_branchs_list_is_not_found(round_: RoundFacts) -> None:
    other = branch(round_, OTHER_BRANCH.id).id
    with seen_by(CADRE), pytest.raises(NotFound):
        lists.list_of(CADRE, other)
    with pytest.raises(NotFound):
        screening.make_list(by=CADRE, standing_id=other)


def test_who_may_not_confirm_lists_sees_none(round_: RoundFacts) -> None:
    standing = branch(round_).id
    with seen_by(COUNTY), pytest.raises(Forbidden):
        lists.list_of(COUNTY, standing)


def test_a_branch_with_members_cannot_be_said_to_have_none(round_: RoundFacts) -> None:
    with pytest.raises(Refused) as refused:
        screening.say_of_branch(by=OFFICER, standing_id=branch(round_).id, state="no_members")
    assert refused.value.code == "members"
    other = branch(round_, OTHER_BRANCH.id).id
    assert (
        screening.say_of_branch(by=OFFICER, standing_id=other, state="no_members") == "no_members"
    )
    with pytest.raises(Refused) as refused:
        screening.say_of_branch(by=OFFICER, standing_id=other, state="merged")
    assert refused.value.code == "reason"


def test_a_visit_at_a_door_does_not_fit_a_branch(round_: RoundFacts) -> None:
    visit = NewVisit(id=UUID(int=7), standing_id=branch(round_).id, state="none_found")
    assert commands.record_visits(by=OFFICER, visits=[visit])[0].code == "state"


def test_a_printed_code_leads_to_its_person_and_to_nobody_of_another_branch(
    round_: RoundFacts,
) -> None:
    screening.make_list(by=CADRE, standing_id=branch(round_).id)
    person = listed(round_).people[0]
    number = rules.person_number(person.branch_number, person.line)
    with seen_by(CADRE):
        assert lists.person_of_code(CADRE, round_.id, number)[1] == person.member_id
        with pytest.raises(NotFound):
            lists.person_of_code(CADRE, round_.id, number + 500)
    assert screening.make_list(by=CADRE, standing_id=branch(round_).id) == 0


def test_a_closed_round_takes_no_more_answers(round_: RoundFacts) -> None:
    answer(round_, **{name: Said("here") for name in NAMES})
    with seen_by(COUNTY):
        rest = queries.standings_of_round(COUNTY, round_.id, path=MEIGU.path)
    for one in rest:
        if one.is_left:
            screening.say_of_branch(
                by=OFFICER if one.path.startswith(TOWNSHIP.path) else _as_county(),
                standing_id=one.id, state="does_not_exist", reason="已撤销",
            )  # fmt: skip
    commands.close_round(by=COUNTY, round_id=round_.id, reason="试点不复核")
    with pytest.raises(Refused) as refused:
        answer(round_, 木呷一=Said("away_short"))
    assert refused.value.code == "closed"


def _as_county() -> Actor:
    """The township's right at the county's place: who answers for bodies right below it."""
    return replace(OFFICER, scope=COUNTY.scope)


acts = st.lists(
    st.tuples(
        st.sampled_from((*rules.ANSWERS, "gone", "none", "fold")),
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=10,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts)
def test_states_and_people_add_up_at_every_level_whatever_is_said(
    round_: RoundFacts, steps: list[tuple[str, int, bool]]
) -> None:
    with transaction.atomic():
        total = len(queries_of(round_))
        for act, who, is_other in steps:
            try:
                if act == "fold":
                    fold_all()
                elif act in ("gone", "none"):
                    place = OTHER_BRANCH.id if is_other else BRANCH.id
                    state = "does_not_exist" if act == "gone" else "no_members"
                    screening.say_of_branch(
                        by=OFFICER, standing_id=branch(round_, place).id, state=state, reason="撤销"
                    )
                else:
                    answer(round_, **{NAMES[who]: Said(act, "泸州市")})
            except Refused:
                pass
            assert_adds_up(round_, total)
        transaction.set_rollback(True)


def queries_of(round_: RoundFacts) -> list[StandingFacts]:
    with seen_by(COUNTY):
        return queries.standings_of_round(COUNTY, round_.id, path=MEIGU.path, limit=1_000)


def assert_adds_up(round_: RoundFacts, total: int) -> None:
    fold_all()
    with seen_by_the_database():
        for place in (MEIGU, TOWNSHIP, BRANCH):
            rows = Standing.objects.filter(round_id=round_.id, path__startswith=place.path)
            live = Counter(rows.values_list("state", flat=True))
            said = Counter(
                counts.PERSON + one
                for one in Screened.objects.filter(path__startswith=place.path)
                .exclude(answer="")
                .values_list("answer", flat=True)
            )
            told = counts.of_bodies(round_.id, [place.path]).get(place.path, {})
            assert {k: n for k, n in told.items() if not k[:1].isdigit()} == dict(live | said)
            assert set(live) <= set(rules.STATES)
        assert Standing.objects.filter(round_id=round_.id).count() == total
    before = counts_of(round_)
    with seen_by_the_database():
        counts.remake()
    assert counts_of(round_) == before


def counts_of(round_: RoundFacts) -> dict[str, int]:
    with seen_by_the_database():
        told = counts.of_bodies(round_.id, [MEIGU.path]).get(MEIGU.path, {})
    return {cell: n for cell, n in told.items() if not cell[:1].isdigit()}


def test_who_is_looked_for_stands_on_the_list_of_searches_until_found(
    round_: RoundFacts, people: list[UUID]
) -> None:
    def sought(actor: Actor = CADRE) -> list[tuple[str, bool, bool]]:
        with seen_by(actor):
            return [(one.name, one.is_own, one.round_is_open) for one in lists.searches(actor)]

    assert sought() == []
    answer(round_, 木呷三=Said("not_known"))
    assert sought() == [("木呷三", True, True)]
    assert sought(OFFICER) == [("木呷三", False, True)]
    assert sought(COUNTY) == []
    with seen_by(CADRE):
        tasks = [one.task for one in waiting_for(CADRE)]
    assert "找到 1 名不知道在哪里的党员" in tasks
    screening.note_found(by=CADRE, member_id=people[2])
    assert sought() == []
    with pytest.raises(NotFound):
        screening.note_found(by=CADRE, member_id=people[0])


def test_who_came_after_the_branch_was_done_is_shown_as_such(round_: RoundFacts) -> None:
    answer(round_, **{name: Said("here") for name in NAMES})
    assert not listed(round_).has_newcomers
    members.register_member(
        by=OFFICER,
        new=NewMember(
            name="木呷四",
            id_number=invented_id(born=date(1971, 1, 1), sequence=811),
            home_organisation_id=BRANCH.id,
        ),
    )
    assert listed(round_).has_newcomers


def test_a_branch_that_went_into_another_is_said_to_have_merged(round_: RoundFacts) -> None:
    total = len(queries_of(round_))
    by = replace(Actor.system("测试"), today=OFFICER.today)
    orgs.merge(by=by, organisation_id=OTHER_BRANCH.id, into_id=BRANCH.id, reason="合并")
    with seen_by_the_database():  # what the worker does when organisations have merged
        counts.remake()
    jobs.mark_merged(gone_id=str(OTHER_BRANCH.id), kept_id=str(BRANCH.id))
    merged = branch(round_, OTHER_BRANCH.id)
    assert merged.state == "merged"
    assert BRANCH.name in merged.reason
    assert branch(round_).state == "not_visited"
    assert_adds_up(round_, total)
    assert screening.mark_merged(
        by=Actor.system("测试"), gone_id=OTHER_BRANCH.id, kept_id=BRANCH.id
    ) == 0  # fmt: skip


def test_who_answered_for_a_branch_that_went_elsewhere_is_still_not_the_one_who_checks() -> None:
    """Its visits lie with the branch into which it merged, its standing stays in the round."""
    township = commands.open_round(by=OFFICER, round_id=planned(OFFICER, kind="branches").id)
    standing = branch(township, OTHER_BRANCH.id)
    screening.say_of_branch(by=OFFICER, standing_id=standing.id, state=rules.NO_MEMBERS)
    by = replace(Actor.system("测试"), today=OFFICER.today)
    orgs.merge(by=by, organisation_id=OTHER_BRANCH.id, into_id=NEXT_BRANCH.id, reason="合并")
    assert backcheck.draw_back_check(by=OFFICER, round_id=township.id, share=50) == 1
    with seen_by_the_database():
        check = BackCheck.objects.get(standing_id=standing.id)
    assert check.first_account_id == OFFICER.account_id
    with pytest.raises(Refused):
        backcheck.record_back_check(by=OFFICER, check_id=check.id, state=rules.NO_MEMBERS)


def test_the_command_line_says_how_far_a_round_is_and_that_the_states_add_up(
    round_: RoundFacts,
) -> None:
    early = CliRunner().invoke(census, ["status", "--json"])
    assert (early.exit_code, json.loads(early.output)["adds_up"]) == (1, False)
    fold_all()
    answer(round_, 木呷一=Said("here"))
    fold_all()
    result = CliRunner().invoke(census, ["status", "--json"])
    told = json.loads(result.output)
    assert result.exit_code == 0
    assert told["adds_up"] and told["states"]["partly"] == 1
    assert sum(told["states"].values()) == told["total"] == told["standings"]
    assert round_.title in CliRunner().invoke(census, ["status"]).output
