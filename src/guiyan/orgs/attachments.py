"""What hangs on an organisation in the rooms above: they say it here, so that closing leaves
nobody behind and a preview can name who is affected, without this room knowing theirs."""

from collections.abc import Callable

Counter = Callable[[str], int]

_counters: dict[str, Counter] = {}


def register(name: str, count: Counter) -> None:
    """Called in an application's `ready()`. `name` is a Chinese noun for pages (“党员”); `count`
    takes a path and returns how many people or open matters hang at it or below."""
    _counters[name] = count


def attached(path: str) -> dict[str, int]:
    """How many of each kind hang at the path or below; one query or so for each room."""
    return {name: count(path) for name, count in _counters.items()}
