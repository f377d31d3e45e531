"""The cast as accounts that can sign in, and their organisations as rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pyotp
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from tests.cast import MEIGU, PLACES, Place

from guiyan.access import commands
from guiyan.access.models import TotpDevice
from guiyan.orgs.models import Organisation, OrganisationKind
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now, today
from guiyan.platform.scope import Scope, scoped

PASSWORD = "Ji-mu-4-yan-zi"


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm at its cheapest, because tests hash hundreds of passwords."""

    time_cost, memory_cost, parallelism = 1, 8, 1


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.QuickArgon2"]


@dataclass(slots=True)
class Person:
    """Somebody of staff with everything that they need to sign in."""

    account_id: UUID
    login: str
    password: str
    secret: str

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(now() + timedelta(seconds=30 * steps))

    def forget_last_code(self) -> None:
        """So that one test can sign in several times within the same 30 seconds."""
        TotpDevice.objects.filter(account_id=self.account_id).update(last_step=0)

    def sign_in(self, client: Client) -> None:
        self.forget_last_code()
        client.post("/in", {"login": self.login, "password": self.password})
        answer = client.post("/in/second", {"code": self.code()})
        assert answer.status_code in {302, 303}, answer.content.decode()


Enlist = Callable[..., Person]


def plant(place: Place, kind: OrganisationKind) -> None:
    parent = next((p for p in PLACES if p.path == place.path[:-4]), None)
    Organisation.objects.create(
        id=place.id,
        parent_id=parent.id if parent else None,
        path=place.path,
        kind=kind,
        code=place.code,
        name=place.name,
        short_name=place.name,
        name_key=place.name,
        division_code=place.division_code,
        stands_in_code=place.division_code,
        check_in_code=place.code[-12:],
        opened_on=date(2020, 1, 1),
    )


@pytest.fixture(autouse=True)
def _organisations(db: None) -> None:
    with scoped(Scope.everywhere()):
        kind = OrganisationKind.objects.create(
            code="access_test", name="测试", allowed_parents=[], abilities=[], source="test"
        )
        for place in PLACES:
            plant(place, kind)


@pytest.fixture
def enlist(db: None) -> Enlist:
    """`enlist("liaison", BRANCH, "login")`: an account with one role, ready to sign in."""

    def make(role: str, place: Place = MEIGU, login: str = "", name: str = "吉木阿依") -> Person:
        system = Actor.system("tests")
        login = login or role.replace("_", "-")
        account_id = commands.create_account(by=system, login=login, name=name, password=PASSWORD)
        commands.grant_role(
            by=system,
            account_id=account_id,
            role=role,
            organisation_id=place.id,
            valid_from=today() - timedelta(days=30),
        )
        secret = pyotp.random_base32()
        commands.provision_sign_in(
            by=system, account_id=account_id, password=PASSWORD, totp_secret=secret
        )
        return Person(account_id, login, PASSWORD, secret)

    return make
