"""What has happened so far in the demo: members declared away, claimed, placed and contacted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from guiyan.flows import commands as flows
from guiyan.flows.commands import Opening
from guiyan.flows.types import CaseFacts, CaseState, LeadSaid, Placing, Stay
from guiyan.members import commands as members
from guiyan.members.types import MemberFacts, NewMember
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.web.demo import cast
from guiyan.web.demo.people import people
from guiyan.web.demo.touch import PLACED_BEFORE

Progress = Callable[[str, float], None]


def tell(by: Actor, member: NewMember, progress: Progress) -> MemberFacts:
    """Play the story once; `member` is the cast's own member, who ends up placed in 城东社区.

    All of it is done in the township's name, so that its officers find it in the history.
    """
    progress("Members and their stays", 0.0)
    east, west = _organisation(cast.BAPU_EAST), _organisation(cast.BAPU_WEST)
    next_county = _organisation(cast.XINCHENG + "001")
    township = _organisation(cast.BAPU)
    by = by.standing_for(township.id, township.path, township.name)
    away = _register(by, people(24, serial_from=100), home=east)
    away += _register(by, people(12, serial_from=200), home=west)
    _declare(by, away, home=east)
    progress("Members and their stays", 0.3)
    arrived = _register(by, [member], home=next_county)
    arrived += _register(by, people(17, serial_from=300), home=next_county)
    cases = _receive(by, arrived, home=next_county, host=_organisation(cast.BAPU))
    progress("Members and their stays", 0.6)
    long_ago = replace(by, today=by.today - PLACED_BEFORE)
    _place(long_ago, cases[:9], (east, west))
    _leads(by, _organisation(cast.BAPU))
    progress("Members and their stays", 1.0)
    return arrived[0]


def _organisation(code: str) -> OrganisationFacts:
    found = orgs.find_organisation(text=code)
    if found is None:
        raise LookupError(code)
    return found


def _register(by: Actor, new: Iterable[NewMember], *, home: OrganisationFacts) -> list[MemberFacts]:
    new_members = [replace(one, home_organisation_id=home.id) for one in new]
    return list(members.register_members(by=by, new=new_members, reason="演示数据"))


def _declare(by: Actor, away: Sequence[MemberFacts], *, home: OrganisationFacts) -> None:
    """Most are gone to the coast, whose organisations are not in this system; a few next door."""
    elsewhere = ("广东省东莞市", "广东省深圳市", "浙江省宁波市", "贵州省贵阳市观山湖区", "")
    next_door = _organisation(cast.XINCHENG)
    openings = []
    for number, member in enumerate(away):
        host = next_door if number % 6 == 5 else None
        text = "" if host else elsewhere[number % len(elsewhere)]
        openings.append(
            Opening(
                member=member,
                state=CaseState.NOTIFIED if host else CaseState.DECLARED,
                stay=Stay(
                    left_on=by.today - timedelta(days=200 + 37 * number),
                    left_precision="month",
                    reason_away=("务工", "经商", "随子女居住")[number % 3],
                    search_method="ledger",
                    host_text=text,
                ),
                home=orgs.organisation(member.home_organisation_id or home.id),
                host=host,
            )
        )
    flows.open_cases(by=by, openings=openings)


def _receive(
    by: Actor,
    arrived: Sequence[MemberFacts],
    *,
    home: OrganisationFacts,
    host: OrganisationFacts,
) -> list[CaseFacts]:
    """All have been found here; the first fourteen are confirmed by their home."""
    places = [branch.stands_in_code for branch in orgs.children_of(host.id)] or [""]
    openings = [
        Opening(
            member=member,
            state=CaseState.VERIFIED if number < 14 else CaseState.CLAIMED,
            stay=Stay(
                left_on=date(2024, 1 + number % 12, 1),
                left_precision="month",
                reason_away="务工",
                search_method=("door", "self", "peer")[number % 3],
                stay_division_code=places[number % len(places)],
            ),
            home=home,
            host=host,
        )
        for number, member in enumerate(arrived)
    ]
    return flows.open_cases(by=by, openings=openings)


def _place(
    by: Actor, cases: Sequence[CaseFacts], branches: tuple[OrganisationFacts, OrganisationFacts]
) -> None:
    flows.place_members(
        by=by,
        placings=[
            Placing(case.id, branches[number % 2].id, "就近编入")
            for number, case in enumerate(cases)
        ],
    )


def _leads(by: Actor, organisation: OrganisationFacts) -> None:
    """Three people have written in and one has telephoned."""
    for door, method, said in (
        ("qr", "self", LeadSaid(name="李秀英", phone="12055501001", now_at="巴普镇农贸市场")),
        ("qr", "self", LeadSaid(name="阿的木基", phone="12055501002", home="甘洛县")),
        ("referral", "peer", LeadSaid(name="周建国", now_at="巴普镇新建路", trade="五金")),
        ("hotline", "telephone", LeadSaid(name="吉勒曲尔", phone="12055501003")),
    ):
        flows.take_lead(
            by=by,
            organisation_id=organisation.id,
            door=door,
            search_method=method,
            said=said,
            notice_version="demo",
        )
