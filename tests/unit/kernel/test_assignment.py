"""The whole is as cheap as it can be, nobody is over a limit, and the gap to the optimum is proven."""

import itertools
from array import array

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from guiyan.kernel import assignment, assignment_solver
from guiyan.kernel.assignment import NOBODY, UNKNOWN, Arcs, Points, Problem, SolverFailed, solve


def a_problem(costs, capacity, minimum=None):
    """`costs[person][place]`, None where the person can't go."""
    arcs = [
        (person, place, cost)
        for person, row in enumerate(costs)
        for place, cost in enumerate(row)
        if cost is not None
    ]
    person, place, cost = zip(*arcs, strict=True) if arcs else ((), (), ())
    return Problem(
        people=len(costs),
        places=len(capacity),
        arcs=Arcs(array("i", person), array("i", place), array("q", cost)),
        capacity=array("i", capacity),
        minimum=None if minimum is None else array("i", minimum),
    )


def solved_here(problem):
    """As the child process does it, without one process for each example."""
    return assignment.solution_of(*assignment_solver.solve(*assignment.question_of(problem)))


def by_trying_all(costs, capacity, minimum=None):
    """(left over, missing from the minimum, cost) of the best of all ways."""
    minimum = minimum or [0] * len(capacity)
    ways = itertools.product(range(-1, len(capacity)), repeat=len(costs))
    found = []
    for way in ways:
        if any(place >= 0 and costs[person][place] is None for person, place in enumerate(way)):
            continue
        if any(way.count(place) > room for place, room in enumerate(capacity)):
            continue
        cost = sum(costs[person][place] for person, place in enumerate(way) if place >= 0)
        missing = sum(
            max(0, min(least, room) - way.count(place))
            for place, (least, room) in enumerate(zip(minimum, capacity, strict=True))
        )
        found.append((way.count(-1), missing, cost))
    return min(found)


@st.composite
def problems(draw, most_people=5, most_places=3):
    people = draw(st.integers(1, most_people))
    places = draw(st.integers(1, most_places))
    cost = st.one_of(st.none(), st.integers(0, 30))
    costs = [[draw(cost) for _ in range(places)] for _ in range(people)]
    return costs, [draw(st.integers(0, 3)) for _ in range(places)]


@given(problems())
@settings(max_examples=200, deadline=None)
def test_no_way_leaves_fewer_over_or_costs_less_and_the_bound_proves_it(drawn):
    costs, capacity = drawn
    found = solved_here(a_problem(costs, capacity))
    assert (found.left_over, 0, found.cost) == by_trying_all(costs, capacity)
    assert found.bound == found.cost
    assert list(found.place_of).count(NOBODY) == found.left_over
    for place, room in enumerate(capacity):
        assert list(found.place_of).count(place) <= room


@given(problems(), st.lists(st.integers(0, 3), min_size=3, max_size=3))
@settings(max_examples=100, deadline=None)
def test_with_minimums_too_no_other_way_is_better_and_the_bound_proves_it(drawn, least):
    costs, capacity = drawn
    minimum = least[: len(capacity)]
    found = solved_here(a_problem(costs, capacity, minimum))
    missing = sum(
        max(0, min(at_least, room) - list(found.place_of).count(place))
        for place, (at_least, room) in enumerate(zip(minimum, capacity, strict=True))
    )
    assert (found.left_over, missing, found.cost) == by_trying_all(costs, capacity, minimum)
    assert found.bound == found.cost


@given(st.integers(2, 40), st.integers(0, 2**31))
@settings(max_examples=60, deadline=None)
def test_one_to_one_costs_what_the_linear_assignment_costs(size, seed):
    costs = numpy.random.default_rng(seed).integers(0, 10_000, (size, size))
    rows, columns = linear_sum_assignment(costs)
    found = solved_here(a_problem(costs.tolist(), [1] * size))
    assert found.cost == costs[rows, columns].sum()
    assert found.bound == found.cost
    assert sorted(found.place_of) == list(range(size))


@given(problems(most_people=30, most_places=6))
@settings(max_examples=60, deadline=None)
def test_nobody_is_left_over_when_there_is_room_that_they_can_reach(drawn):
    costs, capacity = drawn
    open_to_all = [[cost or 0 for cost in row] for row in costs]
    found = solved_here(a_problem(open_to_all, capacity))
    assert found.left_over == max(0, len(costs) - sum(capacity))


def test_a_place_gets_its_minimum_before_others_get_more():
    costs = [[0, 9], [0, 9], [0, 9]]
    found = solve(a_problem(costs, [3, 3], minimum=[0, 2]))
    assert list(found.place_of).count(1) == 2
    assert (found.cost, found.bound) == (18, 18)


def test_a_minimum_that_nobody_can_fill_is_no_reason_to_leave_somebody_over():
    found = solve(a_problem([[5, None], [5, None]], [2, 4], minimum=[0, 3]))
    assert list(found.place_of) == [0, 0]
    assert found.cost == found.bound == 10


def test_with_nobody_or_no_place_there_is_an_answer_too():
    assert solve(a_problem([], [1])).left_over == 0
    assert list(solve(a_problem([[None], [None]], [1])).place_of) == [NOBODY, NOBODY]


def test_the_nearest_come_first_and_an_unknown_point_has_none():
    places = Points(array("d", [104.0, 103.1, UNKNOWN]), array("d", [30.6, 28.3, UNKNOWN]))
    near = assignment.nearest(
        Points(array("d", [103.0, UNKNOWN]), array("d", [28.3, 28.0])), places, 3
    )
    assert list(near.index) == [1, 0, NOBODY, NOBODY, NOBODY, NOBODY]
    assert near.km[0] == pytest.approx(9.79, abs=0.01)
    assert near.km[1] > 250


def test_a_solver_that_fails_says_so():
    with pytest.raises(SolverFailed, match="KeyError"):
        assignment.ask("something else", {}, {})
