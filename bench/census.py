"""A province's census: its premises with what is known of each, and their counters.

The rows are written by the owner of the tables, in the shape that the commands would have written;
the counters come from deltas of every township, which the worker's own folding adds up.
"""

import time
from datetime import timedelta
from itertools import cycle
from typing import Any
from uuid import UUID

import psycopg
from django.db import transaction

from bench.big import Officer
from bench.house import House
from bench.people import indexed_afterwards
from guiyan.orgs import queries as orgs
from guiyan.orgs.kinds import Ability
from guiyan.outreach.census import commands, counts, rules
from guiyan.outreach.models import Round, StandingDelta
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_rows
from guiyan.platform.clock import today
from guiyan.platform.launcher.roles import OWNER
from guiyan.platform.scope import Scope, scoped

DAYS, IN_A_STREET = 30, 40
TITLE = "全省摸排，逐户"

_PREMISES = """
insert into outreach_premises (id, path, organisation_id, division_code, serial, name, name_key,
  credit_code, licence, type, address, phone_mask, state, version, created_at)
select md5(t.path || '/' || g)::uuid, t.path, t.id, '', g::text, '第' || g || '小吃店',
  '第' || g || '小吃店', '', '', '餐饮', '新建路' || g || '号', '', '', 1, now()
from unnest(%s::text[], %s::uuid[]) as t (path, id), generate_series(1, %s) as g
"""
_STANDINGS = """
insert into outreach_standing (id, round_id, path, organisation_id, premises_id, number, village,
  street, house, state, reason, come_back_on, visited_on, has_conflict, version, area_version)
select md5('s' || t.path || '/' || g)::uuid, %(round)s, t.path, t.id,
  md5(t.path || '/' || g)::uuid, (t.place - 1) * %(each)s + g, '', '新建路' || g / %(street)s, g,
  s.state, '', case when s.state = 'closed' then current_date + g %% 20 - 10 end,
  case when s.state <> 'not_visited' then current_date - g %% 30 end, g %% 1000 = 7, 1, 1
from unnest(%(paths)s::text[], %(ids)s::uuid[]) with ordinality as t (path, id, place),
  generate_series(1, %(each)s) as g,
  lateral (select (%(states)s::text[])[greatest(1, least(array_length(%(states)s::text[], 1),
    1 + (g - 1 - %(more)s) / %(per)s))] as state) as s
"""


def filled(house: House, top: Officer, premises: int) -> tuple[UUID, dict[str, Any]]:
    """The open round over the province's premises; what is there from an earlier run is left."""
    known = Round.objects.filter(title=TITLE, path=top.path).values_list("id", flat=True)
    with transaction.atomic(), scoped(Scope.everywhere()):
        there = known.first()
    if there is not None:
        return there, {"kept": True}
    began = time.perf_counter()
    with transaction.atomic(), scoped(Scope.everywhere()):
        townships = _townships(top)
    each = premises // len(townships)
    with transaction.atomic(), scoped(Scope.everywhere()):
        round_id = _planned(top)
    _pour(house, round_id, townships, each)
    with transaction.atomic(), scoped(Scope.everywhere()):
        insert_rows(
            [
                StandingDelta(round_id=round_id, path=path, cell=cell, change=change)
                for path, _id in townships
                for cell, change in _cells(each)
            ]
        )
    told = {"premises": each * len(townships), "filling_s": round(time.perf_counter() - began)}
    told |= _fold()
    with psycopg.connect(house.admin_url, autocommit=True) as database:
        database.execute("vacuum analyze outreach_standingcount")
    with transaction.atomic(), scoped(Scope.everywhere()):
        Round.objects.filter(pk=round_id).update(title=TITLE)  # now it is whole
    return round_id, told


def _townships(top: Officer) -> list[tuple[str, UUID]]:
    places = orgs.paths_under(top.path, ability=Ability.COMMITTEE)
    deepest = max(len(path) for _id, path in places)
    return [(path, place_id) for place_id, path in places if len(path) == deepest]


def _planned(top: Officer) -> UUID:
    by, begun = Actor.system("bench"), today() - timedelta(days=DAYS)
    planned = commands.plan_round(
        by=by, organisation_id=UUID(top.organisation), title="未写完", purpose="试算",
        starts_on=begun, ends_on=today() + timedelta(days=60),
    )  # fmt: skip
    Round.objects.filter(pk=planned.id).update(state="open", opened_on=begun)
    return planned.id


def _pour(house: House, round_id: UUID, townships: list[tuple[str, UUID]], each: int) -> None:
    paths, ids = [path for path, _ in townships], [str(one) for _, one in townships]
    per = each // len(rules.STATES)
    values = {
        "round": round_id, "paths": paths, "ids": ids, "each": each, "street": IN_A_STREET,
        "states": list(rules.STATES), "per": per, "more": each - per * len(rules.STATES),
    }  # fmt: skip
    with psycopg.connect(house.admin_url) as database:
        database.execute("set session_replication_role = replica")  # rows fit by construction
        database.execute(f"set role {OWNER}")
        database.execute("set synchronous_commit = off")
        database.execute("set maintenance_work_mem = '512MB'")
        with indexed_afterwards(database, "outreach_premises"):
            database.execute(_PREMISES, [paths, ids, each])
        database.commit()
        with indexed_afterwards(database, "outreach_standing"):
            database.execute(_STANDINGS, values)
    with psycopg.connect(house.admin_url, autocommit=True) as database:
        database.execute("vacuum analyze outreach_premises, outreach_standing")


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


def _fold() -> dict[str, Any]:
    begun, cpu = time.perf_counter(), time.process_time()
    folded = 0
    while True:
        with transaction.atomic():
            some = counts.fold()
        folded += some
        if not some:
            break
    return {
        "fold": {
            "deltas": folded,
            "seconds": round(time.perf_counter() - begun, 1),
            "cpu_s": round(time.process_time() - cpu, 1),
        }
    }
