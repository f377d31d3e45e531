"""The outbox: how long 100,000 reminders take to be put, and how many go out in a second."""

import json
import os
import subprocess
import sys
from typing import Any

from bench import figures
from bench.bound import insert_again
from bench.house import house

GOAL_S = 60.0
WRITTEN = ("channels_outboxmessage",)
REMINDERS, SENT = 100_000, 2_000


def measure(reminders: int = REMINDERS, sent: int = SENT) -> dict[str, Any]:
    """In a house of its own, by a process of its own; a fake stands in the provider's place."""
    with house() as home:
        done = subprocess.run(
            [sys.executable, "-m", "bench.outbox_steps", str(reminders), str(sent)],
            check=True,
            text=True,
            stdout=subprocess.PIPE,
            env=os.environ | {"GUIYAN_DEMO": "1"},
        )
        bound = round(sum(insert_again(home.admin_url, *WRITTEN).values()), 2)
    found: dict[str, Any] = json.loads(done.stdout)
    return {
        "put_s": figures.verdict(found["put_s"], GOAL_S),
        "beside": figures.beside(
            found["put_s"], bound, "s: the same rows, the database alone"
        ),
        "sent_per_second": figures.rate(found["sent"], found["send_s"]),
        **{name: found[name] for name in ("reminders", "put_cpu_s", "put_again_s", "sent", "peak_rss_mb")},
    }  # fmt: skip
