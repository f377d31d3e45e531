"""The smallest place in which somebody works: one county committee, and its officer's account."""

from datetime import date
from typing import Any

from guiyan.access import commands as access
from guiyan.orgs import commands as orgs
from guiyan.platform.actor import Actor

LOGIN, PASSWORD, TOTP_SECRET = "aniu", "Geese-come-home-9", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NAME, COMMITTEE = "阿牛尔布", "美姑县委组织部"
ABOVE = (
    ("province_committee", "四川省委组织部", "510000000000"),
    ("city_committee", "凉山州委组织部", "513400000000"),
    ("county_committee", COMMITTEE, "513436000000"),
)


def build() -> dict[str, Any]:
    """Made by the rooms' own commands; returns how the officer signs in."""
    by = Actor.system("测试")
    orgs.seed_kinds(by=by)
    above = None
    for kind, name, division in ABOVE:
        above = orgs.open_organisation(
            by=by,
            parent_id=above and above.id,
            kind=kind,
            name=name,
            code=f"T{division.rstrip('0')}",
            division_code=division,
        )
    committee = above
    assert committee is not None
    account_id = access.create_account(by=by, login=LOGIN, name=NAME, password=PASSWORD)
    access.grant_role(
        by=by,
        account_id=account_id,
        role="county_officer",
        organisation_id=committee.id,
        valid_from=date(2020, 1, 1),
        reason="测试",
    )
    access.provision_sign_in(
        by=by, account_id=account_id, password=PASSWORD, totp_secret=TOTP_SECRET
    )
    return {"login": LOGIN, "password": PASSWORD, "totp_secret": TOTP_SECRET}
