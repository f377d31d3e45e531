"""The named people of the tests, with their organisations: Meigu's tree and the next county's.

Actors are made without a database. Rooms that need rows of the organisations plant `PLACES` with
the same ids and paths. Everybody here is invented.
"""

import datetime
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from guiyan.access.roles import permissions_of
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission

TODAY = datetime.date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation of the tests."""

    code: str
    path: str
    name: str
    division_code: str

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE_URL, f"guiyan:test:{self.code}")


PROVINCE = Place("T51", "0001", "四川省委组织部", "510000000000")
CITY = Place("T5134", "00010001", "凉山州委组织部", "513400000000")
MEIGU = Place("T513436", "000100010001", "美姑县委组织部", "513436000000")
TOWNSHIP = Place("T513436100", "0001000100010001", "巴普镇党委", "513436100000")
BRANCH = Place("T513436100001", "00010001000100010001", "城东社区党支部", "513436100001")
OTHER_BRANCH = Place("T513436100002", "00010001000100010002", "城西社区党支部", "513436100002")
CENTRE = Place("T513436900", "0001000100010002", "美姑县流动党员服务中心", "513436000000")
OUTPOST = Place("T513436901", "0001000100010003", "美姑县驻贵阳流动党员党支部", "513436000000")
INDUSTRY = Place("T513436902", "0001000100010004", "美姑县建筑行业党委", "513436000000")
NEXT_COUNTY = Place("T513431", "000100010002", "昭觉县委组织部", "513431000000")
NEXT_TOWNSHIP = Place("T513431100", "0001000100020001", "新城镇党委", "513431100000")
NEXT_BRANCH = Place("T513431100001", "00010001000200010001", "新城社区党支部", "513431100001")

PLACES = (
    PROVINCE, CITY, MEIGU, TOWNSHIP, BRANCH, OTHER_BRANCH, CENTRE, OUTPOST, INDUSTRY,
    NEXT_COUNTY, NEXT_TOWNSHIP, NEXT_BRANCH,
)  # fmt: skip


def official(role: str, place: Place, name: str, *more_roles: str) -> Actor:
    """A member of staff in the given roles at one organisation."""
    roles = (role, *more_roles)
    return Actor(
        kind="staff",
        name=name,
        today=TODAY,
        account_id=uuid5(NAMESPACE_URL, f"guiyan:test:{role}:{place.code}:{name}"),
        organisation_id=place.id,
        organisation_name=place.name,
        path=place.path,
        roles=roles,
        permissions=permissions_of(roles),
    )


def with_permissions(actor: Actor, *permissions: Permission) -> Actor:
    """The same person, with exactly these permissions."""
    return Actor(
        kind="staff",
        name=actor.name,
        today=actor.today,
        account_id=actor.account_id,
        organisation_id=actor.organisation_id,
        organisation_name=actor.organisation_name,
        path=actor.path,
        roles=actor.roles,
        permissions=frozenset(permissions),
    )


OFFICIALS: dict[str, Actor] = {
    "county_officer": official("county_officer", MEIGU, "吉木阿依"),
    "township_officer": official("township_officer", TOWNSHIP, "沙马尔古"),
    "branch_secretary": official("branch_secretary", BRANCH, "阿尔木呷"),
    "liaison": official("liaison", BRANCH, "曲比小花"),
    "canvasser": official("canvasser", TOWNSHIP, "马海拉且"),
    "desk_clerk": official("desk_clerk", MEIGU, "罗小雁"),
    "hotline_operator": official("hotline_operator", MEIGU, "何小听"),
    "department_handler": official("department_handler", MEIGU, "冯办实"),
    "industry_committee": official("industry_committee", INDUSTRY, "石建业"),
    "city_officer": official("city_officer", CITY, "吴州平"),
    "province_officer": official("province_officer", PROVINCE, "蜀望归"),
    "system_administrator": official("system_administrator", MEIGU, "钟运维"),
    "security_administrator": official("security_administrator", MEIGU, "安守门"),
    "audit_administrator": official("audit_administrator", MEIGU, "申明察"),
    "outpost_head": official("outpost_head", OUTPOST, "俄木远行"),
    "approver": official("approver", MEIGU, "皮复核"),
}

OUTSIDERS: dict[str, Actor] = {
    "county_officer": official("county_officer", NEXT_COUNTY, "外县甲"),
    "township_officer": official("township_officer", NEXT_TOWNSHIP, "外县乙"),
    "branch_secretary": official("branch_secretary", NEXT_BRANCH, "外县丙"),
    "liaison": official("liaison", NEXT_BRANCH, "外县丁"),
    "canvasser": official("canvasser", NEXT_TOWNSHIP, "外县戊"),
    "desk_clerk": official("desk_clerk", NEXT_COUNTY, "外县己"),
    "hotline_operator": official("hotline_operator", NEXT_COUNTY, "外县庚"),
    "department_handler": official("department_handler", NEXT_COUNTY, "外县辛"),
    "industry_committee": official("industry_committee", NEXT_COUNTY, "外县壬"),
    "security_administrator": official("security_administrator", NEXT_COUNTY, "外县癸"),
    "audit_administrator": official("audit_administrator", NEXT_COUNTY, "外县子"),
}
