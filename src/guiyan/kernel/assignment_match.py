"""Candidate arcs over a landscape of people and places, the cheapest whole on them, and a bound that
holds for all arcs, also those that were never looked at; loaded by the solver's process only."""

from dataclasses import dataclass

import numpy

from guiyan.kernel import assignment_flow as flow
from guiyan.kernel import assignment_ground as ground
from guiyan.kernel.assignment import Terms
from guiyan.kernel.assignment_ground import Numbers

ALL_PAIRS = 400_000  # up to so many pairs every one is a candidate
ROUNDS = 12
SMALL_GAP = 0.002
FURTHEST = 4_000  # places that are looked at around one person, for the proof
AT_ONCE = 4_000_000  # pairs that are looked at in one go
MENDED_TOGETHER = 100_000  # people who are placed anew around those left over
SOLVED_AGAIN = 200_000  # up to so many people the whole is solved again after widening


@dataclass(frozen=True, slots=True)
class Landscape:
    """People and places as points, their classes and trades, and what a pair of classes costs."""

    people: Numbers
    places: Numbers
    capacity: Numbers
    person_class: Numbers
    place_class: Numbers
    class_cost: Numbers  # by person's class and place's class; negative: not while another can
    person_trade: Numbers
    place_trade: Numbers
    present: Numbers
    near: tuple[Numbers, Numbers, Numbers]  # pairs whose metres are known otherwise
    terms: Terms


@dataclass(slots=True)
class Candidates:
    """Arcs with their way, and for each person the least cost of all that is not among them."""

    person: Numbers
    place: Numbers
    metres: Numbers
    outside: Numbers


def candidates(land: Landscape) -> Candidates:
    """For each person the k nearest of those whom the classes allow; those who have none of them
    within reach get the nearest of all; where there are few, everybody is a candidate."""
    people, places = len(land.people), len(land.places)
    outside = numpy.full(people, numpy.inf)
    if people * places <= ALL_PAIRS:
        person = numpy.repeat(numpy.arange(people), places)
        place = numpy.tile(numpy.arange(places), people)
        metres = ground.way(chords(land, person, place)) * 1000
        found = Candidates(person, place, metres, outside)
    else:
        found = _nearest_of_each_class(land, outside)
    _know_better(land, found)
    return _without_needless(land, found)


def chords(land: Landscape, person: Numbers, place: Numbers) -> Numbers:
    apart: Numbers = land.people[person] - land.places[place]
    length: Numbers = numpy.linalg.norm(apart, axis=1)
    return length


def _nearest_of_each_class(land: Landscape, outside: Numbers) -> Candidates:
    allowed = land.class_cost >= 0
    has_room = land.capacity > 0
    kinds, kind_of_class = numpy.unique(allowed, axis=0, return_inverse=True)
    kind = kind_of_class.reshape(-1)[land.person_class]
    persons, places, ways = [], [], []

    def add(who: Numbers, among: Numbers) -> None:
        if not len(who) or not len(among):
            return
        index, metres = _around(land, who, among, land.terms.k)
        persons.append(numpy.repeat(who, index.shape[1]))
        places.append(among[index.ravel()])
        ways.append(metres.ravel())
        if index.shape[1] < len(among):
            beyond = numpy.nanmax(numpy.append(metres, numpy.zeros((len(who), 1)), 1), axis=1)
            if numpy.isnan(metres).any():
                beyond = numpy.minimum(beyond, land.terms.unknown)
            outside[who] = numpy.minimum(outside[who], beyond)

    for number, row in enumerate(kinds):
        who = numpy.flatnonzero(kind == number)
        common = numpy.flatnonzero(row[land.place_class] & has_room)
        add(who, common)
        if row.all():
            continue
        near = numpy.full(len(who), False)
        if len(common) and len(who):
            first = ways[-1].reshape(len(who), -1)[:, 0]
            near = ~(first > land.terms.reach)
        add(who[~near], numpy.flatnonzero(has_room))
    if not persons:
        none = numpy.zeros(0, dtype="i8")
        return Candidates(none, none, numpy.zeros(0), outside)
    return Candidates(
        numpy.concatenate(persons), numpy.concatenate(places), numpy.concatenate(ways), outside
    )


def _around(land: Landscape, who: Numbers, among: Numbers, k: int) -> tuple[Numbers, Numbers]:
    """The nearest of `among` for each person, and some of those whose place nobody knows; who is
    nowhere on the map gets some of all, others each time. Index into `among`, and metres."""
    index, km = ground.nearest(land.people[who], land.places[among], k)
    hidden = numpy.flatnonzero(numpy.isnan(land.places[among]).any(axis=1))
    if len(hidden):
        columns = min(max(2, k // 4), len(hidden))
        some = hidden[(who[:, None] * columns + numpy.arange(columns)) % len(hidden)]
        shown = min(index.shape[1], len(among) - len(hidden))
        index = numpy.concatenate((index[:, :shown], some), axis=1)
        km = numpy.concatenate((km[:, :shown], numpy.full(some.shape, numpy.nan)), axis=1)
    width = index.shape[1]
    stray = numpy.isnan(land.people[who]).any(axis=1)
    index[stray] = (who[stray, None] * width + numpy.arange(width)) % len(among)
    km[stray] = numpy.nan
    return index, km * 1000


def _know_better(land: Landscape, found: Candidates) -> None:
    """Pairs whose way is known otherwise (one's own branch, the present contact) are always there."""
    person, place, metres = land.near
    if not len(person):
        return
    key = found.person.astype("i8") * len(land.places) + found.place
    known = person.astype("i8") * len(land.places) + place
    kept = ~numpy.isin(key, known)
    found.person = numpy.concatenate((found.person[kept], person))
    found.place = numpy.concatenate((found.place[kept], place))
    found.metres = numpy.concatenate((found.metres[kept], metres))


def _without_needless(land: Landscape, found: Candidates) -> Candidates:
    """What the classes don't allow goes, for those who have somebody within reach; doubles go."""
    cost = land.class_cost[land.person_class[found.person], land.place_class[found.place]]
    room = land.capacity[found.place] > 0
    good = (cost >= 0) & room & ~(found.metres > land.terms.reach)
    has_good = numpy.zeros(len(land.people), dtype=bool)
    has_good[found.person[good]] = True
    kept = room & ((cost >= 0) | ~has_good[found.person])
    person, place, metres = found.person[kept], found.place[kept], found.metres[kept]
    key = person.astype("i8") * len(land.places) + place
    _, first = numpy.unique(key, return_index=True)
    return Candidates(person[first], place[first], metres[first], found.outside)


def costs(land: Landscape, found: Candidates) -> Numbers:
    """What each arc costs: the way, the language, the trade, and leaving the present contact."""
    way = numpy.where(numpy.isnan(found.metres), land.terms.unknown, found.metres)
    cost = numpy.rint(way).astype("i8")
    classes = land.class_cost[land.person_class[found.person], land.place_class[found.place]]
    cost += numpy.where(classes < 0, land.terms.broken, classes)
    trade = land.person_trade[found.person]
    cost += numpy.where(
        (trade >= 0) & (trade != land.place_trade[found.place]), land.terms.trade, 0
    )
    present = land.present[found.person]
    cost += numpy.where((present >= 0) & (present != found.place), land.terms.moving, 0)
    return cost


def network(land: Landscape, found: Candidates) -> flow.Network:
    return flow.Network(
        people=len(land.people),
        person=found.person.astype("i4"),
        place=found.place.astype("i4"),
        cost=costs(land, found),
        capacity=land.capacity,
        crowding=land.terms.crowding,
    )


def widen(land: Landscape, found: Candidates, place_of: Numbers, *, may_break: bool) -> Numbers:
    """Whoever is left over, and those who have the places that these could have, get the nearest
    places that still have room; returns whom there is something new for.

    `may_break` is the last resort: whoever is left over may go where the classes don't allow.
    """
    over = place_of < 0
    filled = numpy.bincount(place_of[~over], minlength=len(land.places))
    roomy = numpy.flatnonzero(filled < land.capacity)
    if not over.any() or not len(roomy):
        return numpy.zeros(0, dtype="i8")
    wished = numpy.zeros(len(land.places), dtype=bool)
    wished[found.place[over[found.person]]] = True
    who = numpy.flatnonzero(over | (wished[place_of] & ~over) & (not may_break))
    allowed = (land.class_cost >= 0) | may_break
    kinds, kind = numpy.unique(allowed[land.person_class[who]], axis=0, return_inverse=True)
    persons, places, ways = [found.person], [found.place], [found.metres]
    for number, row in enumerate(kinds):
        among, group = roomy[row[land.place_class[roomy]]], who[kind.reshape(-1) == number]
        if len(among):
            index, metres = _around(land, group, among, land.terms.k)
            persons.append(numpy.repeat(group, index.shape[1]))
            places.append(among[index.ravel()])
            ways.append(metres.ravel())
    before = len(found.person)
    person, place = numpy.concatenate(persons), numpy.concatenate(places)
    key = person.astype("i8") * len(land.places) + place
    _, first = numpy.unique(
        key, return_index=True
    )  # of two the earlier one, so the known ones stay
    new = person[first[first >= before]]
    found.person, found.place = person[first], place[first]
    found.metres = numpy.concatenate(ways)[first]
    return who if len(new) else new


def matched(land: Landscape) -> tuple[dict[str, int], flow.Network, Candidates, Numbers]:
    """The cheapest whole on the candidates, widened until nobody is left over whom there is room
    for, and what it proves: the account, the network, the candidates, each person's arc."""
    found = candidates(land)
    net = network(land, found)
    watch = flow.Watch()
    arc_of = flow.cheapest(net, watch)
    may_break, is_small = False, len(land.people) <= SOLVED_AGAIN
    for _ in range(ROUNDS):
        who = widen(land, found, flow.places_of(net, arc_of), may_break=may_break)
        if len(who):
            taken, net = flow.places_of(net, arc_of), network(land, found)
            arc_of = flow.cheapest(net, watch) if is_small else _placed_anew(net, taken, who, watch)
        if (arc_of >= 0).all() or (may_break and not len(who)):
            break
        may_break = may_break or not len(who)
    account = _proven(land, found, net, arc_of)
    return account | {"flow_ms": round(watch.seconds * 1000)}, net, found, arc_of


def _placed_anew(net: flow.Network, taken: Numbers, who: Numbers, watch: flow.Watch) -> Numbers:
    """These, and some around them, are placed anew, all at once, in the room that the others leave."""
    who = _around_them(net, taken, who)
    keys = net.person.astype("i8") * len(net.capacity) + net.place
    keep = taken >= 0
    keep[who] = False
    arc_of = numpy.full(net.people, -1, dtype="i8")
    persons = numpy.flatnonzero(keep)
    arc_of[persons] = numpy.searchsorted(keys, persons * len(net.capacity) + taken[persons])
    filled = numpy.bincount(taken[persons], minlength=len(net.capacity))
    is_placed = numpy.zeros(net.people, dtype=bool)
    is_placed[who] = True
    arcs = numpy.flatnonzero(is_placed[net.person])
    rest = flow.Network(
        people=len(who),
        person=numpy.searchsorted(who, net.person[arcs]).astype("i4"),
        place=net.place[arcs],
        cost=net.cost[arcs],
        capacity=(net.capacity - filled).astype("i4"),
    )
    chosen = flow.cheapest(rest, watch)
    arc_of[who] = numpy.where(chosen >= 0, arcs[chosen], -1)
    return arc_of


def _around_them(net: flow.Network, taken: Numbers, who: Numbers) -> Numbers:
    """Those persons, whoever has a place that they could have, and so on, until they are many
    enough for the whole to be nearly as good as one that was solved again."""
    near = numpy.zeros(net.people, dtype=bool)
    near[who] = True
    while near.sum() < MENDED_TOGETHER:
        could_have = numpy.zeros(len(net.capacity), dtype=bool)
        could_have[net.place[near[net.person]]] = True
        wider = near | (could_have[taken] & (taken >= 0))
        if wider.sum() == near.sum() or wider.sum() > 3 * MENDED_TOGETHER:
            break
        near = wider
    return numpy.flatnonzero(near)


def _proven(
    land: Landscape, found: Candidates, net: flow.Network, arc_of: Numbers
) -> dict[str, int]:
    """Cost and bound over all pairs: whoever could be better off, at these prices, where no
    candidate leads looks further and further around until the gap is small."""
    price = flow.prices(net, arc_of)
    least = _least_outside(land, found, price)
    known = flow.cheapest_at(net, price)
    account = flow.account(net, arc_of, price, least)
    around, who = land.terms.k, numpy.flatnonzero(least < known)
    while len(who) and around < FURTHEST and _gap(account) > SMALL_GAP:
        around *= 4
        who = _look_further(land, who, around, price, least)
        who = who[least[who] < known[who]]
        account = flow.account(net, arc_of, price, least)
    return account


def _gap(account: dict[str, int]) -> float:
    return (account["cost"] - account["bound"]) / max(1, account["cost"])


def _least_outside(land: Landscape, found: Candidates, price: Numbers) -> Numbers:
    """The least that a person could cost, room included, anywhere that is no candidate."""
    least = numpy.where(numpy.isinf(found.outside), flow.NEVER, numpy.floor(found.outside))
    stray = numpy.isnan(land.people).any(axis=1) & (least < flow.NEVER)
    least[stray] = land.terms.unknown
    moving = numpy.where(land.present >= 0, land.terms.moving, 0)
    return least.clip(max=flow.NEVER).astype("i8") + moving + int(price.min(initial=0))


def _look_further(
    land: Landscape, who: Numbers, around: int, price: Numbers, least: Numbers
) -> Numbers:
    """Raise what is known of those persons: the cheapest of `around` places, or what lies beyond.

    Returns for whom something cheaper may lie beyond; of the others no more can be known.
    """
    undecided = [who[:0]]
    allowed = land.class_cost >= 0
    moving = numpy.where(land.present >= 0, land.terms.moving, 0)
    kinds, kind = numpy.unique(allowed[land.person_class[who]], axis=0, return_inverse=True)
    for number, row in enumerate(kinds):
        among = numpy.flatnonzero(row[land.place_class] & (land.capacity > 0))
        group = who[kind.reshape(-1) == number]
        group = group[~numpy.isnan(land.people[group]).any(axis=1)]
        if not len(among) or numpy.isnan(land.places[among]).any():
            continue
        for part in numpy.array_split(group, len(group) * around // AT_ONCE + 1):
            index, km = ground.nearest(land.people[part], land.places[among], around)
            wide = index.shape[1]
            arcs = Candidates(
                numpy.repeat(part, wide), among[index.ravel()], km.ravel() * 1000, least
            )
            cost = (costs(land, arcs) + price[arcs.place]).reshape(-1, wide).min(axis=1)
            beyond = numpy.full(len(part), flow.NEVER, dtype="i8")
            if wide < len(among):
                beyond = numpy.floor(km[:, -1] * 1000).astype("i8") + moving[part]
            least[part] = numpy.maximum(least[part], numpy.minimum(cost, beyond))
            undecided.append(part[beyond < cost])
    return numpy.concatenate(undecided)


def offers(
    net: flow.Network, found: Candidates, arc_of: Numbers, how_many: int
) -> tuple[Numbers, Numbers]:
    """Row by row: the place taken and the next cheapest candidates, with their metres."""
    people = net.people
    place = numpy.full((people, how_many), -1, dtype="i4")
    metres = numpy.full((people, how_many), numpy.nan)
    if not len(net.person):
        return place, metres
    served = numpy.flatnonzero(arc_of >= 0)
    chosen = arc_of[served]
    place[served, 0], metres[served, 0] = net.place[chosen], found.metres[chosen]
    cost, person = net.cost.copy(), net.person
    cost[chosen] = flow.NEVER
    starts = numpy.flatnonzero(numpy.append(True, person[1:] != person[:-1]))
    rows, arcs = person[starts], numpy.arange(len(person))
    for column in range(1, how_many):
        least = numpy.minimum.reduceat(cost, starts)
        is_least = cost == numpy.repeat(least, numpy.diff(numpy.append(starts, len(person))))
        arc = numpy.minimum.reduceat(numpy.where(is_least, arcs, len(arcs)), starts)
        kept = least < flow.NEVER
        place[rows[kept], column] = net.place[arc[kept]]
        metres[rows[kept], column] = found.metres[arc[kept]]
        cost[arc] = flow.NEVER
    return place, metres
