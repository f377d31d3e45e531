"""Pairing of people with contact persons who have limits, against the bare solver in the same run.

The bound is OR-tools' SimpleMinCostFlow on bare arcs that lie ready in a file, in a process of its
own, as ours is: no files of people, no candidates to find, no reasons, no proof. Walls are compared
with walls, the flow alone with the flow alone, and what stands between (candidates and proof) is the
difference. The two take turns, small sizes several times, and the walls are the medians.
`BENCH_PAIRING_SIZES="49x30 10000x500"` measures those sizes only.
The geography is seeded and clustered: towns of different size, people around them; in all places
together there is room for 1.3 times the people; 8 % speak only Yi, 35 % of contact persons do.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import Any

import numpy
from scipy.spatial import cKDTree

from bench import figures
from guiyan.kernel.assignment_ground import ball, way

SEED = 720
ALL_SIZES = "49x30 10000x500 100000x8544 1000000x50000"
SIZES = tuple(
    (int(n), int(m))
    for n, m in (size.split("x") for size in os.getenv("BENCH_PAIRING_SIZES", ALL_SIZES).split())
)
TURNS = ((10_000, 7), (100_000, 3))  # up to so many people, so many turns; beyond them one
ROOM = 1.3
ONLY_YI, KNOWS_YI = 0.08, 0.35
CANDIDATES = 10
GOAL_TIMES, GOAL_GAP = 2.0, 0.01


def measure(sizes: tuple[tuple[int, int], ...] = SIZES) -> dict[str, Any]:
    """Each size: SimpleMinCostFlow alone on its bare arcs, then our command on two files."""
    with tempfile.TemporaryDirectory() as folder:
        return {f"{n}x{m}": _one(Path(folder), n, m) for n, m in sizes}


def _one(folder: Path, n: int, m: int) -> dict[str, Any]:
    land = geography(n, m)
    people, liaisons, out, arcs = (
        folder / name for name in ("people.csv", "liaisons.csv", "out.csv", "arcs.npz")
    )
    write(people, liaisons, land)
    person, place, cost = bare_arcs(land)
    numpy.savez(arcs, person=person, place=place, cost=cost, limits=land["limits"], people=n)
    del person, place, cost, land
    bare_flow = [sys.executable, "-m", "bench.bare_flow", str(arcs)]
    ours = [
        sys.executable, "-m", "guiyan", "pair", "files", "--people", str(people),
        "--liaisons", str(liaisons), "--out", str(out), "--json",
    ]  # fmt: skip
    turns = next((turns for most, turns in TURNS if n <= most), 1)
    taken = [(_timed(bare_flow), _timed(ours)) for _ in range(turns)]
    bare, found = (_median(runs) for runs in zip(*taken, strict=True))
    kept = ("wall_s", "cpu_s", "solve_s", "flow_s", "left_over", "gap", "total_km",
            "without_common_language", "candidates")  # fmt: skip
    return {
        "turns": turns,
        "bare": bare,
        "ours": {name: found[name] for name in kept},
        "wall_to_wall": figures.verdict(round(found["wall_s"] / bare["wall_s"], 2), GOAL_TIMES),
        "left_over": figures.verdict(found["left_over"], 0),
        "gap": figures.verdict(found["gap"], GOAL_GAP),
        "cpu_to_cpu": round(found["cpu_s"] / bare["cpu_s"], 2),  # hardly depends on other work
        "flow_to_flow": round(found["flow_s"] / max(bare["flow_s"], 0.001), 2),
        "most_mb_so_far": getrusage(RUSAGE_CHILDREN).ru_maxrss // 1024,  # of the largest process
    }


def _timed(command: list[str]) -> dict[str, Any]:
    """What the command prints, with its wall time and the processor time of all its processes."""
    start, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    wall_s, after = time.perf_counter() - start, getrusage(RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**json.loads(done.stdout), "wall_s": round(wall_s, 3), "cpu_s": round(cpu_s, 3)}


def _median(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The answer, which is the same in all runs, with the median of each time."""
    times = {name: median(run[name] for run in runs) for name in runs[0] if name.endswith("_s")}
    return runs[-1] | times


def geography(n: int, m: int) -> dict[str, Any]:
    """People and contact persons around the same towns, in a county's to a province's width."""
    chance = numpy.random.default_rng(SEED)
    towns = max(3, m // 40)
    width = 0.02 * m**0.5
    centre = numpy.column_stack(
        (103 + width * chance.random(towns), 28 + width * chance.random(towns))
    )
    weight = chance.pareto(1.2, towns) + 0.2
    weight /= weight.sum()

    def around(count: int) -> Any:
        return centre[chance.choice(towns, count, p=weight)] + chance.normal(0, 0.03, (count, 2))

    share = chance.dirichlet(numpy.full(m, 3.0))
    limits = numpy.maximum(1, numpy.floor(share * ROOM * n)).astype(int)
    short = int(ROOM * n) - int(limits.sum())
    if short > 0:
        limits += numpy.bincount(chance.integers(0, m, short), minlength=m)
    return {
        "people": around(n),
        "liaisons": around(m),
        "limits": limits,
        "only_yi": chance.random(n) < ONLY_YI,
        "knows_yi": chance.random(m) < KNOWS_YI,
    }


def write(people: Path, liaisons: Path, land: dict[str, Any]) -> None:
    with people.open("w", encoding="utf-8") as file:
        file.write("id,lon,lat,languages\n")
        for i, ((lon, lat), yi) in enumerate(zip(land["people"], land["only_yi"], strict=True)):
            file.write(f"p{i},{lon:.6f},{lat:.6f},{'yi' if yi else 'han'}\n")
    with liaisons.open("w", encoding="utf-8") as file:
        file.write("id,lon,lat,languages,limit\n")
        rows = zip(land["liaisons"], land["knows_yi"], land["limits"], strict=True)
        for i, ((lon, lat), yi, limit) in enumerate(rows):
            file.write(f"l{i},{lon:.6f},{lat:.6f},{'yi;han' if yi else 'han'},{limit}\n")


def bare_arcs(land: dict[str, Any]) -> tuple[Any, Any, Any]:
    """The nearest with whom the language is common, and how far they are in metres."""
    people = ball(land["people"][:, 0], land["people"][:, 1])
    liaisons = ball(land["liaisons"][:, 0], land["liaisons"][:, 1])
    persons, places, costs = [], [], []
    for needs_yi in (False, True):
        who = numpy.flatnonzero(land["only_yi"] == needs_yi)
        among = numpy.flatnonzero(land["knows_yi"]) if needs_yi else numpy.arange(len(liaisons))
        k = min(CANDIDATES, len(among))
        if not len(who) or not k:
            continue
        chord, near = cKDTree(liaisons[among]).query(people[who], k=numpy.arange(1, k + 1))
        persons.append(numpy.repeat(who, k))
        places.append(among[near.ravel()])
        costs.append(numpy.rint(way(chord).ravel() * 1000).astype("i8"))
    return numpy.concatenate(persons), numpy.concatenate(places), numpy.concatenate(costs)
