"""The demo's census: 4,568 invented premises over Meigu's townships, a round that began three weeks
ago, and two teams in 巴普镇 with people of the cast. No shop has a manager or a telephone number."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from guiyan.access.queries import account_id_of_login
from guiyan.orgs import queries as orgs
from guiyan.orgs.kinds import Ability
from guiyan.orgs.types import OrganisationFacts
from guiyan.outreach import commands as register
from guiyan.outreach.census import commands as census
from guiyan.outreach.types import NewPremises
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped
from guiyan.web.demo import cast, walked

PREMISES: Final = 4_568
_IN_THE_COUNTY_TOWN: Final = 5  # shares of 巴普镇; every other township has one
_SIGNS: Final = ("阿依", "木呷", "兴旺", "顺达", "金沙", "彝家", "红火", "大凉山", "吉祥", "雁来")
_TRADES: Final = (
    "小吃店", "小超市", "理发店", "服装店", "汽修店", "建材经营部", "药店", "宾馆", "快递服务部",
    "五金店", "手机维修店", "茶馆",
)  # fmt: skip


def tell(by: Actor, progress: Callable[[str, float], None]) -> None:
    """The register, the round over the county, and who walks in the county town."""
    progress("The census", 0.0)
    meigu, bapu = (orgs.organisation_by_code(code) for code in (cast.MEIGU, cast.BAPU))
    townships = [
        one
        for one in orgs.children_of(meigu.id)
        if one.can(Ability.COMMITTEE) and one.kind_code == bapu.kind_code
    ]
    with scoped(by.scope):
        register.register_premises(by=by, new=list(premises_of(townships, bapu.id)), reason="演示")
        began = replace(by, today=by.today - walked.BEGAN)
        round_ = census.plan_round(
            by=began,
            organisation_id=meigu.id,
            title="两新组织和个体工商户摸排",
            purpose="逐户走访，找到在美姑工作生活的流动党员，一家不漏。",
            starts_on=began.today,
            ends_on=began.today + walked.LASTS,
        )
        census.open_round(by=began, round_id=round_.id)
        areas = census.propose_areas(
            by=by, round_id=round_.id, organisation_id=bapu.id, parts=len(_TEAMS) * 3
        )
        census.confirm_areas(by=by, round_id=round_.id, organisation_id=bapu.id)
        for number, (name, people) in enumerate(_TEAMS):
            team = census.make_team(by=by, round_id=round_.id, organisation_id=bapu.id, name=name)
            for key, kind in people:
                part = cast.staff(key)
                account_id = account_id_of_login(part.login)
                census.add_person(
                    by=by, team_id=team.id, kind=kind, name=part.name, account_id=account_id
                )
            for area in areas[number :: len(_TEAMS)]:
                census.give_area(by=by, area_id=area.id, team_id=team.id)
        walked.walk(by, [(area, _logins(team)) for area, team in zip(areas, _TEAMS, strict=False)])
        walked.screen(by)
    progress("The census", 1.0)


_TEAMS: Final = (
    ("巴普一组", (("canvasser", "volunteer"),)),
    ("巴普二组", (("branch_secretary", "cadre"), ("township_officer", "official"))),
)


def _logins(team: tuple[str, tuple[tuple[str, str], ...]]) -> list[str]:
    _name, people = team
    return [login for login, _kind in people]


def premises_of(
    townships: Sequence[OrganisationFacts], county_town_id: object
) -> Iterator[NewPremises]:
    """4,568 in all, in the townships by their shares, in each along its villages."""
    shares = [
        one
        for one in townships
        for _ in range(_IN_THE_COUNTY_TOWN if one.id == county_town_id else 1)
    ]
    villages = {one.id: _villages(one) for one in townships}
    towns = {one.id: orgs.division_name(one.division_code) for one in townships}
    walked = dict.fromkeys(villages, 0)
    for number in range(PREMISES):
        place = shares[number % len(shares)]
        step = walked[place.id]
        walked[place.id] += 1
        names = villages[place.id]
        village = names[step % len(names)]
        yield NewPremises(
            organisation_id=place.id,
            path=place.path,
            division_code=place.division_code,
            serial=str(number + 1),
            name=f"{_SIGNS[number % len(_SIGNS)]}{_TRADES[number // 10 % len(_TRADES)]}{number + 1}",
            type="个体工商户",
            address=f"{towns[place.id]}{village}{step // len(names) + 1}号",
            state="closed" if number % 40 == 7 else "",
        )


def _villages(place: OrganisationFacts) -> list[str]:
    """As addresses write them: 城东社区, 牛洛村."""
    below = orgs.divisions_at_and_below(place.division_code)[1:]
    names = [name.removesuffix("居民委员会").removesuffix("村民委员会") for _code, name in below]
    return [
        name if name.endswith("社区") else f"{name.removesuffix('村')}村" for name in names
    ] or [place.short_name]
