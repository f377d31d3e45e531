"""Dues of a million members in one night, what the next night touches, and today's list of 6,000."""

import statistics
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from bench import figures
from guiyan.field.models import Due
from guiyan.liaison.cadence import materialising, queries
from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.platform.scope import Scope, scoped

GOAL_NIGHT_S, GOAL_TODAY_MS = 300.0, 100.0
CONTACTS, VISITS = 6_000, 20


def measure() -> dict[str, Any]:
    """The first night, the same night again, and the next one; then one contact person's list."""
    day, by = today(), Actor.system("bench")
    nights = {}
    for name, on in (("first", day), ("again", day), ("next", day + timedelta(days=1))):
        begun, cpu = time.perf_counter(), time.process_time()
        put = materialising.tonight(on, by)
        nights[name] = {
            "put": put,
            "seconds": round(time.perf_counter() - begun, 1),
            "cpu_s": round(time.process_time() - cpu, 1),
        }
    return {
        "nights": nights,
        "first_night_s": figures.verdict(nights["first"]["seconds"], GOAL_NIGHT_S),
        "today_ms": figures.verdict(_today_ms(), GOAL_TODAY_MS),
    }


def _today_ms() -> float:
    """The first page of a contact person with 6,000 members who are all due; the median."""
    account_id = uuid4()
    with transaction.atomic(), scoped(Scope.everywhere()):
        cases = list(_some_cases())
        Due.objects.filter(case_id__in=cases).update(owner_account_id=account_id)
    by = Actor.system("bench")
    liaison = Actor(
        kind="staff",
        name="bench",
        today=by.today,
        account_id=account_id,
        path="0001",
        permissions=by.permissions,
    )
    took = []
    for _ in range(VISITS):
        with transaction.atomic(), scoped(liaison.scope):
            begun = time.perf_counter()
            page = queries.today_list(liaison)
            took.append((time.perf_counter() - begun) * 1000)
    if not page.rows:
        raise SystemExit("today's list is empty")
    return round(statistics.median(took), 1)


def _some_cases() -> list[UUID]:
    rows = Due.objects.filter(kind="contact").values_list("subject_id", flat=True)
    return list(rows[:CONTACTS])
