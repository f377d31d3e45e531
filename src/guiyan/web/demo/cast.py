"""The cast: a person for each role in Meigu, and an outsider of each in the next county.

Everybody is invented. Logins are the role's code, so that tests and readers find them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One person of the cast: who, in which role, at the organisation of which code."""

    key: str
    name: str
    role: str
    organisation_code: str

    @property
    def login(self) -> str:
        return self.key


# Codes of organisations as orgs.demo gives them.
SICHUAN, LIANGSHAN = "51", "5134"
MEIGU, ZHAOJUE = "513436", "513431"
BAPU, BAPU_EAST, BAPU_WEST = "513436100", "513436100001", "513436100002"
XINCHENG = "513431100"

STAFF = (
    Part("province_officer", "陈志远", "province_officer", SICHUAN),
    Part("city_officer", "马海尔布", "city_officer", LIANGSHAN),
    Part("county_officer", "阿力木呷", "county_officer", MEIGU),
    Part("township_officer", "吉克阿牛", "township_officer", BAPU),
    Part("branch_secretary", "曲比木乃", "branch_secretary", BAPU_EAST),
    Part("liaison", "俄木阿芝", "liaison", BAPU_EAST),
    Part("canvasser", "海来拉铁", "canvasser", BAPU),
    Part("desk_clerk", "罗晓燕", "desk_clerk", BAPU),
    Part("hotline_operator", "沙马伍呷", "hotline_operator", MEIGU),
    Part("department_handler", "刘建国", "department_handler", "513436-B1"),
    Part("industry_committee", "勒格尔者", "industry_committee", "513436-H1"),
    Part("outpost_head", "的日古哈", "outpost_head", "513436-W1"),
    Part("approver", "苏明", "approver", MEIGU),
    Part("system_administrator", "杨帆", "system_administrator", MEIGU),
    Part("security_administrator", "何静", "security_administrator", MEIGU),
    Part("audit_administrator", "邓涛", "audit_administrator", MEIGU),
)
OUTSIDERS = (
    Part("outside_county_officer", "尔古伍沙", "county_officer", ZHAOJUE),
    Part("outside_township_officer", "阿尔木果", "township_officer", XINCHENG),
    Part("outside_branch_secretary", "加拉曲布", "branch_secretary", XINCHENG + "001"),
    Part("outside_liaison", "果基阿依", "liaison", XINCHENG + "001"),
    Part("outside_canvasser", "赵晓峰", "canvasser", XINCHENG),
    Part("outside_desk_clerk", "黄丽", "desk_clerk", XINCHENG),
    Part("outside_hotline_operator", "吴芳", "hotline_operator", ZHAOJUE),
    Part("outside_department_handler", "周强", "department_handler", ZHAOJUE),
    Part("outside_industry_committee", "阿苦日哈", "industry_committee", ZHAOJUE),
    Part("outside_system_administrator", "冯波", "system_administrator", ZHAOJUE),
    Part("outside_security_administrator", "孙丽华", "security_administrator", ZHAOJUE),
    Part("outside_audit_administrator", "谢伟", "audit_administrator", ZHAOJUE),
    Part("outside_approver", "韩梅", "approver", ZHAOJUE),
)


def staff(key: str) -> Part:
    """The person of the cast with this key."""
    return next(part for part in STAFF if part.key == key)
