"""Phones of the cast: accounts with grants, tokens, and the tests' notes on doors."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from tests import field_notes
from tests.cast import OFFICIALS, PLACES, TOWNSHIP, Place
from tests.clients.field_client import FieldClient

from guiyan.access import handsets
from guiyan.access.models import Account, Grant
from guiyan.access.roles import permissions_of
from guiyan.field import admission
from guiyan.orgs.models import Organisation, OrganisationKind
from guiyan.platform import clock
from guiyan.platform.actor import Actor
from guiyan.platform.scope import Scope, scoped

COUNTY_OFFICER = OFFICIALS["county_officer"]


@dataclass
class Worker:
    """Somebody who works in the field, as an actor and as a phone."""

    actor: Actor
    phone: FieldClient
    handset_id: Any


def over_django(method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
    """The client's line: straight into the application, without a cookie."""
    client = Client(raise_request_exception=True)
    content_type = headers.get("Content-Type", "application/octet-stream")
    answer = client.generic(method, path, body, content_type=content_type, headers=headers)
    return answer.status_code, dict(answer.headers), answer.content


def plant_places() -> None:
    with transaction.atomic(), scoped(Scope.everywhere()):
        kind, _ = OrganisationKind.objects.get_or_create(
            code="field_test",
            defaults={"name": "测试", "allowed_parents": [], "abilities": [], "source": "test"},
        )
        for place in PLACES:
            parent = next((p for p in PLACES if p.path == place.path[:-4]), None)
            Organisation.objects.get_or_create(
                id=place.id,
                defaults={
                    "parent_id": parent.id if parent else None,
                    "path": place.path,
                    "kind": kind,
                    "code": place.code,
                    "name": place.name,
                    "short_name": place.name,
                    "name_key": place.name,
                    "division_code": place.division_code,
                    "stands_in_code": place.division_code,
                    "check_in_code": place.code[-12:],
                    "opened_on": date(2020, 1, 1),
                },
            )


def enlist(role: str, place: Place, name: str, send: Any = over_django) -> Worker:
    """An account with this role, and a phone that it signed in."""
    account, _ = Account.objects.get_or_create(
        login=f"{role}-{place.code}-{name}", defaults={"name": name, "password": ""}
    )
    Grant.objects.create(
        account=account,
        role=role,
        organisation_id=place.id,
        path=place.path,
        valid_from=clock.today() - timedelta(days=30),
        granted_by="test",
    )
    actor = Actor(
        kind="staff", name=name, today=clock.today(), account_id=account.id,
        organisation_id=place.id, organisation_name=place.name, path=place.path,
        roles=(role,), permissions=permissions_of((role,)),
    )  # fmt: skip
    phone = FieldClient(send)
    public = handsets.POINT_BYTES and phone.public_key
    issued = handsets.issue_handset(by=actor, description="红米", public_key=_raw(public))
    phone.token, phone.device_id = issued.token, str(issued.facts.id)
    return Worker(actor, phone, issued.facts.id)


def _raw(text: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture(scope="session")
def _note_tables(django_db_setup: None, admin_url: str) -> None:
    field_notes.make_tables(admin_url, connections["default"].settings_dict["NAME"])


@pytest.fixture(autouse=True)
def _notes(_note_tables: None, settings: Any) -> Iterator[None]:
    field_notes.register()
    field_notes.poison.refuse.clear()
    field_notes.poison.breaks.clear()
    settings.FIELD_CALLS_PER_S = settings.FIELD_CALLS_BURST = settings.FIELD_CALLS_AT_ONCE = 10_000
    admission.open_anew()
    yield
    admission.open_anew()
    field_notes.unregister()


@pytest.fixture
def places(db: None) -> None:
    plant_places()


Enlist = Callable[..., Worker]


@pytest.fixture
def walker(places: None) -> Worker:
    """马海拉且, who canvasses for the township."""
    return enlist("canvasser", TOWNSHIP, "马海拉且")


@pytest.fixture
def other(places: None) -> Worker:
    """A second person on foot in the same township."""
    return enlist("canvasser", TOWNSHIP, "吉克拉铁")


@pytest.fixture
def officer(places: None) -> Worker:
    """The township's officer, who decides what waits."""
    return enlist("township_officer", TOWNSHIP, "沙马尔古")
