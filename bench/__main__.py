"""`python -m bench [SCENARIO…]`: one JSON of figures, on this machine, in this run."""

import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from bench import machine
from bench.figures import lines
from bench.house import House, free_port, guiyan_web, house, web_server
from bench.others import Others
from guiyan.platform.cli import boot

RESULTS = Path(__file__).parent / "results"
IN_THE_BIG_HOUSE = ("registers", "check_in", "coverage", "documents", "imports", "dues")
BY_THEMSELVES = (
    "divisions",
    "idle",
    "pairing",
    "commits",
    "opening",
    "outbox",
    "reminders",
    "sync",
)
SCENARIOS = IN_THE_BIG_HOUSE + BY_THEMSELVES
# What `--small` makes of the sizes that are not said: a look at whether everything runs.
SMALL: dict[str, int] = {"members": 20_000, "branches": 1_200, "times": 5, "rows": 2_000}
SMALL_PAIRING = ((49, 30), (10_000, 500))
SMALL_COMMITS = {"members": 10_000, "carers": 900}
SMALL_OUTBOX = {"reminders": 2_000, "sent": 200}
SMALL_SYNC = {"BENCH_PHONES": "40", "BENCH_WITHIN_S": "20"}


@dataclass
class Run:
    """What is wanted, in which sizes, and the figures found so far; written down after each."""

    wanted: tuple[str, ...]
    members: int
    branches: int
    times: int
    rows: int
    is_small: bool
    out: Path
    found: dict[str, Any] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def attempt(self, name: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The figures of one scenario are kept; one that fails is told and stops no other."""
        _say(name)
        begun = time.monotonic()
        with Others() as others:
            try:
                figures = measure()
            except (Exception, SystemExit) as broken:
                traceback.print_exc()
                self.failed.append(name)
                figures = {"failed": f"{type(broken).__name__}: {broken}"[:500]}
        told = {"load": machine.load(), "scenario_s": round(time.monotonic() - begun)}
        told |= others.told()
        _tell(name, told, figures)
        self.found["figures"][name] = {**told, **figures}
        self.found["machine"]["load_at_end"] = machine.load()
        text = json.dumps(self.found, ensure_ascii=False, indent=1)
        self.out.write_text(text + "\n", encoding="utf-8")
        return figures


@click.command()
@click.argument("scenarios", nargs=-1, type=click.Choice(SCENARIOS))
@click.option("--members", type=int, help="People in the big house; 1,000,000 unless said.")
@click.option("--branches", type=int, help="Branches of the big house; 60,000 unless said.")
@click.option("--times", type=int, help="Visits of each page; 60 unless said.")
@click.option("--rows", type=int, help="Rows of the imported file; 100,000 unless said.")
@click.option("--small", "is_small", is_flag=True, help="Everything in small, within minutes.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=RESULTS / "latest.json"
)
@click.option(
    "--home", type=click.Path(file_okay=False, path_type=Path), help="Keep the filled house here."
)
def bench(
    scenarios: tuple[str, ...],
    members: int | None,
    branches: int | None,
    times: int | None,
    rows: int | None,
    is_small: bool,
    out: Path,
    home: Path | None,
) -> None:
    """Measure the SCENARIOs, or all of them, and write one JSON.

    A scenario that fails stands in it with its reason, and the run ends with exit code 1.
    """
    usual = SMALL if is_small else {}
    run = Run(
        wanted=scenarios or SCENARIOS,
        members=members or usual.get("members", 1_000_000),
        branches=branches or usual.get("branches", 60_000),
        times=times or usual.get("times", 60),
        rows=rows or usual.get("rows", 100_000),
        is_small=is_small,
        out=out,
    )
    run.found = {
        "machine": machine.facts(),
        "scale": {"members": run.members, "branches": run.branches, "rows": run.rows},
        "figures": {},
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    if set(run.wanted) & set(IN_THE_BIG_HOUSE):
        with house(home) as filled:
            boot.set_up_django()
            _in_the_big_house(run, filled)
    for name in BY_THEMSELVES:
        if name in run.wanted:
            run.attempt(name, lambda name=name: _by_itself(name, run.is_small))  # type: ignore[misc]
    _say(f"written: {out}")
    if run.failed:
        _say(f"failed: {', '.join(run.failed)}")
        raise SystemExit(1)


def _in_the_big_house(run: Run, filled: House) -> None:
    _say("filling the house")
    big = _module("big")
    run.found["seed"] = _module("people").SEED
    run.found["filling_s"] = big.fill(filled, run.members, run.branches)
    run.found["postgres"] = filled.server.cluster.binaries.version
    officers = big.officers(filled, run.branches)
    if {"registers", "check_in", "coverage"} & set(run.wanted):
        _pages(run, filled, officers)
    inside: dict[str, Callable[[], dict[str, Any]]] = {
        "documents": lambda: _module("scenarios.documents").measure(officers[2]),
        "imports": lambda: _module("scenarios.imports").measure(
            filled, officers[3].organisation, run.rows
        ),
        "dues": lambda: _module("scenarios.dues").measure(filled),
    }
    for name, measure in inside.items():
        if name in run.wanted:
            run.attempt(name, measure)


def _pages(run: Run, filled: House, officers: list[Any]) -> None:
    empty = run.attempt("empty", _module("scenarios.empty").measure)
    port = free_port()
    with web_server(guiyan_web(), port, GUIYAN_LOG_LEVEL="ERROR") as pid:
        pids = (pid, filled.server.cluster.running_pid() or 0)
        if "registers" in run.wanted:
            module = _module("scenarios.registers")
            plans = run.out.with_suffix(".plans")
            run.attempt("registers", lambda: module.measure(
                filled, officers, port, pids, empty["staff"], plans, run.times, _say,
            ))  # fmt: skip
            run.attempt("policies", lambda: module.one_sided(filled, officers, run.times))
        if "coverage" in run.wanted:
            module = _module("scenarios.coverage")
            run.attempt("coverage", lambda: module.measure(
                filled, officers, port, pids, empty["staff"], run.members, run.times,
            ))  # fmt: skip
        if "check_in" in run.wanted:
            code = _module("big").check_in_code(filled, officers[-1])
            run.attempt("check_in", lambda: _module("scenarios.check_in").measure(
                port, pids, code, empty["public"],
            ))  # fmt: skip


def _by_itself(name: str, is_small: bool) -> dict[str, Any]:
    if is_small:
        os.environ.update(SMALL_SYNC)  # read when the module is loaded, and by its own processes
    module = _module(f"scenarios.{name}")
    sizes: dict[str, Any] = {}
    if is_small and name == "pairing":
        sizes = {"sizes": SMALL_PAIRING}
    if is_small and name == "commits":
        sizes = SMALL_COMMITS
    if is_small and name == "outbox":
        sizes = SMALL_OUTBOX
    if is_small and name == "opening":
        sizes = {"premises": 30_000}
    if is_small and name == "reminders":
        sizes = {"members": 2_000}
    found: dict[str, Any] = module.measure(**sizes)
    return found


def _module(name: str) -> Any:
    """Loaded only now: settings read the environment of the house that was just built."""
    return importlib.import_module(f"bench.{name}")


def _tell(name: str, told: dict[str, Any], figures: dict[str, Any]) -> None:
    """What was found, and whether the machine was ours alone."""
    for line in lines(figures):
        _say(f"  {line}")
    state = "LOADED" if told["loaded"] else "quiet"
    _say(
        f"  {name}: {told['scenario_s']} s, load {told['load'][0]}, others used"
        f" {told['others_used_cores']} cores: {state}"
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    bench()
