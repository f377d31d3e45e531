"""The public page behind a poster's code: opened, and answered question by question."""

import re
import time
from typing import Any

from bench import figures
from bench.browsing import Browser
from bench.scenarios.empty import spent, times_of

GOAL = 0.5
FILLS = 15  # below the number from one address that makes a report look like a machine's
_DRAFT = re.compile(r'name="draft" value="([^"]+)"')
ANSWERS = (
    ("name", {"name": "阿依木牛"}),
    ("phone", {"phone": "12000000001"}),
    ("home", {"home": "四川省美姑县"}),
    ("now_at", {"now_at": "泸州市"}),
    ("trade", {"trade": "餐饮"}),
    ("wish", {"wish": "call", "note": ""}),
)


def measure(port: int, pids: tuple[int, int], code: str, empty: dict[str, Any]) -> dict[str, Any]:
    """Requests each second of the first page and of all steps, beside the empty public page's."""
    first = times_of(port, f"/r/{code}", *pids)
    before = spent(*pids)
    steps, seconds = _fill(port, f"/r/{code}")
    cpu = round((spent(*pids) - before) / len(steps), 3)
    rate = figures.rate(len(steps), seconds)
    return {
        "first_page": first,
        "first_page_to_empty": {
            clients: figures.verdict(round(first[clients] / empty[clients], 2), GOAL, at_least=True)
            for clients in ("per_second_1", "per_second_8")
        },
        "steps": figures.summary(steps) | {"per_second_1": rate, "cpu_ms": cpu},
        "cpu_first_page_to_empty": round(first["cpu_ms"] / empty["cpu_ms"], 2),
        "cpu_steps_to_empty": round(cpu / empty["cpu_ms"], 2),
        "steps_to_empty": figures.verdict(
            round(rate / empty["per_second_1"], 2), GOAL, at_least=True
        ),
    }


def _fill(port: int, path: str) -> tuple[list[float], float]:
    """Whole reports, from the first question to the thanks: the time of each of their requests."""
    browser = Browser(port)
    took: list[float] = []
    begun = time.perf_counter()
    for _ in range(FILLS):
        answer = _clocked(took, lambda: browser.get(path))
        for step, given in (*ANSWERS, ("checking", {})):
            found = _DRAFT.search(answer.text)
            if answer.status != 200 or found is None:
                raise SystemExit(f"the report stopped before {step}: {answer.status}")
            fields = {"draft": found[1], "step": step, "go": "send" if not given else "", **given}
            answer = _clocked(took, lambda fields=fields: browser.post(path, **fields))
        if answer.status != 303:
            raise SystemExit(f"the report was not taken: {answer.status}")
    return took, time.perf_counter() - begun


def _clocked(took: list[float], ask: Any) -> Any:
    started = time.perf_counter()
    answer = ask()
    took.append((time.perf_counter() - started) * 1000)
    return answer
