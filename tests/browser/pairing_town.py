"""A township with two branches, the 49 members of its workbook placed there, and thirty contact
persons, most of them bilingual."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from python_calamine import load_workbook

from guiyan.access import commands as access
from guiyan.flows import commands as flows
from guiyan.flows import queries as flow_queries
from guiyan.flows.commands import Opening
from guiyan.flows.rules import CaseState
from guiyan.flows.types import Placing, Stay
from guiyan.insight.importing import commands as importing
from guiyan.liaison.pairing import commands as pairing
from guiyan.members import commands as members
from guiyan.members.types import NewMember
from guiyan.orgs import commands as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped
from guiyan.web.demo.carers import NAMES, ONLY_HAN, TRADES
from tests.browser.township import LOGIN, PASSWORD, TOTP_SECRET, _opened
from tests.people import invented_id

MEMBERS = 49
SAMPLES = Path(__file__).resolve().parent.parent / "samples"


def build() -> dict[str, Any]:
    by = Actor.system("测试")
    orgs.seed_kinds(by=by)
    orgs.seed_parameters(by=by)
    orgs.seed_working_days(by=by)
    township = _opened(by)
    branches = [
        orgs.open_organisation(
            by=by,
            parent_id=township.id,
            kind="community_branch",
            name=name,
            code=code,
            division_code=code[1:],
            longitude=longitude,
            latitude=28.33,
        )
        for name, code, longitude in (
            ("城东社区党支部", "T513436100001", 103.13),
            ("城西社区党支部", "T513436100002", 103.10),
        )
    ]
    _officer(by, township)
    with transaction.atomic(), scoped(by.scope):
        _carers(by, branches)
        _members(by, township, branches)
    return {"login": LOGIN, "password": PASSWORD, "totp_secret": TOTP_SECRET}


def _officer(by: Actor, township: OrganisationFacts) -> None:
    account_id = access.create_account(by=by, login=LOGIN, name="阿牛尔布", password=PASSWORD)
    access.grant_role(
        by=by, account_id=account_id, role="township_officer", organisation_id=township.id,
        valid_from=date(2020, 1, 1), reason="测试",
    )  # fmt: skip
    access.provision_sign_in(
        by=by, account_id=account_id, password=PASSWORD, totp_secret=TOTP_SECRET
    )


def _carers(by: Actor, branches: list[OrganisationFacts]) -> None:
    for number, name in enumerate(NAMES):
        account_id = access.create_account(
            by=by, login=f"carer{number}", name=name, password=PASSWORD
        )
        branch = branches[number % 2]
        access.grant_role(
            by=by, account_id=account_id, role="liaison", organisation_id=branch.id,
            valid_from=date(2020, 1, 1), reason="测试",
        )  # fmt: skip
        pairing.set_availability(
            by=by,
            account_id=account_id,
            organisation_id=branch.id,
            languages=("yi", "han") if number < ONLY_HAN else ("han",),
            trade=TRADES[number % len(TRADES)],
            limit=2 + number % 3,
            takes_members=True,
        )


def _members(by: Actor, township: OrganisationFacts, branches: list[OrganisationFacts]) -> None:
    """The 49 of the township's own workbook, each placed where the address says: east or west."""
    standing = by.standing_for(township.id, township.path, township.name)
    workbook = SAMPLES / "moved_in.xlsx"
    batch = importing.read_upload(
        by=standing,
        organisation_id=township.id,
        kind="moved-in",
        source=workbook,
        file_name=workbook.name,
    )
    importing.commit(by=standing, batch_id=batch.id)
    _who_was_left_out(by, township, MEMBERS - len(flow_queries.unplaced_for(standing)))
    waiting = flow_queries.unplaced_for(standing)
    addresses = address_lines(workbook)
    flows.place_members(
        by=by,
        placings=[
            Placing(case.id, branches["城西" in addresses.get(case.member_name, "")].id, "就近编入")
            for case in waiting
        ],
    )


def _who_was_left_out(by: Actor, township: OrganisationFacts, many: int) -> None:
    """Rows with a wrong number don't come in; those people show their papers at the desk."""
    arrived = members.register_members(
        by=by,
        new=[
            NewMember(
                name=name,
                id_number=invented_id(born=date(1970, 1, 1), sequence=n + 1),
                home_text="贵州省某党支部",
                host_organisation_id=township.id,
                languages=("yi", "han"),
                reads=("yi",),
            )
            for n, name in enumerate(("吉克补登", "沙马补登", "海来补登")[:many])
        ],
        reason="测试",
    )
    stay = Stay(left_on=date(2025, 1, 1), reason_away="经商", home_text="贵州省某党支部")
    openings = [Opening(member, CaseState.VERIFIED, stay, host=township) for member in arrived]
    flows.open_cases(by=by, openings=openings)


def address_lines(workbook: Path) -> dict[str, str]:
    """Where each lives, as the workbook has it, by name."""
    sheet = load_workbook(workbook).get_sheet_by_index(0).to_python()
    return {str(row[1]): str(row[7]) for row in sheet[2:]}
