"""A large proposal takes effect: the worker's job `liaison.commit_later` over 100,000 lines, every one
of them a member who goes to somebody else, beside the same rows inserted by the database alone.

`BENCH_COMMITTED="10000x900"` commits so many lines for so many contact persons instead.
"""

import json
import os
import subprocess
import sys
from typing import Any

from bench import figures
from bench.bound import insert_again
from bench.house import house

MEMBERS, CARERS = (int(one) for one in os.getenv("BENCH_COMMITTED", "100000x8544").split("x"))
WRITTEN = ("liaison_contactperson",)


def measure(members: int = MEMBERS, carers: int = CARERS) -> dict[str, Any]:
    """In a house of its own; a tenth first, so that what memory follows the lines is seen."""
    with house() as home:
        with home.without_archive():
            drafts = _steps("seed", home.admin_url, str(members), str(carers))
        found = _steps("commit", *drafts)
        bound = round(sum(insert_again(home.admin_url, *WRITTEN).values()), 2)
    tenth, rest = found["tenth"], found["rest"]
    return {
        **found,
        "seconds": figures.beside(rest["seconds"], bound, "s: all rows, the database alone"),
        "statements_do_not_follow_the_lines": rest["statements"] == tenth["statements"],
        "kb_a_line": round(
            (rest["peak_rss_mb"] - tenth["peak_rss_mb"]) * 1024 / (rest["lines"] - tenth["lines"]),
            1,
        ),
    }


def _steps(*arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "bench.commit_steps", *arguments],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout.strip().splitlines()[-1])
