"""From members and contact persons to a whole that is solved at once, and back to pairs."""

from __future__ import annotations  # array[int] is a type only from Python 3.12 on

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan
from typing import TypeAlias

from guiyan.kernel.assignment import NOBODY, UNKNOWN, Arcs, Land, Match, Points, Solver, match
from guiyan.liaison.pairing import rules
from guiyan.liaison.pairing.rules import Liaison, Person, Weighed

Tongue: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], bool]  # spoken, read, reads little


@dataclass(frozen=True, slots=True)
class Near:
    """A pair of whom the way is known without a map: the same branch, or a body above it."""

    person: int
    liaison: int
    metres: int


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to pair with whom. `present[person]` is the index of who keeps in touch now, or NOBODY;
    `near` are pairs of one branch or of a body above it."""

    people: Sequence[Person]
    liaisons: Sequence[Liaison]
    limits: Sequence[int]
    present: Sequence[int] = ()
    near: Sequence[Near] = ()


def solver() -> Solver:
    """Started before the wish is known, it is ready when the wish is."""
    return Solver("match")


def matched(wish: Wish, ready: Solver | None = None, *, beside: int = 2) -> Match:
    """The proposal for all at once (see `kernel.assignment`), with so many of the next best."""
    return match(land_of(wish), ready, beside=beside)


def land_of(wish: Wish) -> Land:
    """The wish as numbers: classes of language, trades, points."""
    classes: dict[Tongue, int] = {}
    spoken: dict[Tongue, int] = {}
    person_class = array("i", (
        classes.setdefault((one.languages, one.reads, one.reads_little), len(classes))
        for one in wish.people
    ))  # fmt: skip
    liaison_class = array("i", (
        spoken.setdefault((one.languages, one.reads, False), len(spoken)) for one in wish.liaisons
    ))  # fmt: skip
    trades: dict[str, int] = {}
    return Land(
        people=_points(wish.people),
        places=_points(wish.liaisons),
        capacity=array("i", wish.limits),
        person_class=person_class,
        place_class=liaison_class,
        class_cost=_language_table(classes, spoken),
        person_trade=_trades(wish.people, trades),
        place_trade=_trades(wish.liaisons, trades),
        present=array("i", wish.present or [NOBODY] * len(wish.people)),
        near=Arcs(
            array("i", (one.person for one in wish.near)),
            array("i", (one.liaison for one in wish.near)),
            array("q", (one.metres for one in wish.near)),
        ),
        terms=rules.terms(),
    )


def weighed(
    person: Person,
    liaison: Liaison,
    km: float | None,
    *,
    is_present: bool = False,
    is_of_the_branch: bool = False,
    load: int | None = None,
    limit: int | None = None,
) -> Weighed:
    """What speaks for this pair; a distance that nobody knows may come as no number at all."""
    return Weighed(
        None if km is None or isnan(km) else km,
        rules.common_languages(person.languages, liaison.languages),
        person.trade if person.trade and person.trade == liaison.trade else "",
        is_present,
        is_of_the_branch,
        load,
        limit,
        person.reads_little,
        rules.common_scripts(person, liaison),
    )


def _points(of: Iterable[Person | Liaison]) -> Points:
    longitude, latitude = array("d"), array("d")
    for one in of:
        is_known = one.longitude is not None and one.latitude is not None
        longitude.append(one.longitude if is_known and one.longitude is not None else UNKNOWN)
        latitude.append(one.latitude if is_known and one.latitude is not None else UNKNOWN)
    return Points(longitude, latitude)


def _language_table(classes: Iterable[Tongue], spoken: Iterable[Tongue]) -> array[int]:
    table = array("q")
    for languages, reads, reads_little in classes:
        person = Person("", languages=languages, reads=reads, reads_little=reads_little)
        for of_liaison, read_by_liaison, _ in spoken:
            liaison = Liaison("", languages=of_liaison, reads=read_by_liaison)
            cost = rules.language_cost(person, liaison)
            table.append(-1 if cost is None else cost)
    return table


def _trades(of: Iterable[Person | Liaison], numbers: dict[str, int]) -> array[int]:
    return array(
        "i",
        (numbers.setdefault(one.trade, len(numbers)) if one.trade else NOBODY for one in of),
    )
