"""Every division of the country, 620,573 villages with all above them, into an empty database."""

import json
import time
from typing import Any

from bench import figures
from bench.house import house

GOAL_S = 60.0


def measure() -> dict[str, Any]:
    with house() as empty:
        started = time.perf_counter()
        loaded = json.loads(empty.run("divisions", "load", "--json").stdout)
        first = round(time.perf_counter() - started, 1)
        started = time.perf_counter()
        empty.run("divisions", "load", "--json")
        again = round(time.perf_counter() - started, 1)
    return {
        "new": loaded["new"],
        "seconds": figures.verdict(first, GOAL_S),
        "again_seconds": again,
    }
