"""`guiyan census`: how far the rounds are, for scripts and for whoever watches."""

import json
from typing import Any

import click
from django.db import transaction

from guiyan.outreach.census import queries
from guiyan.outreach.census.types import RoundFacts, Tally
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped


@click.group()
def census() -> None:
    """The census: how far its rounds are."""


@census.command()
@click.option("--all", "with_closed", is_flag=True, help="Rounds that are not open, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one line a round.")
def status(with_closed: bool, as_json: bool) -> None:
    """Each open round with its states, what is left, and whether the states add up to the register.

    Leaves with 1 when they do not add up: counts are folded every few seconds while it is served.
    """
    by = Actor.system("command line")
    adds_up = True
    with transaction.atomic(), scoped(by.scope):
        for one in queries.rounds_for(by):
            if one.is_open or with_closed:
                told = _told(by, one)
                adds_up &= bool(told["adds_up"])
                click.echo(json.dumps(told, ensure_ascii=False) if as_json else _line(told))
    if not adds_up:
        raise SystemExit(1)


def _told(by: Actor, one: RoundFacts) -> dict[str, Any]:
    whole: Tally = queries.coverage(by, one.id, one.organisation_id)[0]
    live = queries.standing_count(by, one.id)
    return {
        "id": str(one.id),
        "kind": one.kind,
        "state": one.state,
        "title": one.title,
        "total": whole.total,
        "done": whole.done,
        "left": whole.left,
        "states": {state: n for state, n in sorted(whole.counts.items()) if n},
        "standings": live,
        "adds_up": whole.total == live,
    }


def _line(told: dict[str, Any]) -> str:
    states = " ".join(f"{state}={n}" for state, n in told["states"].items())
    rest = "" if told["adds_up"] else f"\tnot added up: {told['standings']} standings"
    return f"{told['title']}\t{told['done']}/{told['total']}\tleft {told['left']}\t{states}{rest}"
