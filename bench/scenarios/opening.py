"""A round over 100,000 premises is opened by the worker: seconds, processor, statements, memory."""

import json
import subprocess
import sys
from typing import Any

from bench import figures
from bench.bound import insert_again
from bench.house import house

PREMISES = 100_000


def measure(premises: int = PREMISES) -> dict[str, Any]:
    """In a house of its own, by a process of its own; a tenth of it before, to see what grows."""
    with house() as home:
        done = subprocess.run(
            [sys.executable, "-m", "bench.opening_steps", str(premises)],
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        )
        bound = round(sum(insert_again(home.admin_url, "outreach_standing").values()), 2)
    found: dict[str, Any] = json.loads(done.stdout)
    words = "s: the rows of both rounds, the database alone"
    return {"beside": figures.beside(found["whole"]["seconds"], bound, words), **found}
