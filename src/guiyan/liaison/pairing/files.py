"""Two files of people paired into a third, with the figures of the whole."""

from __future__ import annotations  # array[float] is a type only from Python 3.12 on

import csv
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache
from math import isnan
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from guiyan.kernel.assignment import NOBODY, Match
from guiyan.liaison.pairing import rules, tables
from guiyan.liaison.pairing.matching import Wish, matched, solver, weighed
from guiyan.liaison.pairing.rules import Liaison, Person, Weighed

LISTED = 1_000  # of those left over; the counts say how many there are
HEADER = ("person", "liaison", "km", "why")


class Paired(NamedTuple):
    """One line of the answer; empty cells where nothing is known."""

    person: str
    liaison: str
    km: str
    why: str


def pair_files(people_file: Path, liaisons_file: Path, out: Path) -> dict[str, Any]:
    """Pair all of one file with the other's and write `person, liaison, km, why`.

    Raises TableRefused; then nothing is written.
    """
    if out.resolve() in {people_file.resolve(), liaisons_file.resolve()}:
        message = f"{out.name} 是要读的文件，写进去会把它盖掉。请给结果另起一个名字。"
        raise tables.TableRefused("same-file", message)
    with solver() as ready:
        people, judged_people = tables.read_people(people_file)
        liaisons, judged_liaisons = tables.read_liaisons(liaisons_file)
        even = rules.even_limit(len(people), len(liaisons))
        limits = [even if one.limit is None else one.limit for one in liaisons]
        wish = Wish(people, liaisons, limits)
        start = perf_counter()
        found = matched(wish, ready, beside=0)
        solve_s = perf_counter() - start
    _write(out, pairs_of(wish, found))
    return {
        "people": len(people),
        "liaisons": len(liaisons),
        "room": sum(limits),
        "limit_where_none_was_given": even,
        "paired": len(people) - found.solution.left_over,
        "left_over": found.solution.left_over,
        "left_over_people": _left_over(wish, found),
        "without_common_language": _without_common_language(wish, found),
        "total_km": round(sum(km for km in _ways(found) if not isnan(km)), 3),
        "unknown_distances": sum(map(isnan, _ways(found))) - found.solution.left_over,
        "cost": found.solution.cost / 1000,
        "bound": found.solution.bound / 1000,
        "gap": found.solution.gap,
        "candidates": found.arcs,
        "solve_s": round(solve_s, 3),
        "flow_s": round(found.flow_s, 3),
        "left_out_rows": judged_people.left_out + judged_liaisons.left_out,
        "problem_count": judged_people.problem_count + judged_liaisons.problem_count,
        "problems": [
            {"file": name, **asdict(problem)}
            for name, judged in (("people", judged_people), ("liaisons", judged_liaisons))
            for problem in judged.problems
        ],
    }


def pairs_of(wish: Wish, found: Match) -> Iterator[Paired]:
    """Every person in the file's order; who is left over has no liaison and the reason why.

    Each part of the sentence is put into words once for all pairs who are alike in it.
    """
    places = found.solution.place_of
    loads, limits = Counter(places), wish.limits
    why_left_over = _why_left_over(wish)
    for person, place, km in zip(wish.people, places, _ways(found), strict=True):
        if place == NOBODY:
            yield Paired(person.key, "", "", why_left_over)
            continue
        liaison = wish.liaisons[place]
        tongues = _of_tongues(person.languages, person.reads, liaison.languages, liaison.reads)
        trade = person.trade if person.trade == liaison.trade else ""
        load = _of_trade_and_load(trade, loads[place], limits[place])
        if isnan(km):
            yield Paired(person.key, liaison.key, "", f"{tongues}{_of_way(None)}{load}")
        else:
            why = f"{tongues}{_of_way(round(km, 1))}{load}"
            yield Paired(person.key, liaison.key, f"{km:.3f}", why)


@lru_cache(maxsize=10_000)
def _of_tongues(
    spoken: tuple[str, ...], read: tuple[str, ...], by_them: tuple[str, ...], they: tuple[str, ...]
) -> str:
    """The sentence before the way."""
    person = Person("", languages=spoken, reads=read)
    pair = weighed(person, Liaison("", languages=by_them, reads=they), None)
    parts = rules.tongue_reasons(pair, asks_language=bool(spoken))
    return "".join(f"{rules.in_source([part])}，" for part in parts)


@lru_cache(maxsize=100_000)
def _of_way(km: float | None) -> str:
    return rules.in_source([rules.way_reason(km)])


@lru_cache(maxsize=100_000)
def _of_trade_and_load(trade: str, load: int, limit: int) -> str:
    """The sentence after the way."""
    parts = rules.other_reasons(Weighed(None, (), trade, load=load, limit=limit))
    return "".join(f"，{rules.in_source([part])}" for part in parts)


def _write(out: Path, pairs: Iterator[Paired]) -> None:
    """The whole file or none."""
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            lines = csv.writer(stream)
            lines.writerow(HEADER)
            lines.writerows(pairs)
        part.replace(out)
    except OSError as error:
        message = f"写不了 {out}：{error.strerror}。请换一个位置。"
        raise tables.TableRefused("unwritable", message) from error
    finally:
        part.unlink(missing_ok=True)


def _left_over(wish: Wish, found: Match) -> list[dict[str, str]]:
    over = [i for i, place in enumerate(found.solution.place_of) if place == NOBODY][:LISTED]
    why = _why_left_over(wish)
    return [{"person": wish.people[index].key, "why": why} for index in over]


def _why_left_over(wish: Wish) -> str:
    return rules.in_source([rules.why_left_over(len(wish.people), sum(wish.limits))])


def _without_common_language(wish: Wish, found: Match) -> int:
    return sum(
        not rules.common_languages(person.languages, wish.liaisons[place].languages)
        for person, place in zip(wish.people, found.solution.place_of, strict=True)
        if place != NOBODY and person.languages
    )


def _ways(found: Match) -> array[float]:
    """Of each pair the km, as the flow took it."""
    return found.km[:: found.offered]


__all__ = ["Liaison", "Paired", "Person", "pair_files", "pairs_of"]
