"""The case's rules, by example and by property."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.flows import rules
from guiyan.flows.rules import CASE_MACHINE, BranchFacts, CaseAct, CaseState, PersonFacts, Sides
from guiyan.flows.verifying import mask_name
from guiyan.kernel.findings import Phrase

DRAWING = Path(__file__).parents[3] / "docs" / "case.md"

HOME_ONLY, HOST_ONLY = Sides(is_home=True, is_host=False), Sides(is_home=False, is_host=True)
NEITHER, BOTH = Sides(is_home=False, is_host=False), Sides(is_home=True, is_host=True)
states = st.sampled_from(list(CaseState))
acts = st.sampled_from(list(CaseAct))
anybody = st.builds(Sides, is_home=st.booleans(), is_host=st.booleans())


class TestTheStates:
    @given(states)
    def test_in_every_open_state_exactly_one_side_answers(self, state: CaseState) -> None:
        expected = {"nobody"} if state in rules.ENDED else {"home", "host"}
        assert CASE_MACHINE.answers(state) in expected

    @given(states, st.booleans(), st.booleans())
    def test_who_does_not_use_this_system_is_never_waited_for(
        self, state: CaseState, home_is_here: bool, host_is_here: bool
    ) -> None:
        answering = rules.who_answers(state, home_is_here=home_is_here, host_is_here=host_is_here)
        if state in rules.ENDED:
            assert answering == "nobody"
        elif home_is_here and not host_is_here:
            assert answering == "home"
        elif host_is_here and not home_is_here:
            assert answering == "host"

    def test_what_has_ended_stays_ended(self) -> None:
        for state in rules.ENDED:
            assert not CASE_MACHINE.allowed(state)

    @given(states)
    def test_an_open_case_can_always_come_to_an_end(self, state: CaseState) -> None:
        reached, waiting = set(), [state]
        while waiting:
            here = waiting.pop()
            if here not in reached:
                reached.add(here)
                waiting += [rules.next_state(here, CaseAct(a)) for a in CASE_MACHINE.allowed(here)]
        assert reached & rules.ENDED

    def test_every_state_with_a_day_to_answer_by_has_its_parameter(self) -> None:
        assert set(rules.ANSWER_WITHIN) == set(rules.OPEN) - {CaseState.PLACED}

    def test_the_drawing_in_the_docs_is_up_to_date(self) -> None:
        how = "python -c 'from guiyan.flows.rules import drawing; print(drawing(), end=str())' > docs/case.md"
        assert DRAWING.read_text("utf-8") == rules.drawing(), f"write it anew: {how}"


class TestWhoMayAct:
    @given(acts, states)
    def test_who_stands_on_neither_side_may_nothing(self, act: CaseAct, state: CaseState) -> None:
        assert rules.may_act(act, state, NEITHER, home_is_outside=False) is not None

    @given(acts, states, anybody)
    def test_an_act_that_does_not_belong_to_the_state_is_refused_to_all(
        self, act: CaseAct, state: CaseState, sides: Sides
    ) -> None:
        refusal = rules.may_act(act, state, sides, home_is_outside=False)
        if act not in CASE_MACHINE.allowed(state):
            assert refusal is not None
            assert refusal.code == "not-now"

    @given(acts, states)
    def test_who_stands_above_both_sides_may_all_that_the_state_allows(
        self, act: CaseAct, state: CaseState
    ) -> None:
        refusal = rules.may_act(act, state, BOTH, home_is_outside=False)
        assert (refusal is None) == (act in CASE_MACHINE.allowed(state))

    @pytest.mark.parametrize(
        ("act", "state", "who"),
        [
            (CaseAct.TAKE_IN, CaseState.NOTIFIED, HOST_ONLY),
            (CaseAct.NOT_HERE, CaseState.NOTIFIED, HOST_ONLY),
            (CaseAct.CONFIRM, CaseState.CLAIMED, HOME_ONLY),
            (CaseAct.DENY, CaseState.CLAIMED, HOME_ONLY),
            (CaseAct.PLACE, CaseState.VERIFIED, HOST_ONLY),
            (CaseAct.BEGIN_TRANSFER, CaseState.PLACED, HOME_ONLY),
            (CaseAct.COMPLETE_TRANSFER, CaseState.TRANSFERRING, HOST_ONLY),
        ],
    )
    def test_an_act_is_one_sides_alone(self, act: CaseAct, state: CaseState, who: Sides) -> None:
        other = Sides(is_home=who.is_host, is_host=who.is_home)
        assert rules.may_act(act, state, who, home_is_outside=False) is None
        refusal = rules.may_act(act, state, other, home_is_outside=False)
        assert refusal is not None
        assert refusal.code == "not-yours"

    def test_where_home_is_outside_the_host_confirms_with_the_slip_in_hand(self) -> None:
        assert not rules.may_act(
            CaseAct.CONFIRM, CaseState.CLAIMED, HOST_ONLY, home_is_outside=True
        )

    def test_where_the_host_is_outside_home_records_its_receipt_and_places_nobody(self) -> None:
        outside = {"home_is_outside": False, "host_is_outside": True}
        assert not rules.may_act(
            CaseAct.COMPLETE_TRANSFER, CaseState.TRANSFERRING, HOME_ONLY, **outside
        )
        assert rules.may_act(CaseAct.PLACE, CaseState.PLACED, HOME_ONLY, **outside)


class TestBeingAway:
    def test_six_calendar_months_make_a_mobile_member_and_so_does_not_knowing(self) -> None:
        limit = date(2025, 9, 2)
        assert rules.counts_as_mobile(limit, limit)
        assert rules.counts_as_mobile(None, limit)
        assert not rules.counts_as_mobile(date(2025, 9, 3), limit)

    def test_contact_is_not_lost_in_the_future_nor_in_a_stay_that_is_over(self) -> None:
        today = date(2026, 3, 2)
        assert rules.may_mark_lost(CaseState.PLACED, today, today) is None
        assert rules.may_mark_lost(CaseState.PLACED, date(2026, 3, 3), today)
        assert rules.may_mark_lost(CaseState.RETURNED, today, today)

    @given(states)
    def test_only_a_stay_that_no_host_has_taken_in_gives_way_to_a_claim(
        self, state: CaseState
    ) -> None:
        gives_way = state in (CaseState.DECLARED, CaseState.NOTIFIED)
        assert (rules.may_fold(state) is None) == gives_way


NEAR = BranchFacts("甲支部", km=2.0, same_village=False, trades=(), languages=(), size=3)
PERSON = PersonFacts("建筑", ("han", "yi"))
branches = st.builds(
    BranchFacts,
    name=st.just("支部"),
    km=st.none() | st.floats(0, 500),
    same_village=st.booleans(),
    trades=st.sampled_from([(), ("建筑",), ("餐饮",)]),
    languages=st.sampled_from([(), ("han",), ("yi", "han")]),
    size=st.integers(0, 80),
)


def score(branch: BranchFacts) -> float:
    return rules.placement_score(PERSON, branch, size_limit=50)


class TestSuggestions:
    @given(branches, st.floats(1, 100))
    def test_all_else_equal_the_nearer_branch_comes_first(
        self, branch: BranchFacts, further: float
    ) -> None:
        near = replace(branch, km=branch.km or 0.0)
        assert score(near) < score(replace(near, km=(near.km or 0) + further))

    @given(branches)
    def test_a_common_trade_or_language_never_counts_against(self, branch: BranchFacts) -> None:
        assert score(replace(branch, trades=("建筑",))) <= score(branch)
        assert score(replace(branch, languages=("yi",))) <= score(replace(branch, languages=()))

    @given(branches)
    def test_a_full_branch_comes_after_the_same_one_with_room(self, branch: BranchFacts) -> None:
        assert score(replace(branch, size=49)) < score(replace(branch, size=50))

    def test_the_reason_says_what_was_weighed(self) -> None:
        branch = replace(NEAR, trades=("建筑",), languages=("yi",), size=50)
        assert rules.placement_reason(PERSON, branch, size_limit=50) == [
            Phrase("相距约 %(km)s 公里", {"km": "2.0"}),
            Phrase("同行业（%(trade)s）", {"trade": "建筑"}),
            Phrase("会%(languages)s", {"languages": ("彝语",)}),
            Phrase("现有 %(size)s 名流动党员", {"size": 50}),
            Phrase("已达 %(limit)s 人上限", {"limit": 50}),
        ]

    def test_everybody_manages_some_han_so_it_is_no_reason(self) -> None:
        reasons = rules.placement_reason(PERSON, replace(NEAR, languages=("han",)), size_limit=50)
        assert not any("languages" in reason.values for reason in reasons)

    def test_distance_between_two_county_towns(self) -> None:
        meigu, zhaojue = (103.132, 28.329), (102.843, 28.014)
        assert rules.km_between(meigu, zhaojue) == pytest.approx(45.0, abs=1.0)

    @given(
        st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
        st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    )
    def test_distance_is_the_same_both_ways_and_at_most_half_the_earth(
        self, here: tuple[float, float], there: tuple[float, float]
    ) -> None:
        km = rules.km_between(here, there)
        assert km == pytest.approx(rules.km_between(there, here))
        assert 0 <= km <= 20_016


class TestSuspicion:
    def test_a_machine_is_marked_and_a_slow_person_is_not(self) -> None:
        person = rules.Typing(seconds=40, trap_is_filled=False, fills_from_address=2)
        assert rules.suspicion(person) == ""
        assert rules.suspicion(replace(person, trap_is_filled=True)) == "trap"
        assert rules.suspicion(replace(person, seconds=2)) == "too_fast"
        assert rules.suspicion(replace(person, fills_from_address=21)) == "many"


@pytest.mark.parametrize(
    ("name", "shown"), [("王伟", "王*"), ("阿力木呷", "阿***"), ("买买提·吐尔逊", "买***")]
)
def test_on_the_check_of_a_paper_a_name_is_its_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown
