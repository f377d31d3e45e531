"""Times as percentiles, and as ratios to what a bare query and a bare framework took beside them."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any

SHARES = (50, 95, 99)


def percentile(times: Sequence[float], share: int) -> float:
    """The smallest of the times that at least `share` in a hundred do not exceed (nearest rank)."""
    if not times:
        raise ValueError("no time was taken")
    if not 0 < share <= 100:
        raise ValueError("a share lies above 0 and at most at 100")
    return sorted(times)[ceil(len(times) * share / 100) - 1]


def summary(times: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 in the unit of the times, and how many there were."""
    return {f"p{share}": round(percentile(times, share), 3) for share in SHARES} | {"n": len(times)}


def ratio(of: dict[str, float], *beside: dict[str, float]) -> dict[str, float]:
    """Each percentile over the sum of the same percentile of what stands beside it."""
    names = [f"p{share}" for share in SHARES]
    return {name: round(of[name] / sum(other[name] for other in beside), 2) for name in names}


def rate(requests: int, seconds: float) -> float:
    """Requests for each second."""
    if seconds <= 0:
        raise ValueError("no time has passed")
    return round(requests / seconds, 1)


def verdict(value: float, goal: float, *, at_least: bool = False) -> dict[str, Any]:
    """A figure beside its goal; a goal is missed in plain sight, it fails nothing."""
    is_met = value >= goal if at_least else value <= goal
    found = {"value": value, "goal": f"{'≥' if at_least else '≤'} {goal:g}", "met": is_met}
    return found | ({"of_goal": round(value / goal, 2)} if goal else {})


def beside(value: float, bound: float, what: str) -> dict[str, Any]:
    """A figure beside what the same machine needs at least, measured in the same run."""
    times = round(value / bound, 2) if bound else None
    return {"value": value, "bound": bound, "bound_is": what, "ratio": times}


def lines(found: Mapping[str, Any], name: str = "") -> Iterator[str]:
    """Each figure that has a goal or a bound, as a line to be read while the bench runs."""
    if "goal" in found and "met" in found:
        is_met = "met" if found["met"] else "MISSED"
        share = f", {found['of_goal']} of it" if "of_goal" in found else ""
        yield f"{name}: {found['value']:g} (goal {found['goal']}{share}): {is_met}"
    elif "bound_is" in found:
        yield (
            f"{name}: {found['value']:g} beside {found['bound']:g} ({found['bound_is']}):"
            f" ratio {found['ratio']}"
        )
    else:
        for key, inner in found.items():
            if isinstance(inner, Mapping):
                yield from lines(inner, f"{name} {key}".strip())
