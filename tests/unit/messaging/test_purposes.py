"""What the house says of itself betrays nobody, fits one SMS part or two, and has a name."""

import pytest

from guiyan.messaging.purposes import declared, is_well_formed
from guiyan.messaging.rules import BY_A_PERSON, betrays, ladder_of, may_send
from guiyan.messaging.words import EXAMPLE, FACT, PURPOSE

PURPOSES = list(declared().values())


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda one: one.code)
def test_its_texts_may_be_read_by_anybody_holding_the_phone(purpose: object) -> None:
    assert may_send(purpose.texts) is None  # type: ignore[attr-defined]
    assert not betrays(purpose.texts.call)  # type: ignore[attr-defined]


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda one: one.code)
def test_each_gap_has_a_fact_and_each_fact_a_label_and_an_example(purpose: object) -> None:
    assert is_well_formed(purpose.texts, purpose.facts)  # type: ignore[attr-defined]
    assert set(purpose.facts) <= set(EXAMPLE)  # type: ignore[attr-defined]
    assert set(purpose.facts) <= {*FACT, "code"}  # type: ignore[attr-defined]


def test_what_a_person_sends_by_hand_ends_with_somebody_who_calls_or_the_own_page() -> None:
    assert {one.ladder[-1] for one in PURPOSES if not one.is_program} <= BY_A_PERSON | {"inbox"}
    assert set(PURPOSE) == {one.code for one in PURPOSES}


def test_who_chose_their_page_or_a_call_gets_nothing_else() -> None:
    usual = ("wechat", "sms", "call_list")
    assert ladder_of(usual, "inbox") == ("inbox",)
    assert ladder_of(usual, "call_list") == ("call_list",)
    assert ladder_of(usual, "sms") == ("sms", "wechat", "call_list")
    assert ladder_of(usual, "") == usual
