"""The board of a province's census: five million premises by their counters, seen over HTTP.

A register of five million rows is not written: a board reads counters only, so counters are what
is filled, by the worker's own folding of deltas from every township."""

import time
from datetime import timedelta
from itertools import cycle
from typing import Any
from uuid import UUID

from django.db import transaction

from bench import figures
from bench.big import Officer
from bench.browsing import timed
from guiyan.orgs import queries as orgs
from guiyan.orgs.kinds import Ability
from guiyan.outreach.census import commands, counts, rules
from guiyan.outreach.models import Round, StandingDelta
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_rows
from guiyan.platform.clock import today
from guiyan.platform.scope import Scope, scoped

GOAL_PAGE_MS = 150.0
PREMISES, DAYS = 5_000_000, 30


def measure(officers: list[Officer], port: int, times: int) -> dict[str, Any]:
    """Seconds to fold what every township says, and the board of each level that may see it."""
    top = min(officers, key=lambda one: len(one.path))
    with transaction.atomic(), scoped(Scope.everywhere()):
        round_id, many = _filled(top)
    begun, cpu = time.perf_counter(), time.process_time()
    folded = 0
    while True:
        with transaction.atomic():
            some = counts.fold()
        folded += some
        if not some:
            break
    found: dict[str, Any] = {
        "premises": many,
        "fold": {
            "deltas": folded,
            "seconds": round(time.perf_counter() - begun, 1),
            "cpu_s": round(time.process_time() - cpu, 1),
        },
    }
    for officer in officers:
        if officer.level in ("province", "city", "county"):
            browser = officer.browser(port)
            path = f"/w/census/{round_id}?at={officer.organisation}"
            took = timed(browser, lambda window, _number, path=path: window.get(path), times=times)
            summary = figures.summary(took)
            found[officer.level] = summary | {
                "page_ms": figures.verdict(summary["p95"], GOAL_PAGE_MS)
            }
    return found


def _filled(top: Officer) -> tuple[UUID, int]:
    by = Actor.system("bench")
    planned = commands.plan_round(
        by=by, organisation_id=UUID(top.organisation), title="全省摸排", purpose="试算",
        starts_on=today() - timedelta(days=DAYS), ends_on=today() + timedelta(days=60),
    )  # fmt: skip
    Round.objects.filter(pk=planned.id).update(
        state="open", opened_on=today() - timedelta(days=DAYS)
    )
    places = [path for _id, path in orgs.paths_under(top.path, ability=Ability.COMMITTEE)]
    deepest = max(len(path) for path in places)
    townships = [path for path in places if len(path) == deepest]
    each = PREMISES // len(townships)
    rows = [
        StandingDelta(round_id=planned.id, path=path, cell=cell, change=change)
        for path in townships
        for cell, change in _cells(each)
    ]
    insert_rows(rows)
    return planned.id, each * len(townships)


def _cells(each: int) -> list[tuple[str, int]]:
    """One township: every state, and what was done on each of thirty days."""
    per_state = each // len(rules.STATES)
    states = [(state, per_state) for state in rules.STATES]
    states[0] = (states[0][0], each - per_state * (len(states) - 1))
    first = today() - timedelta(days=DAYS)
    days = [
        ((first + timedelta(days=n)).isoformat(), more)
        for n, more in zip(range(DAYS), cycle((3, 0, 5)), strict=False)
    ]
    return states + days
