"""People are assigned to places as a whole, not one by one: the cheapest way in which nobody is over
a limit and as few as possible are left over, with a proof of how far it is from the best there is.

The solver's libraries are large, so they are loaded in a child process that ends with its answer;
a process that serves pages never holds them.
"""

from __future__ import annotations  # array[int] is a type only from Python 3.12 on

import json
import os
import subprocess
import sys
from array import array
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TypeAlias

_HERE = str(Path(__file__).parents[2])  # where the package lies
NOBODY = -1
UNKNOWN = float("nan")

Arrays: TypeAlias = dict[str, "array[int] | array[float]"]


class SolverFailed(Exception):
    """The child process ended without an answer; what it said last is the message."""


@dataclass(frozen=True, slots=True)
class Arcs:
    """Who could go where and at what cost: three arrays of one length, costs whole and not negative."""

    person: array[int]
    place: array[int]
    cost: array[int]


@dataclass(frozen=True, slots=True)
class Problem:
    """People and places are numbered from 0. `minimum` is what a place should get before others."""

    people: int
    places: int
    arcs: Arcs
    capacity: array[int]
    minimum: array[int] | None = None


@dataclass(frozen=True, slots=True)
class Solution:
    """`place_of[person]` is NOBODY for those left over. No other way that leaves as few over and
    gives places their minimum as well costs less than `bound`."""

    place_of: array[int]
    cost: int
    bound: int
    left_over: int

    @property
    def gap(self) -> float:
        """The part of the cost that a better way could at most save; 0.0 is the optimum."""
        return 0.0 if self.cost <= self.bound else (self.cost - self.bound) / self.cost


@dataclass(frozen=True, slots=True)
class Points:
    """Where people or places are, in degrees; UNKNOWN where nobody said."""

    longitude: array[float]
    latitude: array[float]


@dataclass(frozen=True, slots=True)
class Nearest:
    """Row by row the k nearest places of each point and how far they are; NOBODY and UNKNOWN where
    there are fewer, or where the point itself is unknown."""

    k: int
    index: array[int]
    km: array[float]


@dataclass(frozen=True, slots=True)
class Terms:
    """What weighs how much, in metres of way: `k` candidates for each person; `unknown` stands for a
    way that nobody knows; what the classes don't allow costs `broken`, and only where nobody whom
    they allow is within `reach`; another trade, leaving the present place, and each further
    quarter of a place's room that is filled."""

    k: int
    unknown: int
    reach: int
    broken: int
    trade: int
    moving: int
    crowding: int


@dataclass(frozen=True, slots=True)
class Land:
    """People and places on the ground, before anybody said which arcs there are.

    `class_cost` is a table by the person's class and the place's, row by row; a negative cost says
    "not while another can". Trades and present places are -1 where there is none. `near` are pairs
    whose metres are known otherwise.
    """

    people: Points
    places: Points
    capacity: array[int]
    person_class: array[int]
    place_class: array[int]
    class_cost: array[int]
    person_trade: array[int]
    place_trade: array[int]
    present: array[int]
    near: Arcs
    terms: Terms


@dataclass(frozen=True, slots=True)
class Match:
    """The whole, and row by row the place taken (NOBODY: left over) and the next best, with km."""

    solution: Solution
    offered: int
    places: array[int]
    km: array[float]
    arcs: int
    flow_s: float  # of the flow alone, without candidates, proof and offers


class Solver:
    """A child process for one question. It loads its libraries while whoever asks still reads files
    or rows; leaving the block ends it.

    Nothing but the solver's own modules is loaded there (-I -S): it starts in a third of the time.
    """

    def __init__(self, question: str) -> None:
        start = "import sys; sys.path += sys.argv[2:]; import guiyan.kernel.assignment_solver as s"
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-I", "-S", "-c", f"{start}; s.main()", question, _HERE, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )

    def __enter__(self) -> Solver:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()  # after its answer it has nothing to do
        self._child.communicate()

    def ask(self, numbers: Mapping[str, int], arrays: Arrays) -> tuple[dict[str, int], Arrays]:
        """The answer. Raises SolverFailed when the child ends without one."""
        child = self._child
        assert child.stdin and child.stdout and child.stderr  # all three are pipes
        try:
            write_frame(child.stdin, numbers, arrays)
            return read_frame(child.stdout)
        except (BrokenPipeError, EOFError) as error:
            said = child.stderr.read().decode(errors="replace").strip().splitlines()
            raise SolverFailed(said[-1] if said else "the solver ended without a word") from error


def match(land: Land, solver: Solver | None = None, *, beside: int = 2) -> Match:
    """As few as possible are left over, and nobody while a place with room is left; then the whole
    costs the least. The bound holds for all pairs, also those that were no candidates.

    `solver`: one that was started for "match" before the land was known; `beside`: how many of the
    next best are told for each person.
    """
    sent: Arrays = {
        "longitude": land.people.longitude,
        "latitude": land.people.latitude,
        "place_longitude": land.places.longitude,
        "place_latitude": land.places.latitude,
        "near_person": land.near.person,
        "near_place": land.near.place,
        "near_metres": land.near.cost,
    }
    for name in (
        "capacity", "person_class", "place_class", "class_cost", "person_trade", "place_trade",
        "present",
    ):  # fmt: skip
        sent[name] = getattr(land, name)
    with solver or Solver("match") as ready:
        numbers, arrays = ready.ask(asdict(land.terms) | {"beside": beside}, sent)
    places, flow_s = whole(arrays["places"]), numbers["flow_ms"] / 1000
    solution = Solution(
        places[:: numbers["offered"]], numbers["cost"], numbers["bound"], numbers["left_over"]
    )
    km = broken(arrays["km"])
    return Match(solution, numbers["offered"], places, km, numbers["arcs"], flow_s)


def solve(problem: Problem) -> Solution:
    """As few as possible are left over; places get their minimum; then the whole costs the least."""
    numbers, arrays = ask("solve", *question_of(problem))
    return solution_of(numbers, arrays)


def question_of(problem: Problem) -> tuple[dict[str, int], Arrays]:
    """A problem as the solver's process reads it."""
    sent: Arrays = {
        "person": problem.arcs.person,
        "place": problem.arcs.place,
        "cost": problem.arcs.cost,
        "capacity": problem.capacity,
    }
    if problem.minimum is not None:
        sent["minimum"] = problem.minimum
    return {"people": problem.people, "places": problem.places}, sent


def solution_of(numbers: Mapping[str, int], arrays: Arrays) -> Solution:
    """A solution as the solver's process wrote it."""
    return Solution(
        place_of=whole(arrays["place_of"]),
        cost=numbers["cost"],
        bound=numbers["bound"],
        left_over=numbers["left_over"],
    )


def nearest(points: Points, places: Points, k: int) -> Nearest:
    """The k nearest places of each point as the crow flies."""
    sent: Arrays = {
        "longitude": points.longitude,
        "latitude": points.latitude,
        "place_longitude": places.longitude,
        "place_latitude": places.latitude,
    }
    numbers, arrays = ask("nearest", {"k": k}, sent)
    return Nearest(numbers["k"], whole(arrays["index"]), broken(arrays["km"]))


def ask(question: str, numbers: Mapping[str, int], arrays: Arrays) -> tuple[dict[str, int], Arrays]:
    """One question to a child process of its own, and its answer.

    Raises SolverFailed when the child ends without one.
    """
    with Solver(question) as solver:
        return solver.ask(numbers, arrays)


def write_frame(stream: IO[bytes], numbers: Mapping[str, int], arrays: Arrays) -> None:
    """One line that says what comes, then the arrays as they lie in memory."""
    listed = [[name, values.typecode, len(values)] for name, values in arrays.items()]
    stream.write(json.dumps({"numbers": dict(numbers), "arrays": listed}).encode() + b"\n")
    for values in arrays.values():
        stream.write(memoryview(values).cast("B") if len(values) else b"")
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[dict[str, int], Arrays]:
    """What `write_frame` wrote. Raises EOFError when it is cut off."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    head = json.loads(line)
    arrays: Arrays = {}
    for name, typecode, length in head["arrays"]:
        values: array[int] | array[float] = array(typecode)
        values.fromfile(stream, length)
        arrays[name] = values
    return head["numbers"], arrays


def whole(values: array[int] | array[float]) -> array[int]:
    """An array of the answer that holds whole numbers."""
    return values if values.typecode != "d" else array("q", map(int, values))  # type: ignore[return-value]


def broken(values: array[int] | array[float]) -> array[float]:
    """An array of the answer that holds distances."""
    return values if values.typecode == "d" else array("d", values)  # type: ignore[return-value]
