"""One thing of each kind for the pages that a browser visits, and who is signed in to which."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from guiyan.access import commands as access
from guiyan.flows import commands as flows
from guiyan.flows.commands import Opening
from guiyan.flows.rules import CaseState
from guiyan.flows.types import Placing, Stay
from guiyan.flows.verifying import verify_url
from guiyan.liaison import commands as liaison
from guiyan.members import commands as members
from guiyan.members.types import NewMember
from guiyan.orgs import queries as orgs
from guiyan.platform.actor import Actor
from tests.cast import BRANCH, NEXT_BRANCH, OFFICIALS, OTHER_BRANCH, TOWNSHIP, Place
from tests.integration.web.county import County
from tests.integration.web.county import build as build_county
from tests.people import invented_id, invented_phone

LONG_NAME = "阿尔木呷·吉克伍沙莫·沙马依作"
PASSWORD, TOTP_SECRET = "Geese-come-home-9", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEWCOMER, KNOWN = "newcomer", "known"


def build() -> dict[str, Any]:
    """The small county of the permission table, a little fuller; ids, sessions and sign-ins."""
    county = build_county()
    _more_people()
    _accounts()
    letter = county.ids["letter_id"]
    assert isinstance(letter, UUID)
    return {
        "ids": {name: str(value) for name, value in county.ids.items()},
        "sessions": _sessions(county),
        "cookie": settings.SESSION_COOKIE_NAME,
        "verify_path": verify_url(letter).removeprefix(settings.PUBLIC_URL),
        "township": TOWNSHIP.code,
    }


def _sessions(county: County) -> dict[str, str]:
    cookies = {
        name: browser.cookies.get(settings.SESSION_COOKIE_NAME)
        for name, browser in county.browsers.items()
    }
    return {name: cookie.value for name, cookie in cookies.items() if cookie is not None}


def _more_people() -> None:
    """Three who arrived from the next county: one kept in touch with, two not yet placed."""
    system = Actor.system("测试")
    by = system.standing_for(TOWNSHIP.id, TOWNSHIP.path, TOWNSHIP.name)
    names = (LONG_NAME, "木呷", "欧阳建国")
    arrived = members.register_members(
        by=by,
        new=[
            NewMember(
                name=name,
                id_number=invented_id(born=date(1970, 1, 1), sequence=100 + number),
                phone=invented_phone(100 + number) if number else None,
                has_phone=bool(number),
                home_organisation_id=NEXT_BRANCH.id,
                trade="餐饮",
            )
            for number, name in enumerate(names)
        ],
        reason="测试",
    )
    stay = Stay(left_on=date(2024, 2, 1), left_precision="month", reason_away="务工")
    cases = flows.open_cases(
        by=by,
        openings=[
            Opening(
                member=member,
                state=CaseState.VERIFIED,
                stay=stay,
                home=orgs.organisation(NEXT_BRANCH.id),
                host=orgs.organisation(TOWNSHIP.id),
            )
            for member in arrived
        ],
    )
    _keep_in_touch(by, cases[0].id, BRANCH)
    flows.place_members(by=by, placings=[Placing(cases[1].id, OTHER_BRANCH.id, "就近编入")])


def _keep_in_touch(by: Actor, case_id: UUID, branch: Place) -> None:
    flows.place_members(by=by, placings=[Placing(case_id, branch.id, "就近编入")])
    keeper = OFFICIALS["liaison"].account_id
    assert keeper is not None
    liaison.assign_contact_person(by=by, case_id=case_id, account_id=keeper)
    liaison.record_contact(by=by, case_id=case_id, how="visit", was_reached=True, note="到店看望")


def _accounts() -> None:
    """One who signs in for the first time, and one who has everything that a sign-in asks."""
    by = Actor.system("测试")
    for login in (NEWCOMER, KNOWN):
        account_id = access.create_account(by=by, login=login, name="阿牛尔布", password=PASSWORD)
        access.grant_role(
            by=by,
            account_id=account_id,
            role="branch_secretary",
            organisation_id=BRANCH.id,
            valid_from=date(2020, 1, 1),
            reason="测试",
        )
        if login == KNOWN:
            access.provision_sign_in(
                by=by, account_id=account_id, password=PASSWORD, totp_secret=TOTP_SECRET
            )
