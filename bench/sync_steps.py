"""`python -m bench.sync_steps seed|apply|count …`: what the scenario `sync` asks of the database."""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from guiyan.platform.cli import boot

boot.set_up_django()

from django.db import transaction  # noqa: E402 - after Django

from guiyan.access import handsets  # noqa: E402
from guiyan.access.models import Account, Grant  # noqa: E402
from guiyan.access.roles import permissions_of  # noqa: E402
from guiyan.field import packets  # noqa: E402
from guiyan.field.commands import receiving  # noqa: E402
from guiyan.field.models import Receipt  # noqa: E402
from guiyan.field.types import Batch  # noqa: E402
from guiyan.orgs import commands as orgs  # noqa: E402
from guiyan.orgs.types import NewOrganisation, OrganisationFacts  # noqa: E402
from guiyan.outreach import commands as register  # noqa: E402
from guiyan.outreach.census import commands as census  # noqa: E402
from guiyan.outreach.census import queries  # noqa: E402
from guiyan.outreach.models import Visit  # noqa: E402
from guiyan.outreach.types import NewPremises  # noqa: E402
from guiyan.platform import clock  # noqa: E402
from guiyan.platform.actor import Actor  # noqa: E402
from guiyan.platform.scope import Scope, scoped  # noqa: E402

DOORS_IN_AN_AREA = 500
IN_A_TEAM = 25
BATCH = 200
AT_ONCE = 2


def _worker(role: str, place: OrganisationFacts, name: str) -> Actor:
    account = Account.objects.create(login=f"bench-{uuid4().hex[:12]}", name=name, password="")
    Grant.objects.create(
        account=account, role=role, organisation_id=place.id, path=place.path,
        valid_from=date(2020, 1, 1), granted_by="bench",
    )  # fmt: skip
    return Actor(
        kind="staff", name=name, today=clock.today(), account_id=account.id,
        organisation_id=place.id, organisation_name=place.name, path=place.path,
        roles=(role,), permissions=permissions_of((role,)),
    )  # fmt: skip


def seed(phones: int, out: str) -> None:
    """A township with an area of 500 doors for every 25 phones; tokens and doors into a file."""
    system = Actor.system("bench")
    orgs.seed_kinds(by=system)
    orgs.seed_parameters(by=system)
    opened = orgs.open_organisations(
        by=system,
        new=[
            NewOrganisation(None, "province_committee", "四川省委", "B1", "510000000000"),
            NewOrganisation("B1", "city_committee", "凉山州委", "B2", "513400000000"),
            NewOrganisation("B2", "county_committee", "美姑县委", "B3", "513436000000"),
            NewOrganisation("B3", "township_committee", "巴普镇党委", "B4", "513436100000"),
        ],
        reason="bench",
    )
    place = opened[-1]
    officer = _worker("township_officer", place, "沙马尔古")
    areas = max(1, phones // IN_A_TEAM)
    new = [
        NewPremises(
            organisation_id=place.id, path=place.path, division_code="513436100000",
            name=f"第{n}小吃店", address=f"巴普镇新建路{n}号",
        )
        for n in range(areas * DOORS_IN_AN_AREA)
    ]  # fmt: skip
    register.register_premises(by=officer, new=new)
    planned = census.plan_round(
        by=officer, organisation_id=place.id, title="摸排", purpose="一家不漏",
        starts_on=clock.today(), ends_on=clock.today() + timedelta(days=30),
    )  # fmt: skip
    census.open_round(by=officer, round_id=planned.id)
    at = {"round_id": planned.id, "organisation_id": place.id}
    proposed = census.propose_areas(by=officer, parts=areas, **at)
    census.confirm_areas(by=officer, **at)
    found = []
    for area in proposed:
        team = census.make_team(by=officer, name=f"第{area.number}组", **at)
        census.give_area(by=officer, area_id=area.id, team_id=team.id)
        with transaction.atomic(), scoped(officer.scope):
            doors = [str(one.id) for one in queries.standings_of_area(officer, area.id)]
        for n in range(min(IN_A_TEAM, phones)):
            walker = _worker("canvasser", place, f"摸排员{area.number}-{n}")
            census.add_person(
                by=officer, team_id=team.id, kind="volunteer", name=walker.name,
                account_id=walker.account_id,
            )  # fmt: skip
            issued = handsets.issue_handset(by=walker, description="")
            found.append(
                {
                    "token": issued.token,
                    "device_id": str(issued.facts.id),
                    "area_id": str(area.id),
                    "doors": doors[n::IN_A_TEAM],
                }
            )
    with open(out, "w", encoding="utf-8") as file:
        json.dump(found, file)


def apply(seeded: str) -> None:
    """Batches of 200 visits, past the HTTP layer, two at once as in the threads of one web process;
    one JSON of how many in how many seconds."""
    with open(seeded, encoding="utf-8") as file:
        first = json.load(file)[0::IN_A_TEAM]
    wall, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = sum(pool.map(_bring, first))
    took = time.perf_counter() - wall
    print(json.dumps({"applied": done, "s": took, "cpu_s": time.process_time() - cpu}))


def _bring(phone: dict[str, Any]) -> int:
    """One phone visits every door of its area and brings it in batches."""
    sender, actor = receiving.sender_of(phone["device_id"])
    with transaction.atomic(), scoped(actor.scope):
        doors = [str(o.id) for o in queries.standings_of_area(actor, phone["area_id"])]
    place = packets.Place(0, 1, "", 1, "", clock.now().isoformat())
    token = packets._token("census", phone["area_id"], place)
    done = 0
    for start in range(0, len(doors), BATCH):
        operations = tuple(
            {
                "id": str(uuid4()), "kind": "census.visit", "version": 1, "base_version": None,
                "area_id": phone["area_id"], "subject_id": door, "body": {"state": "none_found"},
            }
            for door in doors[start : start + BATCH]
        )  # fmt: skip
        batch = Batch(operations, packets={phone["area_id"]: token})
        answers = receiving.receive(by=actor, sender=sender, batch=batch)
        done += sum(answer.state == "applied" for answer in answers)
    return done


def count() -> None:
    with transaction.atomic(), scoped(Scope.everywhere()):
        print(json.dumps({"receipts": Receipt.objects.count(), "visits": Visit.objects.count()}))


if __name__ == "__main__":
    os.umask(0o077)
    {
        "seed": lambda a: seed(int(a[0]), a[1]),
        "apply": lambda a: apply(a[0]),
        "count": lambda a: count(),
    }[sys.argv[1]](sys.argv[2:])
