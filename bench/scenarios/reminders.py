"""Reminders: 100,000 members are told of one thing; who is asked, whose number, which way, how often."""

import json
import os
import subprocess
import sys
from typing import Any

from bench import figures
from bench.bound import insert_again
from bench.house import house

GOAL_S = 60.0
WRITTEN = ("messaging_sayingto", "channels_outboxmessage")
MEMBERS = 100_000


def measure(members: int = MEMBERS) -> dict[str, Any]:
    """In a house of its own, by a process of its own; a fake stands in the provider's place."""
    with house() as home:
        done = subprocess.run(
            [sys.executable, "-m", "bench.reminder_steps", str(members)],
            check=True,
            text=True,
            stdout=subprocess.PIPE,
            env=os.environ | {"GUIYAN_DEMO": "1"},
        )
        bound = round(sum(insert_again(home.admin_url, *WRITTEN).values()), 2)
    found: dict[str, Any] = json.loads(done.stdout)
    say_s = found.pop("say_s")
    return {
        "say_s": figures.verdict(say_s, GOAL_S),
        "beside": figures.beside(say_s, bound, "s: the same rows, the database alone"),
        **found,
    }
