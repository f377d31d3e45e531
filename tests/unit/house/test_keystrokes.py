"""The keystroke-level model counts every key, and a decision where somebody has to think."""

from typing import Any

import pytest
from tests.browser.keystrokes import (
    DECISION,
    HANDS,
    KEY,
    KEY_WITHOUT_PATTERN,
    POINTING,
    PRESS,
    reckoned,
)


def key(what: str, place: str = "number") -> dict[str, Any]:
    return {"how": "key", "what": what, "place": place}


def put(what: str, place: str) -> dict[str, Any]:
    return {"how": "input", "what": what, "place": place}


def point(place: str = "") -> dict[str, Any]:
    return {"how": "point", "what": "", "place": place}


def test_a_number_and_an_enter_are_two_decisions_and_a_hand_from_the_telephone() -> None:
    typed = [key("1"), put("", "number"), key("2"), put("", "number"), key("Enter")]
    found = reckoned(typed)
    assert found.fields == {"number"}
    assert found.seconds == pytest.approx(HANDS + 2 * DECISION + 2 * KEY_WITHOUT_PATTERN + KEY)


def test_going_on_to_the_next_field_takes_a_key_and_no_thought() -> None:
    one = reckoned([key("a")])
    on = reckoned([key("a"), key("Tab")])
    assert on.seconds - one.seconds == pytest.approx(KEY)


def test_a_chinese_character_is_its_pinyin_and_the_key_that_chooses_it() -> None:
    found = reckoned([put("木呷", "name")])  # mu, ga
    assert found.keys == len("mu ") + len("ga ")
    assert found.decisions == 1


def test_each_thing_pointed_at_is_decided_about_by_itself() -> None:
    found = reckoned([point(), point(), key("a")])
    assert found.seconds == pytest.approx(2 * HANDS + 3 * DECISION + 2 * (POINTING + PRESS) + KEY)
