"""Dues of a million members in one night, what the next night touches, and today's list of 6,000."""

import time
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench import figures, processes
from bench.bare import Bare, Statement
from bench.bound import insert_again
from bench.house import House
from guiyan.field.models import Due
from guiyan.liaison.cadence import materialising, queries
from guiyan.liaison.models import CadenceStanding
from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.platform.scope import Scope, scoped

GOAL_NIGHT_S, GOAL_TODAY_MS = 300.0, 100.0
CONTACTS, VISITS, CHANGED = 6_000, 60, 1_000
TABLES = ("field_due", "liaison_cadencestanding")
PLACE = "0001"  # the first province, whose contact person is asked


def measure(house: House) -> dict[str, Any]:
    """The first night, the same night again, and the next one, in which a thousand stays are new;
    then one contact person's list."""
    day, by = today(), Actor.system("bench")
    _as_before(house)
    first = _night(house, day, by)
    bound = insert_again(house.admin_url, *TABLES)
    with psycopg.connect(house.admin_url, autocommit=True) as owner:
        owner.execute(f"vacuum analyze {', '.join(TABLES)}")
    again = _night(house, day, by)
    forgotten = _forget(CHANGED)
    following = _night(house, day + timedelta(days=1), by)
    following["forgotten"] = forgotten
    return {
        "nights": {"first": first, "again": again, "next": following},
        "first_night_s": figures.verdict(first["seconds"], GOAL_NIGHT_S),
        "first_night": figures.beside(
            first["seconds"], round(sum(bound.values()), 2), "the same rows, the database alone"
        ),
        "only_what_is_new_was_put": following["put"] == forgotten,
        "today": _today(house),
    }


def _as_before(house: House) -> None:
    """A kept house has the dues of its last run."""
    with psycopg.connect(house.admin_url, autocommit=True) as owner:
        owner.execute(f"truncate {', '.join(TABLES)}")


def _night(house: House, on: date, by: Actor) -> dict[str, Any]:
    database = house.server.cluster.running_pid() or 0
    begun, cpu, of_database = time.perf_counter(), time.process_time(), processes.cpu_ms(database)
    put = materialising.tonight(on, by)
    return {
        "put": put,
        "seconds": round(time.perf_counter() - begun, 1),
        "python_cpu_s": round(time.process_time() - cpu, 1),
        "database_cpu_s": round((processes.cpu_ms(database) - of_database) / 1000, 1),
    }


def _forget(many: int) -> int:
    """So many stays are as if they were new; returns how many dues of theirs are gone."""
    with transaction.atomic(), scoped(Scope.everywhere()):
        ids = list(CadenceStanding.objects.values_list("case_id", flat=True)[:many])
        CadenceStanding.objects.filter(case_id__in=ids).delete()
        return Due.objects.filter(subject_id__in=ids).delete()[0]


def _today(house: House) -> dict[str, Any]:
    """The first page of a contact person with 6,000 members who are all due, beside its statements."""
    account_id = uuid4()
    with transaction.atomic(), scoped(Scope.everywhere()):
        Due.objects.filter(case_id__in=_some_cases()).update(owner_account_id=account_id)
    by = Actor.system("bench")
    liaison = Actor(
        kind="staff",
        name="bench",
        today=by.today,
        account_id=account_id,
        path=PLACE,
        permissions=by.permissions,
    )
    took = []
    for _ in range(VISITS):
        with transaction.atomic(), scoped(liaison.scope):
            begun = time.perf_counter()
            page = queries.today_list(liaison)
            took.append((time.perf_counter() - begun) * 1000)
    if len(page.rows) != queries.ON_A_PAGE:
        raise SystemExit(f"today's list shows {len(page.rows)} of 6,000")
    with transaction.atomic(), scoped(liaison.scope), CaptureQueriesContext(connection) as sent:
        queries.today_list(liaison)
    sql = _alone(house, liaison, [query["sql"] for query in sent.captured_queries])
    summary = figures.summary(took)
    return {
        "contacts": CONTACTS,
        "ms": summary,
        "p95_ms": figures.verdict(summary["p95"], GOAL_TODAY_MS),
        "beside": figures.beside(summary["p50"], sql, "its statements alone"),
    }


def _alone(house: House, liaison: Actor, statements: list[str]) -> float:
    """Milliseconds of the statements by psycopg, each told what the planner was told for it."""
    bare, told, sql = Bare(house.web_url, liaison.scope), "", 0.0
    for text in statements:
        if "enable_bitmapscan" in text:
            told = text
        elif text.lower().startswith("select"):
            sql += figures.percentile(bare.timed(Statement(text, told), times=10), 50)
    return round(sql, 2)


def _some_cases() -> list[UUID]:
    rows = Due.objects.filter(kind="contact", path__startswith=PLACE)
    return list(rows.values_list("subject_id", flat=True)[:CONTACTS])
