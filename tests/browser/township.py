"""A township that receives: its officer, a branch, members away and arrived, two leads."""

from datetime import date
from typing import Any

from django.db import transaction

from guiyan.access import commands as access
from guiyan.flows import commands as flows
from guiyan.flows import counts
from guiyan.flows.commands import Opening
from guiyan.flows.rules import CaseState
from guiyan.flows.types import LeadSaid, Stay
from guiyan.members import commands as members
from guiyan.members.types import MemberFacts, NewMember
from guiyan.orgs import commands as orgs
from guiyan.orgs.types import NewServicePoint, OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped
from tests.people import invented_id, invented_phone

LOGIN, PASSWORD, TOTP_SECRET = "aniu", "Geese-come-home-9", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ABOVE = (
    ("province_committee", "四川省委组织部", "510000000000"),
    ("city_committee", "凉山州委组织部", "513400000000"),
    ("county_committee", "美姑县委组织部", "513436000000"),
    ("township_committee", "巴普镇党委", "513436100000"),
)
SURNAMES = ("吉克", "沙马", "马海", "阿力", "曲比", "勒伍")
GIVEN = ("阿支", "小英", "建国", "木果", "石一", "拉铁", "尔布", "日哈", "阿依", "伍呷")
AWAY, ARRIVED = 54, 6


def build() -> dict[str, Any]:
    """Made by the rooms' own commands; returns how the officer signs in and the poster's code."""
    by = Actor.system("测试")
    orgs.seed_kinds(by=by)
    orgs.seed_parameters(by=by)
    orgs.seed_working_days(by=by)
    township = _opened(by)
    branch = orgs.open_organisation(
        by=by, parent_id=township.id, kind="community_branch", name="城东社区党支部",
        code="T513436100001", division_code="513436100001",
    )  # fmt: skip
    orgs.add_service_points(
        by=by,
        new=[
            NewServicePoint(
                organisation_code=township.code,
                kind="hotline",
                name="巴普镇流动党员热线",
                duty_hours=((0, "08:30", "17:30"),),
                phone="12034567",
            )
        ],
        reason="测试",
    )
    account_id = access.create_account(by=by, login=LOGIN, name="阿牛尔布", password=PASSWORD)
    access.grant_role(
        by=by, account_id=account_id, role="township_officer", organisation_id=township.id,
        valid_from=date(2020, 1, 1), reason="测试",
    )  # fmt: skip
    access.provision_sign_in(
        by=by, account_id=account_id, password=PASSWORD, totp_secret=TOTP_SECRET
    )
    with transaction.atomic(), scoped(by.scope):
        _people(by, township, branch)
        counts.fold()
    return {
        "login": LOGIN,
        "password": PASSWORD,
        "totp_secret": TOTP_SECRET,
        "code": township.check_in_code,
    }


def _opened(by: Actor) -> OrganisationFacts:
    above: OrganisationFacts | None = None
    for kind, name, division in ABOVE:
        above = orgs.open_organisation(
            by=by,
            parent_id=above and above.id,
            kind=kind,
            name=name,
            code=f"T{division.rstrip('0')}",
            division_code=division,
        )
    assert above is not None
    return above


def _people(by: Actor, township: OrganisationFacts, branch: OrganisationFacts) -> None:
    away = _registered(by, AWAY, 1, home_organisation_id=branch.id)
    arrived = _registered(
        by, ARRIVED, 500, home_text="贵州省某党支部", host_organisation_id=township.id
    )
    flows.open_cases(
        by=by,
        openings=[
            *(
                Opening(
                    member,
                    CaseState.DECLARED,
                    Stay(left_on=date(2025, 3, 1), reason_away="务工", host_text="广东省东莞市"),
                    home=branch,
                )
                for member in away
            ),
            *(
                Opening(
                    member,
                    CaseState.VERIFIED,
                    Stay(left_on=date(2025, 1, 1), reason_away="经商", home_text="贵州省某党支部"),
                    host=township,
                )
                for member in arrived
            ),
        ],
    )
    for name, suspicion in (("李秀英", ""), ("机器", "trap")):
        flows.take_lead(
            by=by,
            organisation_id=township.id,
            door="qr",
            search_method="self",
            said=LeadSaid(name=name, phone=invented_phone(31), now_at="巴普镇农贸市场"),
            suspicion=suspicion,
        )


def _registered(by: Actor, many: int, first: int, **sides: Any) -> list[MemberFacts]:
    new = [
        NewMember(
            name=SURNAMES[n % len(SURNAMES)] + GIVEN[n % len(GIVEN)],
            id_number=invented_id(born=date(1970, 1 + n % 12, 1), sequence=first + n),
            phone=invented_phone(first + n),
            trade=("建筑", "餐饮", "家政")[n % 3],
            **sides,
        )
        for n in range(many)
    ]
    return list(members.register_members(by=by, new=new, reason="测试"))
