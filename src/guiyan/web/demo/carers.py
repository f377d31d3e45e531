"""Thirty contact persons in the township's branches, most of them bilingual, so that the members of
the demo can be paired. Invented people; nobody signs in as one of them."""

import secrets
from itertools import cycle

from guiyan.access import commands as access
from guiyan.liaison.pairing import commands as pairing
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.web.demo import cast

NAMES = (
    "阿约呷呷", "吉好小红", "沙马阿芝", "曲木拉日", "马卡木加", "俄尔伍各", "勒古阿牛", "阿候晓梅",
    "海乃尔古", "比布石一", "吉伍阿果", "瓦西木呷", "阿余建军", "尔恩阿依", "罗洪晓兰", "沙马建华",
    "吉克春梅", "曲比伍加", "马海秀珍", "俄木小龙", "勒格阿呷", "阿侯志强", "海来晓丽", "的惹木果",
    "王晓琴", "李建明", "张秀兰", "陈国华", "刘晓霞", "杨建平",
)  # fmt: skip
ONLY_HAN = 24  # from here on
TRADES = ("餐饮", "货运司机", "", "服装", "建筑", "", "快递", "理发")


def open_carers(by: Actor) -> None:
    """Their accounts, their role at a branch, and what they bring; limits from two to four."""
    township = orgs.organisation_by_code(cast.BAPU)
    first = [orgs.organisation_by_code(code) for code in (cast.BAPU_EAST, cast.BAPU_WEST)]
    others = [one for one in orgs.children_of(township.id) if "branch" in one.kind_code][:6]
    places = cycle([*first, *others])
    for number, name in enumerate(NAMES):
        _open(by, number, name, next(places))


def _open(by: Actor, number: int, name: str, branch: OrganisationFacts) -> None:
    account_id = access.create_account(
        by=by, login=f"carer_{number + 1:02}", name=name, password=secrets.token_urlsafe(16)
    )
    access.grant_role(
        by=by,
        account_id=account_id,
        role="liaison",
        organisation_id=branch.id,
        valid_from=by.today,
        reason="演示",
    )
    pairing.set_availability(
        by=by,
        account_id=account_id,
        organisation_id=branch.id,
        languages=("yi", "han") if number < ONLY_HAN else ("han",),
        trade=TRADES[number % len(TRADES)],
        limit=2 + number % 3,
        takes_members=True,
    )
