"""The flow of least cost and the prices that prove it; loaded by the solver's process only."""

from dataclasses import dataclass
from time import perf_counter

import numpy
from ortools.graph.python import min_cost_flow

from guiyan.kernel.assignment_ground import Numbers

LONGEST_ROUNDS = 20_000
QUARTERS = 4
NEVER = 2**60


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs from people to places, what a place may take and what it should get first."""

    people: int
    person: Numbers
    place: Numbers
    cost: Numbers
    capacity: Numbers
    minimum: Numbers | None = None
    crowding: int = 0  # what each further quarter of a place costs more, per person

    @property
    def first(self) -> Numbers:
        """What each place should get before others, never more than it may take."""
        if self.minimum is None:
            return numpy.zeros(len(self.capacity), dtype="i8")
        return numpy.minimum(self.minimum, self.capacity).astype("i8")

    @property
    def steps(self) -> list[tuple[Numbers, int]]:
        """The room of each place, step by step, and what a person in that step costs beside the way."""
        first = self.first
        rest = self.capacity.astype("i8") - first
        steps = [(first, -self.reward)] if self.minimum is not None else []
        if not self.crowding:
            return [*steps, (rest, 0)]
        ends = [rest * quarter // QUARTERS for quarter in range(QUARTERS + 1)]
        return steps + [
            (ends[quarter + 1] - ends[quarter], quarter * self.crowding)
            for quarter in range(QUARTERS)
        ]

    @property
    def reward(self) -> int:
        """More than any rearrangement of people can cost: what a place's first people are worth."""
        dearest = int(self.cost.max(initial=0)) + QUARTERS * self.crowding
        return (dearest + 1) * (min(self.people, len(self.capacity)) + 1)

    @property
    def stay(self) -> int:
        """More than it can be worth to leave somebody over."""
        return self.reward if self.minimum is None else 3 * self.reward


@dataclass(slots=True)
class Watch:
    """How long the flow itself took, beside all that is done around it."""

    seconds: float = 0.0


def cheapest(network: Network, watch: Watch | None = None) -> Numbers:
    """The arc that each person takes, -1 for those left over: first as many as possible, then the
    places' minimum, then the least cost."""
    began = perf_counter()
    try:
        return _cheapest(network)
    finally:
        if watch is not None:
            watch.seconds += perf_counter() - began


def _cheapest(network: Network) -> Numbers:
    people, places, arcs = network.people, len(network.capacity), len(network.person)
    taken = numpy.full(people, -1, dtype="i8")
    if not arcs or not network.capacity.any():
        return taken
    solver = min_cost_flow.SimpleMinCostFlow()
    one = numpy.ones(arcs, dtype="i8")
    solver.add_arcs_with_capacity_and_unit_cost(
        network.person, network.place + people, one, network.cost
    )
    goal = people + places
    for room, cost in network.steps:
        solver.add_arcs_with_capacity_and_unit_cost(
            numpy.arange(people, goal), numpy.full(places, goal), room, numpy.full(places, cost)
        )
    supply = numpy.ones(people + places + 1, dtype="i8")
    supply[people:goal], supply[goal] = 0, -people
    solver.set_nodes_supplies(numpy.arange(people + places + 1), supply)
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow ended as {status.name}")
    used = numpy.flatnonzero(solver.flows(numpy.arange(arcs)))
    taken[network.person[used]] = used
    return taken


def places_of(network: Network, arc_of: Numbers) -> Numbers:
    """The place of each person, -1 for those left over."""
    if not len(network.place):
        return arc_of
    return numpy.where(arc_of >= 0, network.place[arc_of], -1)


def prices(network: Network, arc_of: Numbers) -> Numbers:
    """What one more person at a place would cost the others: nothing where there is room, else the
    cheapest chain of moves that ends at a place with room, or at somebody left over.

    Any prices prove a bound; these prove the optimum when the flow is optimal. (Bellman-Ford
    over the moves "from my place to another of my places".)
    """
    places = len(network.capacity)
    used = arc_of[arc_of >= 0]
    filled = numpy.bincount(network.place[used], minlength=places)
    full, price = filled >= network.capacity, next_costs(network, filled)
    dearest = numpy.zeros(places, dtype="i8")
    numpy.maximum.at(dearest, network.place[used], network.cost[used])
    price[full] -= dearest[full]
    own = arc_of[network.person]
    moves = numpy.flatnonzero((own >= 0) & (own != numpy.arange(len(own))))
    if not len(moves):
        return price
    source, goal = network.place[own[moves]], network.place[moves]
    extra = network.cost[moves] - network.cost[own[moves]]
    source, goal, extra = _cheapest_moves(source, goal, extra, places)
    return _settled(price, (source, goal, extra), lowest=min(cost for _, cost in network.steps))


def _settled(price: Numbers, moves: tuple[Numbers, Numbers, Numbers], *, lowest: int) -> Numbers:
    """Prices fall along the moves until none can; only what leads to a place that has just become
    cheaper is looked at again. Below the cheapest room no price proves more, so there each stops:
    also where a flow that was mended in part could still be improved around a ring."""
    order = numpy.argsort(moves[1], kind="stable")
    source, goal, extra = (column[order] for column in moves)
    starts = numpy.searchsorted(goal, numpy.arange(len(price) + 1))
    cheaper = numpy.arange(len(price))
    for _ in range(LONGEST_ROUNDS):
        many = starts[cheaper + 1] - starts[cheaper]
        ends = numpy.cumsum(many)
        if not len(ends) or not ends[-1]:
            break
        leading = numpy.repeat(starts[cheaper] - (ends - many), many) + numpy.arange(ends[-1])
        fallen = price.copy()
        offered = numpy.maximum(price[goal[leading]] + extra[leading], lowest)
        numpy.minimum.at(fallen, source[leading], offered)
        cheaper = numpy.flatnonzero(fallen < price)
        price = fallen
    return price


def _cheapest_moves(
    source: Numbers, goal: Numbers, extra: Numbers, places: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Of all moves from one place to another only the cheapest, in the order of the places."""
    key = source.astype("i8") * places + goal
    order = numpy.argsort(key)
    key = key[order]
    starts = numpy.flatnonzero(numpy.append(True, key[1:] != key[:-1]))
    extra = numpy.minimum.reduceat(extra[order], starts)
    return key[starts] // places, key[starts] % places, extra


def cheapest_at(network: Network, price: Numbers) -> Numbers:
    """What each person would cost at these prices, if everybody took the cheapest arc or stayed."""
    best = numpy.full(network.people, network.stay, dtype="i8")
    numpy.minimum.at(best, network.person, network.cost + price[network.place])
    return best


def bound(network: Network, price: Numbers, left_over: int, outside: Numbers | None) -> int:
    """No way that leaves `left_over` over and gives the places as many of their first people costs
    less: everybody takes what is cheapest at these prices, and the places sell their room.

    `outside` is the least that a person would cost, room included, where no arc leads.
    """
    best = cheapest_at(network, price)
    if outside is not None:
        best = numpy.minimum(best, outside)
    return int(best.sum()) - room_sold(network, price) - network.stay * left_over


def next_costs(network: Network, filled: Numbers) -> Numbers:
    """What the next person at each place costs beside the way; nobody fits in a full place."""
    price = numpy.full(len(filled), network.stay, dtype="i8")
    room_until = network.capacity.astype("i8")
    for room, cost in reversed(network.steps):
        room_until = room_until - room
        price[(filled >= room_until) & (filled < room_until + room)] = cost
    return price


def room_sold(network: Network, price: Numbers) -> int:
    """What the places earn at most with these prices, step by step."""
    return sum(int((room * numpy.maximum(0, price - cost)).sum()) for room, cost in network.steps)


def paid_beside(network: Network, filled: Numbers) -> int:
    """What all people cost their places beside the way."""
    paid = 0
    for room, cost in network.steps:
        there = numpy.minimum(filled, room)
        paid, filled = paid + int(there.sum()) * cost, filled - there
    return paid


def account(
    network: Network, arc_of: Numbers, price: Numbers, outside: Numbers | None = None
) -> dict[str, int]:
    """Cost, bound and how many are left over."""
    used = arc_of[arc_of >= 0]
    left_over = network.people - len(used)
    filled = numpy.bincount(network.place[used], minlength=len(network.capacity))
    rewarded = 0
    if network.minimum is not None:
        rewarded = int(numpy.minimum(filled, network.first).sum()) * network.reward
    cost = int(network.cost[used].sum()) + paid_beside(network, filled) + rewarded
    lowest = bound(network, price, left_over, outside) + rewarded
    return {"cost": cost, "bound": min(lowest, cost), "left_over": left_over}
