"""Over a landscape nobody is left over while there is room, and the gap holds for all pairs."""

from array import array

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.kernel import assignment_ground as ground
from guiyan.kernel import assignment_match as matching
from guiyan.kernel.assignment import NOBODY, Arcs, Land, Points, Terms, match

TERMS = Terms(
    k=3, unknown=20_000, reach=150_000, broken=100_000, trade=500, moving=10**6, crowding=0
)


def a_landscape(seed, people, places, room, *, yi=0.2, unknown=0.0, present=None):
    """Clustered people and places; some people speak only Yi, some places Han only."""
    chance = numpy.random.default_rng(seed)
    towns = 103 + chance.random((4, 2))

    def around(count):
        points = towns[chance.integers(0, 4, count)] + chance.normal(0, 0.02, (count, 2))
        points[chance.random(count) < unknown] = numpy.nan
        return ground.ball(points[:, 0], points[:, 1] - 75)

    capacity = numpy.bincount(chance.integers(0, places, room), minlength=places)
    none = numpy.zeros(0, dtype="i4")
    return matching.Landscape(
        people=around(people),
        places=around(places),
        capacity=capacity.astype("i4"),
        person_class=(chance.random(people) < yi).astype("i4"),
        place_class=(chance.random(places) < 0.4).astype("i4"),
        class_cost=numpy.array([[0, 0], [-1, 0]]),
        person_trade=numpy.full(people, NOBODY),
        place_trade=numpy.full(places, NOBODY),
        present=numpy.full(people, NOBODY) if present is None else present,
        near=(none, none, none),
        terms=TERMS,
    )


def taken(net, arc_of):
    return numpy.where(arc_of >= 0, net.place[arc_of], NOBODY)


@pytest.fixture
def few_candidates(monkeypatch):
    """Small landscapes take the way of large ones."""
    monkeypatch.setattr(matching, "ALL_PAIRS", 0)


@given(st.integers(0, 10_000), st.integers(20, 120), st.integers(3, 12), st.floats(1.0, 1.5))
@settings(max_examples=40)
def test_nobody_is_left_over_or_over_a_limit_and_the_bound_holds_for_all_pairs(
    seed, people, places, room
):
    land = a_landscape(seed, people, places, int(people * room), unknown=0.1, yi=0.0)
    everything, net, _, arc_of = matching.matched(land)
    limit_before, matching.ALL_PAIRS = matching.ALL_PAIRS, 0
    try:
        found, near_net, _, near_arc_of = matching.matched(land)
    finally:
        matching.ALL_PAIRS = limit_before
    for a_net, arcs in ((net, arc_of), (near_net, near_arc_of)):
        filled = numpy.bincount(taken(a_net, arcs), minlength=places)
        assert (filled <= land.capacity).all()
        assert (arcs >= 0).all()
    assert everything["cost"] == everything["bound"]
    assert found["bound"] <= everything["cost"]


@given(st.integers(0, 10_000), st.integers(20, 120), st.integers(3, 40))
@settings(max_examples=40)
def test_many_languages_leave_nobody_over_either_also_in_parts(seed, people, places):
    land = a_landscape(seed, people, places, people + 2, unknown=0.1, yi=0.5)
    before = matching.ALL_PAIRS, matching.SOLVED_AGAIN
    matching.ALL_PAIRS = matching.SOLVED_AGAIN = 0
    try:
        _, net, _, arc_of = matching.matched(land)
    finally:
        matching.ALL_PAIRS, matching.SOLVED_AGAIN = before
    assert (arc_of >= 0).all()
    assert (net.person[arc_of] == numpy.arange(people)).all()
    assert (numpy.bincount(taken(net, arc_of), minlength=places) <= land.capacity).all()


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_with_too_little_room_just_as_many_are_left_over_as_there_is_room_missing(seed):
    land = a_landscape(seed, 40, 5, 31)
    found, *_ = matching.matched(land)
    assert found["left_over"] == 9


def test_the_language_is_kept_while_anybody_with_it_has_room(few_candidates):
    land = a_landscape(3, 60, 10, 120)
    _, net, _, arc_of = matching.matched(land)
    place = taken(net, arc_of)
    room = land.capacity[land.place_class == 1].sum()
    assert (land.person_class == 1).sum() < room
    assert (land.place_class[place[land.person_class == 1]] == 1).all()


def test_running_it_again_moves_nobody_and_one_who_leaves_moves_only_their_own(few_candidates):
    land = a_landscape(5, 80, 8, 160)
    _, net, _, arc_of = matching.matched(land)
    first = taken(net, arc_of)
    again = a_landscape(5, 80, 8, 160, present=first)
    _, net, _, arc_of = matching.matched(again)
    assert (taken(net, arc_of) == first).all()
    again.capacity[2] = 0
    _, net, _, arc_of = matching.matched(again)
    moved = taken(net, arc_of) != first
    assert (moved == (first == 2)).all()


@pytest.mark.parametrize(("beside", "places"), [(2, [1, 2, 0]), (0, [1])])
def test_a_landscape_asks_the_solvers_process_and_gets_as_many_next_best_as_are_wanted(
    beside, places
):
    nothing = array("i")
    land = Land(
        people=Points(array("d", [103.0]), array("d", [28.0])),
        places=Points(array("d", [103.3, 103.1, 103.2]), array("d", [28.0, 28.0, 28.0])),
        capacity=array("i", [1, 1, 1]),
        person_class=array("i", [0]),
        place_class=array("i", [0, 0, 0]),
        class_cost=array("q", [0]),
        person_trade=array("i", [NOBODY]),
        place_trade=array("i", [NOBODY] * 3),
        present=array("i", [NOBODY]),
        near=Arcs(nothing, nothing, array("q")),
        terms=TERMS,
    )
    found = match(land, beside=beside)
    assert list(found.places) == places
    assert [round(km) for km in found.km] == [10, 20, 29][: 1 + beside]
    assert (found.solution.left_over, found.solution.gap) == (0, 0.0)


def test_whoever_is_not_looked_for_any_further_is_at_the_cheapest_of_all_places(few_candidates):
    land = a_landscape(11, 300, 60, 330, yi=0.0)
    _, net, candidates, arc_of = matching.matched(land)
    price = matching.flow.prices(net, arc_of)
    least = matching._least_outside(land, candidates, price)
    everybody = numpy.arange(300)
    undecided = matching._look_further(land, everybody, 12, price, least)
    decided = numpy.setdiff1d(everybody, undecided)
    assert len(decided) and len(undecided)
    every_pair = numpy.repeat(everybody, 60), numpy.tile(numpy.arange(60), 300)
    all_of_them = matching.Candidates(*every_pair, matching.chords(land, *every_pair), least)
    all_of_them.metres = ground.way(all_of_them.metres) * 1000
    costs = (matching.costs(land, all_of_them) + price[every_pair[1]]).reshape(300, 60)
    cheapest = costs[:, land.capacity > 0].min(axis=1)
    proven = numpy.minimum(least, matching.flow.cheapest_at(net, price))
    assert (abs(proven - cheapest)[decided] <= 1).all()  # a way is rounded to the metre
    assert (proven <= cheapest + 1).all()
