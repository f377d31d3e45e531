"""A branch that keeps in touch: its secretary, two contact persons, members with and without a phone."""

from datetime import date
from typing import Any

from django.db import transaction

from guiyan.access import commands as access
from guiyan.flows import commands as flows
from guiyan.flows.commands import Opening
from guiyan.flows.rules import CaseState
from guiyan.flows.types import Placing, Stay
from guiyan.liaison import commands as liaison
from guiyan.liaison.cadence import materialising
from guiyan.members import commands as members
from guiyan.members.types import NewMember
from guiyan.orgs import commands as orgs
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped
from tests.browser.township import _opened
from tests.people import invented_id, invented_phone

PASSWORD = "Geese-come-home-9"
# Each person signs in once in a test, so each has a secret of their own.
PEOPLE = {
    "carer": ("俄木阿芝", "liaison", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    "other": ("吉克阿支", "liaison", "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"),
    "secretary": ("阿牛尔布", "branch_secretary", "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK"),
}
MEMBERS: dict[str, dict[str, Any]] = {
    "阿依": {"phone": invented_phone(901), "languages": ("yi", "han"), "trade": "餐饮"},
    "木呷": {"phone": invented_phone(902)},
    "尔布": {"has_phone": False, "reads_little": True, "address": "巴普镇城东社区农贸市场8号"},
    "史呷": {
        "phone": invented_phone(903), "phone_whose": "shared", "phone_relation": "邻居",
        "has_phone": False,
    },
    "曲布": {"phone": invented_phone(904)},
    "拉且": {"phone": invented_phone(905)},
}  # fmt: skip

ABROAD = "吉伙拉千"


def build() -> dict[str, Any]:
    """Made by the rooms' own commands; returns who signs in with what, and each member's stay."""
    by = Actor.system("测试")
    orgs.seed_kinds(by=by)
    orgs.seed_parameters(by=by)
    orgs.seed_working_days(by=by)
    township = _opened(by)
    branch = orgs.open_organisation(
        by=by, parent_id=township.id, kind="community_branch", name="城东社区党支部",
        code="T513436100001", division_code="513436100001",
    )  # fmt: skip
    accounts = {login: _account(by, login, branch.id) for login in PEOPLE}
    with transaction.atomic(), scoped(by.scope):
        cases = _members(by, township, branch.id, accounts["carer"])
        cases[ABROAD] = _abroad(by, branch.id)
    materialising.tonight(by.today, by)
    return {
        "people": {
            login: {"login": login, "password": PASSWORD, "totp_secret": secret}
            for login, (_name, _role, secret) in PEOPLE.items()
        },
        "accounts": {login: str(account_id) for login, account_id in accounts.items()},
        "cases": cases,
    }


def _abroad(by: Actor, branch_id: Any) -> str:
    """A member of this branch who works abroad: the branch itself keeps in touch."""
    new = NewMember(
        name=ABROAD, home_organisation_id=branch_id, phone=invented_phone(906),
        id_number=invented_id(born=date(1975, 1, 1), sequence=77),
    )  # fmt: skip
    (member,) = members.register_members(by=by, new=[new], reason="测试")
    stay = Stay(left_on=date(2025, 1, 1), reason_away="务工", host_text="马来西亚", is_abroad=True)
    return str(flows.declare_case(by=by, member_id=member.id, stay=stay).id)


def _account(by: Actor, login: str, branch_id: Any) -> Any:
    name, role, secret = PEOPLE[login]
    account_id = access.create_account(by=by, login=login, name=name, password=PASSWORD)
    access.grant_role(
        by=by, account_id=account_id, role=role, organisation_id=branch_id,
        valid_from=date(2020, 1, 1), reason="测试",
    )  # fmt: skip
    access.provision_sign_in(by=by, account_id=account_id, password=PASSWORD, totp_secret=secret)
    return account_id


def _members(by: Actor, township: Any, branch_id: Any, carer: Any) -> dict[str, str]:
    home = "贵州省某党支部"
    new = [
        NewMember(
            name=name, home_text=home, host_organisation_id=township.id,
            id_number=invented_id(born=date(1970, 1, 1), sequence=number + 1), **more,
        )
        for number, (name, more) in enumerate(MEMBERS.items())
    ]  # fmt: skip
    arrived = members.register_members(by=by, new=new, reason="测试")
    stay = Stay(left_on=date(2025, 1, 1), reason_away="经商", home_text=home)
    openings = [Opening(one, CaseState.VERIFIED, stay, host=township) for one in arrived]
    cases = flows.open_cases(by=by, openings=openings)
    flows.place_members(by=by, placings=[Placing(one.id, branch_id, "就近") for one in cases])
    for case in cases:
        liaison.assign_contact_person(by=by, case_id=case.id, account_id=carer)
    return {case.member_name: str(case.id) for case in cases}
