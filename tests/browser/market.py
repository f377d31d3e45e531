"""A township in a census: two streets, two teams, a canvasser of each, an officer who leads it."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from guiyan.access import commands as access
from guiyan.orgs import commands as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.outreach import commands as outreach
from guiyan.outreach.census import commands as census
from guiyan.outreach.types import NewPremises
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped
from tests.browser.server import Server, running_server

PASSWORD = "Geese-come-home-9"
COUNT = """
import json, django
django.setup()
from django.db import transaction
from guiyan.flows.models import Lead
from guiyan.outreach.models import Standing, Visit
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped
with transaction.atomic(), scoped(Actor.system("count").scope):
    states = {}
    for state in Standing.objects.values_list("state", flat=True):
        states[state] = states.get(state, 0) + 1
    print(json.dumps({"states": states, "visits": Visit.objects.count(), "leads": Lead.objects.count()}))
"""
# Each person signs in once in a test, so each has a secret of their own.
PEOPLE = {
    "lead": ("阿牛尔布", "township_officer", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    "east": ("吉克阿支", "canvasser", "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"),
    "west": ("沙马木果", "canvasser", "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK"),
}
ABOVE = (
    ("province_committee", "四川省委组织部", "510000000000"),
    ("city_committee", "凉山州委组织部", "513400000000"),
    ("county_committee", "美姑县委组织部", "513436000000"),
    ("township_committee", "巴普镇党委", "513436100000"),
)
STREETS = {"东街": 6, "西街": 6}
LONG_STREETS = {"东街": 200, "西街": 200}


def build() -> dict[str, Any]:
    """Made by the rooms' own commands; returns who signs in with what, and the round."""
    return _built(STREETS)


def build_large() -> dict[str, Any]:
    """The same with areas that come in many pages."""
    return _built(LONG_STREETS)


def _built(streets: dict[str, int]) -> dict[str, Any]:
    by = Actor.system("测试")
    orgs.seed_kinds(by=by)
    orgs.seed_parameters(by=by)
    orgs.seed_working_days(by=by)
    township = _opened(by)
    accounts = {login: _account(by, login, township) for login in PEOPLE}
    with transaction.atomic(), scoped(by.scope):
        round_id, areas = _census(by, township, accounts, streets)
    return {
        "people": {
            login: {"login": login, "password": PASSWORD, "totp_secret": secret}
            for login, (_name, _role, secret) in PEOPLE.items()
        },
        "round": str(round_id),
        "areas": areas,
        "premises": sum(streets.values()),
    }


def _opened(by: Actor) -> OrganisationFacts:
    parent: OrganisationFacts | None = None
    for kind, name, division in ABOVE:
        parent = orgs.open_organisation(
            by=by, parent_id=parent.id if parent else None, kind=kind, name=name,
            code=f"T{division.rstrip('0')}", division_code=division,
        )  # fmt: skip
    assert parent is not None
    return parent


def _account(by: Actor, login: str, township: OrganisationFacts) -> Any:
    name, role, secret = PEOPLE[login]
    account_id = access.create_account(by=by, login=login, name=name, password=PASSWORD)
    access.grant_role(
        by=by, account_id=account_id, role=role, organisation_id=township.id,
        valid_from=date(2020, 1, 1), reason="测试",
    )  # fmt: skip
    access.provision_sign_in(by=by, account_id=account_id, password=PASSWORD, totp_secret=secret)
    return account_id


def _census(
    by: Actor,
    township: OrganisationFacts,
    accounts: dict[str, Any],
    streets: dict[str, int],
) -> tuple[Any, dict[str, str]]:
    new = [
        NewPremises(
            organisation_id=township.id, path=township.path, division_code="513436100000",
            name=f"{street}{number}号铺", address=f"巴普镇{street}{number}号", type="个体工商户",
        )
        for street, many in streets.items()
        for number in range(1, many + 1)
    ]  # fmt: skip
    outreach.register_premises(by=by, new=new)
    planned = census.plan_round(
        by=by, organisation_id=township.id, title="秋季摸排", purpose="摸清流动党员底数",
        starts_on=by.today, ends_on=by.today + timedelta(days=90), letter="欢迎回家。",
    )  # fmt: skip
    census.open_round(by=by, round_id=planned.id)
    areas = census.propose_areas(by=by, round_id=planned.id, organisation_id=township.id, parts=2)
    census.confirm_areas(by=by, round_id=planned.id, organisation_id=township.id)
    ids = {}
    for area, login in zip(areas, ("east", "west"), strict=True):
        team = census.make_team(
            by=by, round_id=planned.id, organisation_id=township.id, name=f"{PEOPLE[login][0]}组"
        )
        census.add_person(
            by=by, team_id=team.id, kind="official", name=PEOPLE[login][0],
            account_id=accounts[login],
        )  # fmt: skip
        census.give_area(by=by, area_id=area.id, team_id=team.id)
        ids[login] = str(area.id)
        ids[f"team_{login}"] = str(team.id)
    return planned.id, ids


def counted(server: Server) -> dict[str, Any]:
    """What the server holds of the census, read beside the browser."""
    found: dict[str, Any] = json.loads(server.run("-c", COUNT).splitlines()[-1])
    return found


def market_server(
    admin_url: str, keys_dir: Path, name: str, prepare: Callable[[], dict[str, Any]] = build
) -> AbstractContextManager[Server]:
    """The whole product over a township of its own."""
    return running_server(
        admin_url, name=f"guiyan_{name}", keys_dir=keys_dir, prepare=prepare,
        application="guiyan.web.wsgi:application",
    )  # fmt: skip
