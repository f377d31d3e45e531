"""A progress bar on standard error: one line where somebody watches, a line a step in a log."""

import sys
from collections.abc import Callable

import click

WIDTH = 30


def bar() -> Callable[[str, float], None]:
    """Returns a function that takes the step's name and its share done, 0 to 1."""
    last: dict[str, int] = {}

    def show(step: str, share: float) -> None:
        percent = int(min(max(share, 0.0), 1.0) * 100)
        if last.get(step) == percent:
            return
        is_new = step not in last
        last[step] = percent
        if sys.stderr.isatty():
            filled = "█" * (percent * WIDTH // 100)
            click.echo(
                f"\r{step:<46} {filled:<{WIDTH}} {percent:3d} %", nl=percent == 100, err=True
            )
        elif is_new or percent == 100:
            click.echo(f"{step} … {percent} %", err=True)

    return show
