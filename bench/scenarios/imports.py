"""A moved-in register of many rows, from the file to the register, with its duplicate check."""

import json
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from bench import figures, processes
from bench.house import House
from bench.import_rows import make_csv

GOAL_S = 60.0


def measure(house: House, organisation: str, rows: int) -> dict[str, Any]:
    """`guiyan import moved-in` end to end, then the same file again, all of it known by then."""
    with psycopg.connect(house.owner_url) as database:
        row = database.execute(
            "select code from orgs_organisation where id = %s", [organisation]
        ).fetchone()
    assert row is not None
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "moved-in.csv"
        file.write_bytes(make_csv(rows))
        before = _cpu_ms(house)
        first, counts = _import(house, file, str(row[0]))
        spent = {part: ms - before[part] for part, ms in _cpu_ms(house).items()}
        again, known = _import(house, file, str(row[0]))
    return {
        "rows": rows,
        "seconds": figures.verdict(first, GOAL_S),
        "rows_per_second": figures.rate(rows, first),
        "cpu_ms_per_row": {part: round(ms / rows, 3) for part, ms in spent.items()},
        "counts": counts,
        "again_seconds": again,
        "again_counts": known,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def _cpu_ms(house: House) -> dict[str, float]:
    """Of the commands that have ended, and of the database with all its connections."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "python": (ended.ru_utime + ended.ru_stime) * 1000,
        "database": processes.cpu_ms(house.server.cluster.running_pid() or 0),
    }


def _import(house: House, file: Path, code: str) -> tuple[float, dict[str, int]]:
    started = time.perf_counter()
    done = house.run("import", "moved-in", str(file), "--organisation", code, "--json")
    seconds = round(time.perf_counter() - started, 1)
    found = json.loads(done.stdout)
    wanted = ("rows", "new", "changed", "duplicate", "wrong", "skipped")
    return seconds, {name: found[name] for name in wanted}
