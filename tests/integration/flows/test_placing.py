"""A member placed with one tap: what is said afterwards, and how a slip is taken back."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import NEXT_BRANCH, NEXT_TOWNSHIP, OUTSIDERS
from tests.integration.flows.conftest import (
    HOST,
    HOST_TOWNSHIP,
    declared,
    newcomer,
    placed,
    seen_by,
    signed_in,
)

from guiyan.flows import commands, queries
from guiyan.flows.types import CaseFacts, Placing, Stay
from guiyan.liaison import commands as liaison
from guiyan.liaison import contacts
from guiyan.liaison import queries as liaison_queries
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, Refused

pytestmark = pytest.mark.django_db

HOST_LIAISON = OUTSIDERS["liaison"]


def verified() -> CaseFacts:
    return commands.take_step(by=HOST, case_id=declared(member=newcomer()).id, act="take_in")


def by_slip(browser: Client, case: CaseFacts) -> str:
    """One tap in the list; the address to which it leads."""
    answer = browser.post(
        reverse("flows:place", args=[case.id]), {"branch_id": str(NEXT_BRANCH.id)}
    )
    return str(answer.headers["Location"])


def refusal(case: CaseFacts, by: Actor = HOST_TOWNSHIP) -> str:
    with pytest.raises(Refused) as error:
        commands.undo_placement(by=by, case_id=case.id)
    return error.value.code


class TestAfterOneTap:
    def test_the_list_says_where_the_member_went_and_who_is_next(self, client: Client) -> None:
        first, second = verified(), verified()
        browser = signed_in(HOST_TOWNSHIP, client)
        page = browser.get(by_slip(browser, first)).content.decode()
        assert f"阿力木呷已编入{NEXT_BRANCH.name}" in page
        assert reverse("members:file", args=[first.member_id]) in page
        assert reverse("flows:undo_placement", args=[first.id]) in page
        assert "下一名：阿力木呷" in page
        assert reverse("flows:case", args=[second.id]) in page

    def test_an_address_typed_by_hand_says_nothing(self, client: Client) -> None:
        browser = signed_in(HOST_TOWNSHIP, client)
        for wrong in ("nonsense", str(verified().id)):
            page = browser.get(reverse("flows:placement") + f"?placed={wrong}").content.decode()
            assert "undo-placement" not in page

    def test_what_hangs_on_it_is_said_instead_of_the_button(self, client: Client) -> None:
        case = verified()
        browser = signed_in(HOST_TOWNSHIP, client)
        shown = by_slip(browser, case)
        contacts.record_contact(by=HOST_LIAISON, case_id=case.id, how="call", was_reached=True)
        page = browser.get(shown).content.decode()
        assert "编入之后已有联系记录" in page
        assert reverse("flows:undo_placement", args=[case.id]) not in page


class TestTakingBack:
    def test_the_member_waits_again_with_the_organisation_of_before(self, client: Client) -> None:
        before = verified()
        browser = signed_in(HOST_TOWNSHIP, client)
        by_slip(browser, before)
        browser.post(reverse("flows:undo_placement", args=[before.id]))
        with seen_by(HOST):
            after = queries.get_case_for(HOST, before.id)
        assert (after.state, after.answers, after.placed_on) == ("verified", "host", None)
        assert after.host_organisation_id == before.host_organisation_id
        with seen_by(HOST_TOWNSHIP):
            assert [case.id for case in queries.unplaced_for(HOST_TOWNSHIP)] == [before.id]

    def test_from_a_committee_back_to_the_committee(self) -> None:
        case = commands.claim_case(
            by=HOST_TOWNSHIP,
            member_id=newcomer(HOST_TOWNSHIP, home=None, host=NEXT_TOWNSHIP, home_text="外省").id,
            stay=Stay(),
            host_organisation_id=NEXT_TOWNSHIP.id,
        )
        commands.place_members(by=HOST_TOWNSHIP, placings=[Placing(case.id, NEXT_BRANCH.id, "近")])
        after = commands.undo_placement(by=HOST_TOWNSHIP, case_id=case.id)
        assert after.host_organisation_id == NEXT_TOWNSHIP.id

    def test_not_once_a_contact_person_is_named(self, client: Client) -> None:
        case = placed()
        signed_in(HOST_LIAISON, client)
        with seen_by(HOST):
            candidate = liaison_queries.candidates_for(HOST, case.id)[0]
        liaison.assign_contact_person(by=HOST, case_id=case.id, account_id=candidate.account_id)
        assert refusal(case) == "hangs"

    def test_not_once_a_paper_was_issued_unless_it_was_withdrawn(self) -> None:
        case = placed()
        letter = commands.issue_letter(by=HOST, case_id=case.id, kind="certificate")
        assert refusal(case) == "hangs"
        commands.withdraw_letter(by=HOST, letter_id=letter, reason="开错了")
        assert commands.undo_placement(by=HOST_TOWNSHIP, case_id=case.id).state == "verified"

    def test_not_over_a_later_step(self) -> None:
        case = placed()
        commands.mark_contact_lost(by=HOST, case_id=case.id, since=date(2026, 1, 5), reason="停机")
        assert refusal(case) == "not-latest"

    def test_not_what_stands_in_minutes(self) -> None:
        case = verified()
        sitting = commands.open_sitting(
            by=HOST_TOWNSHIP,
            organisation_id=NEXT_TOWNSHIP.id,
            held_on=date(2026, 3, 2),
            present="外县乙",
        )
        commands.hold_sitting(
            by=HOST_TOWNSHIP,
            sitting_id=sitting,
            placings=[Placing(case.id, NEXT_BRANCH.id, "近")],
            left_open=[],
        )
        assert refusal(case) == "in-minutes"

    def test_a_secretary_does_not_take_back(self) -> None:
        with pytest.raises(Forbidden):
            commands.undo_placement(by=HOST, case_id=placed().id)


class TestSuggestions:
    def test_a_branch_in_which_nobody_could_keep_in_touch_is_marked(self, client: Client) -> None:
        case = verified()
        browser = signed_in(HOST_TOWNSHIP, client)
        said = "这个支部还没有人能当联系人"
        assert said in browser.get(reverse("flows:placement")).content.decode()
        signed_in(HOST_LIAISON, Client())
        assert said not in browser.get(reverse("flows:place", args=[case.id])).content.decode()
