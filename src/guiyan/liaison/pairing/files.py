"""Two files of people paired into a third, with the figures of the whole."""

import csv
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from guiyan.kernel.assignment import NOBODY, Match
from guiyan.kernel.findings import Phrase
from guiyan.liaison.pairing import rules, tables
from guiyan.liaison.pairing.matching import Wish, matched, solver, weighed
from guiyan.liaison.pairing.rules import Liaison, Person

LISTED = 1_000  # of those left over; the counts say how many there are


@dataclass(frozen=True, slots=True)
class Paired:
    """One line of the answer."""

    person: str
    liaison: str
    km: float | None
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
        found = matched(wish, ready)
        solve_s = perf_counter() - start
    broken = _write(out, pairs_of(wish, found))
    return {
        "people": len(people),
        "liaisons": len(liaisons),
        "room": sum(limits),
        "limit_where_none_was_given": even,
        "paired": len(people) - found.solution.left_over,
        "left_over": found.solution.left_over,
        "left_over_people": _left_over(wish, found),
        "without_common_language": broken,
        "total_km": round(sum(_kms(found)), 3),
        "unknown_distances": _unknown(found),
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
    """Every person in the file's order; who is left over has no liaison and the reason why."""
    places = found.solution.place_of
    loads = Counter(places)
    for index, person in enumerate(wish.people):
        place = places[index]
        if place == NOBODY:
            yield Paired(person.key, "", None, rules.in_source([_why_left_over(wish)]))
            continue
        liaison = wish.liaisons[place]
        km = found.km[index * found.offered]
        pair = weighed(person, liaison, km, load=loads[place], limit=wish.limits[place])
        phrases = rules.reasons(pair, asks_language=bool(person.languages))
        yield Paired(person.key, liaison.key, pair.km, rules.in_source(phrases))


def _write(out: Path, pairs: Iterator[Paired]) -> int:
    """The whole file or none; returns how many pairs have no language in common."""
    part = out.with_name(f"{out.name}.part")
    broken, sign = 0, rules.reasons(rules.Weighed(None, ()), asks_language=True)[0].text
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            lines = csv.writer(stream)
            lines.writerow(("person", "liaison", "km", "why"))
            for one in pairs:
                km = "" if one.km is None else f"{one.km:.3f}"
                lines.writerow((one.person, one.liaison, km, one.why))
                broken += one.why.startswith(sign)
        part.replace(out)
    except OSError as error:
        message = f"写不了 {out}：{error.strerror}。请换一个位置。"
        raise tables.TableRefused("unwritable", message) from error
    finally:
        part.unlink(missing_ok=True)
    return broken


def _left_over(wish: Wish, found: Match) -> list[dict[str, str]]:
    over = [i for i, place in enumerate(found.solution.place_of) if place == NOBODY][:LISTED]
    why = rules.in_source([_why_left_over(wish)])
    return [{"person": wish.people[index].key, "why": why} for index in over]


def _why_left_over(wish: Wish) -> Phrase:
    return rules.why_left_over(len(wish.people), sum(wish.limits))


def _kms(found: Match) -> Iterator[float]:
    taken = found.km[:: found.offered]
    return (km for km in taken if not math.isnan(km))


def _unknown(found: Match) -> int:
    places: Sequence[int] = found.solution.place_of
    taken = found.km[:: found.offered]
    return sum(math.isnan(km) for km, place in zip(taken, places, strict=True) if place != NOBODY)


__all__ = ["Liaison", "Paired", "Person", "pair_files", "pairs_of"]
