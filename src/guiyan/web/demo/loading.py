"""Load the demo once: places, cast and story; write down how to sign in."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pyotp
from django.conf import settings
from django.db import transaction

from guiyan.access import commands as access
from guiyan.flows import queries as flow_queries
from guiyan.kernel.invented import invented_id, invented_phone
from guiyan.liaison import commands as liaison
from guiyan.liaison.queries import candidates_for
from guiyan.members.types import MemberFacts, NewMember
from guiyan.orgs import commands as orgs_commands
from guiyan.orgs import queries as orgs
from guiyan.orgs.demo import build_demo_tree
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.scope import scoped
from guiyan.web.demo import carers, cast, census, hotline, story, touch

Progress = Callable[[str, float], None]
MEMBER_NAME = "阿依木牛"
MEMBER_PHONE = invented_phone(720_000_001)


def load(progress: Progress) -> dict[str, Any]:
    """Everything from an empty, migrated database; returns what `demo.json` says."""
    by = Actor.system("演示")
    orgs_commands.seed_kinds(by=by)
    orgs_commands.seed_parameters(by=by)
    orgs_commands.seed_working_days(by=by)
    progress("Divisions of the country", 0.0)
    orgs_commands.load_divisions(
        by=by, progress=lambda done: progress("Divisions of the country", min(done / 666_000, 1.0))
    )
    progress("Divisions of the country", 1.0)
    build_demo_tree(by=by, progress=lambda step, done, all_: progress(step, done / max(all_, 1)))
    with transaction.atomic():  # people come whole or not at all, so that a second try can work
        progress("The cast", 0.0)
        sign_ins = {part.key: _open_account(by, part) for part in cast.STAFF + cast.OUTSIDERS}
        progress("The cast", 1.0)
        member = story.tell(by, _the_member(), progress)
        _give_contact_person(by, member)
        touch.tell(by)
        carers.open_carers(by)  # after them: the first few are kept in touch with by the cast
        census.tell(by, progress)
        hotline.tell(by)
        facts = _sign_in_of_member(member)
    return {
        "url": settings.PUBLIC_URL,
        "checkin_url": f"{settings.PUBLIC_URL}/r/{_organisation(cast.BAPU).check_in_code}",
        "hotline": _hotline(),
        "cast": {**sign_ins, "member": facts},
    }


def _organisation(code: str) -> Any:
    found = orgs.find_organisation(text=code)
    if found is None:
        raise LookupError(code)
    return found


def _open_account(by: Actor, part: cast.Part) -> dict[str, str]:
    organisation = _organisation(part.organisation_code)
    password = f"{secrets.token_hex(3)}-{secrets.token_hex(3)}-{secrets.token_hex(3)}"
    secret = pyotp.random_base32()
    account_id = access.create_account(by=by, login=part.login, name=part.name, password=password)
    access.grant_role(
        by=by,
        account_id=account_id,
        role=part.role,
        organisation_id=organisation.id,
        valid_from=by.today,
        reason="演示",
    )
    access.provision_sign_in(by=by, account_id=account_id, password=password, totp_secret=secret)
    return {
        "login": part.login,
        "password": password,
        "totp_secret": secret,
        "name": part.name,
        "organisation": organisation.name,
        "organisation_code": organisation.code,
    }


def _the_member() -> NewMember:
    return NewMember(
        name=MEMBER_NAME,
        id_number=invented_id(born=date(1988, 3, 8), sequence=72),
        phone=MEMBER_PHONE,
        address="美姑县巴普镇城东社区新建路15号",
        ethnicity="07",
        joined_on=date(2012, 7, 1),
        trade="餐饮",
        languages=("yi", "han"),
    )


def _sign_in_of_member(member: MemberFacts) -> dict[str, str]:
    home = orgs.organisation(member.home_organisation_id) if member.home_organisation_id else None
    return {
        "login": MEMBER_PHONE,
        "password": "",
        "totp_secret": "",
        "name": member.name,
        "organisation": home.name if home else "",
        "organisation_code": home.code if home else "",
    }


def _give_contact_person(by: Actor, member: MemberFacts) -> None:
    """The cast's member is kept in touch with by the cast's liaison."""
    with scoped(by.scope):
        case = flow_queries.open_case_of_member(by, member.id)
        candidates = candidates_for(by, case.id) if case else []
    if case is None:
        return
    for person in candidates:
        if person.name == cast.staff("liaison").name:
            try:
                liaison.assign_contact_person(by=by, case_id=case.id, account_id=person.account_id)
            except Refused:
                return
            visitor = replace(by, account_id=person.account_id, name=person.name)
            liaison.record_contact(
                by=visitor, case_id=case.id, how="visit", was_reached=True, note="到店看望"
            )


def _hotline() -> str:
    points = orgs.service_points_of(_organisation(cast.MEIGU).id)
    return next((point.phone for point in points if point.kind == "hotline"), "")
