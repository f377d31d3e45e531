"""`python -m bench [SCENARIO…]`: one JSON of figures, on this machine, in this run."""

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bench import machine
from bench.house import House, free_port, guiyan_web, house, web_server
from guiyan.platform.cli import boot

RESULTS = Path(__file__).parent / "results"
IN_THE_BIG_HOUSE = ("registers", "check_in", "documents", "imports", "dues")
BY_THEMSELVES = ("divisions", "idle", "pairing", "outbox", "sync")
SCENARIOS = IN_THE_BIG_HOUSE + BY_THEMSELVES


@click.command()
@click.argument("scenarios", nargs=-1, type=click.Choice(SCENARIOS))
@click.option("--members", default=1_000_000, show_default=True)
@click.option("--branches", default=60_000, show_default=True)
@click.option("--times", default=100, show_default=True, help="Visits of each page.")
@click.option("--rows", default=100_000, show_default=True, help="Rows of the imported file.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=RESULTS / "latest.json"
)
@click.option(
    "--home", type=click.Path(file_okay=False, path_type=Path), help="Keep the filled house here."
)
def bench(
    scenarios: tuple[str, ...],
    members: int,
    branches: int,
    times: int,
    rows: int,
    out: Path,
    home: Path | None,
) -> None:
    """Measure the SCENARIOs, or all of them, and write one JSON."""
    wanted = scenarios or SCENARIOS
    found: dict[str, Any] = {
        "machine": machine.facts(),
        "scale": {"members": members, "branches": branches, "rows": rows},
        "figures": {},
    }
    out.parent.mkdir(parents=True, exist_ok=True)

    def keep(name: str, figures: Any) -> None:
        found["figures"][name] = {"load": machine.load(), **figures}
        found["machine"]["load_at_end"] = machine.load()
        out.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    if set(wanted) & set(IN_THE_BIG_HOUSE):
        with house(home) as filled:
            boot.set_up_django()
            _in_the_big_house(filled, wanted, members, branches, times, rows, out, found, keep)
    for name in BY_THEMSELVES:
        if name in wanted:
            _say(name)
            keep(name, _module(f"scenarios.{name}").measure())
    _say(f"written: {out}")


def _in_the_big_house(
    filled: House, wanted: tuple[str, ...], members: int, branches: int, times: int, rows: int, out: Path,
    found: dict[str, Any], keep: Callable[[str, Any], None],
) -> None:  # fmt: skip
    _say("filling the house")
    big = _module("big")
    found["seed"] = _module("people").SEED
    found["filling_s"] = big.fill(filled, members, branches)
    found["postgres"] = filled.server.cluster.binaries.version
    officers = big.officers(filled, branches)
    empty = _module("scenarios.empty").measure()
    keep("empty", empty)
    port = free_port()
    with web_server(guiyan_web(), port, GUIYAN_LOG_LEVEL="WARNING") as pid:
        pids = (pid, filled.server.cluster.running_pid() or 0)
        if "registers" in wanted:
            _say("registers")
            module = _module("scenarios.registers")
            keep("registers", module.measure(
                filled, officers, port, pids, empty["staff"], out.with_suffix(".plans"), times, _say,
            ))  # fmt: skip
            keep("policies", module.one_sided(filled, officers, times))
        if "check_in" in wanted:
            _say("check_in")
            code = big.check_in_code(filled, officers[-1])
            keep(
                "check_in", _module("scenarios.check_in").measure(port, pids, code, empty["public"])
            )
    if "documents" in wanted:
        _say("documents")
        keep("documents", _module("scenarios.documents").measure(officers[2]))
    if "imports" in wanted:
        _say("imports")
        township = officers[3]
        keep("imports", _module("scenarios.imports").measure(filled, township.organisation, rows))
    if "dues" in wanted:
        _say("dues")
        keep("dues", _module("scenarios.dues").measure())


def _module(name: str) -> Any:
    """Loaded only now: settings read the environment of the house that was just built."""
    return importlib.import_module(f"bench.{name}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    bench()
