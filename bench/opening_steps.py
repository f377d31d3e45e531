"""`python -m bench.opening_steps PREMISES`: the worker opens a round; one JSON of seconds and sizes."""

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from guiyan.platform.cli import boot

boot.set_up_django()

from django.db import connection, transaction  # noqa: E402 - after Django

from guiyan.orgs import commands as orgs  # noqa: E402
from guiyan.orgs.types import NewOrganisation, OrganisationFacts  # noqa: E402
from guiyan.outreach import commands as register  # noqa: E402
from guiyan.outreach import jobs  # noqa: E402
from guiyan.outreach.census import commands, counts  # noqa: E402
from guiyan.outreach.models import Standing  # noqa: E402
from guiyan.outreach.types import NewPremises  # noqa: E402
from guiyan.platform.actor import Actor  # noqa: E402
from guiyan.platform.clock import today  # noqa: E402
from guiyan.platform.scope import Scope, scoped  # noqa: E402

COUNTIES, TOWNSHIPS = 10, 10  # townships of each county


def seed(by: Actor, premises: int) -> list[OrganisationFacts]:
    """A city, its counties and their townships, which share the premises; the city and a county."""
    orgs.seed_kinds(by=by)
    orgs.seed_parameters(by=by)
    new = [
        NewOrganisation(None, "province_committee", "四川省委", "B", "510000000000"),
        NewOrganisation("B", "city_committee", "凉山州委", "B0", "513400000000"),
    ]
    for county in range(COUNTIES):
        code = f"5134{county:02}000000"
        new.append(NewOrganisation("B0", "county_committee", f"{county}县委", f"C{county}", code))
        new += [
            NewOrganisation(
                f"C{county}", "township_committee", f"{n}镇党委", f"T{county}-{n}", code
            )
            for n in range(TOWNSHIPS)
        ]
    opened = orgs.open_organisations(by=by, new=new, reason="bench")
    townships = [one for one in opened if one.code.startswith("T")]
    each = premises // len(townships)
    for place in townships:
        rows = [
            NewPremises(
                organisation_id=place.id, path=place.path, division_code=place.division_code,
                serial=str(n), name=f"第{n}小吃店", address=f"新建路{n}号",
            )
            for n in range(each)
        ]  # fmt: skip
        register.register_premises(by=by, new=rows)
    return [next(one for one in opened if one.code == code) for code in ("B0", "C0")]


def opened(by: Actor, top: OrganisationFacts) -> dict[str, Any]:
    """What the worker's own job needs for one round, asked for as its page does."""
    planned = commands.plan_round(
        by=by, organisation_id=top.id, title="摸排", purpose="一家不漏",
        starts_on=today(), ends_on=today() + timedelta(days=60),
    )  # fmt: skip
    commands.ask_to_open(by=by, round_id=planned.id)
    statements = 0

    def counted(execute: Callable[..., Any], *given: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*given)

    begun, cpu = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(counted):
        jobs.open_round(round_id=str(planned.id))
    told = {
        "seconds": round(time.perf_counter() - begun, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
        "statements": statements,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    return told | {"standings": _standings(planned.id)}


def _standings(round_id: UUID) -> int:
    with transaction.atomic(), scoped(Scope.everywhere()):
        while counts.fold():
            pass
        return Standing.objects.filter(round_id=round_id).count()


def main(premises: int) -> dict[str, Any]:
    """A tenth first: what the whole needs more of memory is what grows with the register."""
    by = Actor.system("bench")
    city, county = seed(by, premises)
    tenth, whole = opened(by, county), opened(by, city)
    return {"tenth": tenth, "whole": whole, "grown_mb": whole["peak_mb"] - tenth["peak_mb"]}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
