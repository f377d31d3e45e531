"""Reading, routing, merging, admission and packets, without a database."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people import invented_id

from guiyan.field.rules import packets, reading, routing, states
from guiyan.field.rules.admission import LONGEST_S, SHORTEST_S, Gate
from guiyan.kernel import boxes
from guiyan.kernel.three_way import three_way
from guiyan.platform.errors import Refusal

DOC = Path(__file__).parents[3] / "docs" / "offline.md"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_anything_that_comes_is_read_or_refused_and_never_breaks(given_: object) -> None:
    assert isinstance(reading.read(given_), Refusal)
    reading.id_of(given_)


@given(st.text(max_size=60))
def test_whatever_a_clock_says_has_an_answer(said: str) -> None:
    assert abs(reading.skew_s(said, datetime.now(UTC))) <= 4_000_000_000


@given(st.integers(-400, 400))
def test_a_skew_of_days_is_measured(days: int) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    said = (now + timedelta(days=days)).isoformat()
    assert reading.skew_s(said, now) == days * 86400
    assert reading.is_flagged(days * 86400) is (days != 0)


FIELDS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3))


@given(FIELDS, FIELDS, st.sets(st.sampled_from("abcd")))
def test_merging_loses_no_value_silently(
    wanted: dict[str, int], current: dict[str, int], changed: set[str]
) -> None:
    """Each wanted value is written, stands there already, or is kept beside the one that is here."""
    merge = three_way(wanted, current, changed)
    for name, value in wanted.items():
        if merge.kept:
            assert merge.take == {}
        else:
            assert merge.take.get(name, current.get(name)) == value
    for name, both in merge.kept.items():
        assert name in changed and both == {"here": current.get(name), "phone": wanted[name]}


RIGHTS = st.builds(
    routing.Right,
    standing=st.sampled_from(["live", "revoked", "expired", "without_role"]),
    may=st.booleans(),
    needs_area=st.booleans(),
    has_area=st.booleans(),
    packet=st.sampled_from(["good", "missing", "forged", "expired"]),
    carried_unsigned=st.booleans(),
)


@given(RIGHTS)
def test_only_who_may_today_and_has_the_area_is_applied_without_a_person(
    right: routing.Right,
) -> None:
    is_clear = right.standing == "live" and right.may and not right.carried_unsigned
    is_there = not right.needs_area or (right.has_area and right.packet == "good")
    assert (routing.quarantine_reason(right) == "") == (is_clear and is_there)


def test_a_successor_waits_until_its_predecessor_is_done() -> None:
    one = uuid4()
    ways = [
        routing.way_of("", after=one, states=seen)
        for seen in ({}, {one: "held"}, {one: "conflict"}, {one: "declined"}, {one: "applied"})
    ]
    assert [(way.route, way.code) for way in ways] == [
        ("hold", "predecessor-missing"),
        ("hold", "predecessor-waits"),
        ("hold", "predecessor-waits"),
        ("quarantine", "predecessor-declined"),
        ("apply", ""),
    ]


def test_a_thousand_phones_at_once_are_through_within_ten_minutes_and_never_pile_up() -> None:
    """Each comes back when it was told; the gate has its own clock here."""
    gate, dice = Gate(per_s=12, burst=40, at_once=4), random.Random(3)
    coming = [(dice.random(), phone) for phone in range(1000)]
    through: dict[int, float] = {}
    inside: list[float] = []
    while coming:
        coming.sort()
        now, phone = coming.pop(0)
        for ends in [ends for ends in inside if ends <= now]:
            inside.remove(ends)
            gate.leave()
        if wait := gate.enter(now, dice.random()):
            assert SHORTEST_S <= wait <= LONGEST_S
            coming.append((now + wait, phone))
        else:
            inside.append(now + 0.05)
            assert len(inside) <= 4
            through[phone] = now
    assert len(through) == 1000
    assert max(through.values()) < 600


def test_those_turned_away_together_are_told_different_times() -> None:
    gate = Gate(per_s=10, burst=1, at_once=1)
    waits = [gate.enter(0.0, 0.5) for _ in range(200)][1:]
    assert waits == sorted(waits)
    assert len(set(waits)) > 15


def test_an_id_number_anywhere_in_a_page_is_found() -> None:
    assert packets.may_leave(f'{{"note":"找{invented_id()}的"}}') == packets.HAS_ID_NUMBER
    assert packets.may_leave('{"id":"01234567-8901-4345-8789-012345678901"}') is None


def test_a_box_opens_with_its_key_and_context_only() -> None:
    secret, other = b"\x07" * 32, b"\x09" * 32
    box = boxes.seal_box(b"x", key_id="0a0a0a0a", point=boxes.public_point(secret), context="a|b")
    assert boxes.open_box(box, secret=secret, context="a|b") == b"x"
    for key, context in ((other, "a|b"), (secret, "a|c")):
        with pytest.raises(boxes.BoxBroken):
            boxes.open_box(box, secret=key, context=context)


@given(st.text(max_size=300))
def test_no_text_breaks_the_opening(text: str) -> None:
    with pytest.raises(boxes.BoxBroken):
        boxes.open_box(text, secret=b"\x07" * 32, context="a|b")


def test_the_drawing_of_states_is_that_of_the_code() -> None:
    assert "\n".join(states.drawn()) in DOC.read_text(encoding="utf-8")
