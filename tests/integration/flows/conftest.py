"""The cast's organisations, opened by their commands, and short ways to people and their stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone
from tests.cast import BRANCH, NEXT_BRANCH, OFFICIALS, OTHER_BRANCH, OUTSIDERS, PLACES, Place
from tests.integration.orgs.conftest import KINDS
from tests.people import invented_id, invented_phone

from guiyan.access.models import Account, Device, Grant
from guiyan.flows import commands as flows
from guiyan.flows.types import CaseFacts, Placing, Stay
from guiyan.kernel.names import fold_name
from guiyan.members import commands as members
from guiyan.members.types import MemberFacts, NewMember
from guiyan.orgs import commands as orgs
from guiyan.orgs.models import Organisation
from guiyan.platform.actor import Actor
from guiyan.platform.scope import Scope, scoped

HOME = OFFICIALS["branch_secretary"]
HOME_TOWNSHIP = OFFICIALS["township_officer"]
HOST = OUTSIDERS["branch_secretary"]
HOST_TOWNSHIP = OUTSIDERS["township_officer"]

_numbers = count(1)


COORDINATES = {BRANCH: (103.13, 28.33), OTHER_BRANCH: (103.20, 28.40), NEXT_BRANCH: (102.84, 28.01)}


@pytest.fixture(autouse=True)
def _planted(db: None) -> None:
    """The cast's places under their own ids, because the cast's people hold these."""
    system = Actor.system("test")
    orgs.seed_kinds(by=system)
    orgs.seed_parameters(by=system)
    orgs.seed_working_days(by=system)
    above = {place.path: place for place in PLACES}
    with transaction.atomic(), scoped(Scope.everywhere()):
        for place in PLACES:
            parent = above.get(place.path[:-4])
            longitude, latitude = COORDINATES.get(place, (None, None))
            Organisation.objects.create(
                id=place.id,
                parent_id=parent.id if parent else None,
                path=place.path,
                kind_id=KINDS[place],
                code=place.code,
                name=place.name,
                short_name=place.name,
                name_key=fold_name(place.name),
                division_code=place.division_code,
                stands_in_code=place.division_code,
                longitude=longitude,
                latitude=latitude,
                check_in_code=place.code[-12:].lower(),
                opened_on=date(2020, 1, 1),
                last_child=9,
            )


@contextmanager
def seen_by(actor: Actor) -> Iterator[Actor]:
    """Read as this person would: inside their scope."""
    with scoped(actor.scope):
        yield actor


@contextmanager
def seen_by_the_database() -> Iterator[None]:
    with scoped(Scope.everywhere()):
        yield


def newcomer(
    by: Actor = HOME,
    *,
    home: Place | None = BRANCH,
    host: Place | None = None,
    name: str = "阿力木呷",
    id_number: str | None = None,
    home_text: str = "",
    trade: str = "",
    languages: tuple[str, ...] = (),
) -> MemberFacts:
    """Somebody whose file is opened now, with a number that nobody has."""
    sequence = next(_numbers)
    return members.register_member(
        by=by,
        new=NewMember(
            name=name,
            id_number=id_number
            or invented_id(born=date(1980, 1, 1 + sequence % 28), sequence=sequence % 999),
            phone=invented_phone(sequence),
            home_organisation_id=home.id if home else None,
            home_text=home_text,
            host_organisation_id=host.id if host else None,
            trade=trade,
            languages=languages,
        ),
    )


def declared(host: Place | None = NEXT_BRANCH, member: MemberFacts | None = None) -> CaseFacts:
    """A stay that home has declared; with a host, the host is notified."""
    member = member or newcomer()
    return flows.declare_case(
        by=HOME,
        member_id=member.id,
        stay=Stay(left_on=date(2025, 5, 1), reason_away="务工", host_text="昭觉县"),
        host_organisation_id=host.id if host else None,
    )


def claimed(member: MemberFacts | None = None) -> CaseFacts:
    """A stay that a host has claimed and home has not confirmed yet."""
    member = member or newcomer(HOST, home=BRANCH, host=NEXT_BRANCH)
    return flows.claim_case(
        by=HOST, member_id=member.id, stay=Stay(), host_organisation_id=NEXT_BRANCH.id
    )


def placed() -> CaseFacts:
    """A member of home's who has been placed in the host's branch."""
    case = declared()
    flows.take_step(by=HOST, case_id=case.id, act="take_in")
    return flows.place_members(
        by=HOST_TOWNSHIP, placings=[Placing(case.id, NEXT_BRANCH.id, "相距最近")]
    )[0]


def signed_in(actor: Actor, client: Client) -> Client:
    """A browser in which this person of the cast is signed in, for the actor's organisation."""
    account = Account.objects.create(
        login=f"cast-{actor.account_id}", name=actor.name, password="unusable"
    )
    for role in actor.roles:
        Grant.objects.create(
            account=account,
            role=role,
            organisation_id=actor.organisation_id,
            path=actor.path,
            valid_from=date(2020, 1, 1),
        )
    client.cookies.clear()
    session = client.session
    session["account"], session["organisation"] = str(account.id), str(actor.organisation_id)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    Device.objects.create(
        account_id=account.id,
        session_key=session.session_key,
        description="test",
        seen_at=timezone.now(),
    )
    return client
