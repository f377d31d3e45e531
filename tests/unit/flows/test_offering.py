"""A case's page offers exactly what the rules and permissions let through."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.cast import BRANCH, NEXT_BRANCH, OFFICIALS, OUTSIDERS

from guiyan.flows import rules
from guiyan.flows.offering import offers_for
from guiyan.flows.queries import sides_of
from guiyan.flows.rules import CaseAct, CaseState
from guiyan.flows.types import CaseFacts
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission

EVERYBODY = [*OFFICIALS.values(), *OUTSIDERS.values()]


def case_in(state: CaseState, *, home: bool = True, host: bool = True) -> CaseFacts:
    return CaseFacts(
        id=UUID(int=1), member_id=UUID(int=2), member_name="阿力木呷", trade="", state=state,
        opened_from="home", home_organisation_id=BRANCH.id if home else None,
        home_path=BRANCH.path if home else None, home_text="", home_division_code="",
        host_organisation_id=NEXT_BRANCH.id if host else None,
        host_path=NEXT_BRANCH.path if host else None, host_text="", host_division_code="",
        stay_division_code="", left_on=None, left_precision="day", reason_away="",
        has_certificate=None, search_method="", answers="home", answer_by=None,
        contact_lost_since=None, opened_on=date(2026, 3, 2), claimed_on=None, placed_on=None,
        ended_on=None, end_reason="", version=1, is_abroad=False,
    )  # fmt: skip


@given(
    st.sampled_from(EVERYBODY),
    st.sampled_from(list(CaseState)),
    st.sampled_from([(True, True), (True, False), (False, True)]),
)
def test_what_is_offered_would_not_be_refused(
    actor: Actor, state: CaseState, here: tuple[bool, bool]
) -> None:
    case = case_in(state, home=here[0], host=here[1])
    for offer in offers_for(actor, case):
        refusal = rules.may_act(
            CaseAct(offer.act),
            state,
            sides_of(actor, case),
            home_is_outside=not here[0],
            host_is_outside=not here[1],
        )
        assert refusal is None
        assert actor.may(Permission.ANSWER_CASES) or actor.may(Permission.PLACE_MEMBERS)


@given(st.sampled_from(EVERYBODY), st.sampled_from(list(CaseState)))
def test_at_most_one_button_stands_out(actor: Actor, state: CaseState) -> None:
    tones = [offer.tone for offer in offers_for(actor, case_in(state))]
    assert tones.count("primary") <= 1


def acts(role: str, state: CaseState, *, outsider: bool = False) -> set[str]:
    actor = (OUTSIDERS if outsider else OFFICIALS)[role]
    return {offer.act for offer in offers_for(actor, case_in(state))}


def test_a_notified_hosts_secretary_may_answer_and_homes_may_only_call_back() -> None:
    assert acts("branch_secretary", CaseState.NOTIFIED, outsider=True) >= {"take_in", "not_here"}
    assert acts("branch_secretary", CaseState.NOTIFIED) == {"come_home", "withdraw"}


def test_a_committee_places_and_a_secretary_does_not() -> None:
    assert "place" in acts("township_officer", CaseState.VERIFIED, outsider=True)
    assert "place" not in acts("branch_secretary", CaseState.VERIFIED, outsider=True)


def test_who_only_looks_is_offered_nothing() -> None:
    for role in ("liaison", "city_officer", "province_officer"):
        assert acts(role, CaseState.NOTIFIED) == set()
