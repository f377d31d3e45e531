"""More than the everyday role: an hour at most, a reason, a fresh second factor."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.cast import MEIGU, TOWNSHIP
from tests.integration.access.conftest import Enlist, Person

from guiyan.access import commands
from guiyan.access.models import Elevation
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now, today
from guiyan.platform.models import AuditRow
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db
REASON = "核对两县重复档案"


def elevate(client: Client, person: Person, **changes: str) -> int:
    person.forget_last_code()
    wish = {"reason": REASON, "minutes": "30", "code": person.code(), **changes}
    return client.post("/w/account/elevation", wish).status_code


def actor_in(client: Client) -> Actor:
    actor: Actor = client.get("/w/account").wsgi_request.actor  # type: ignore[attr-defined]
    return actor


def test_an_elevated_officer_opens_identity_and_bears_the_reason(
    client: Client, enlist: Enlist
) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    assert not actor_in(client).may(Permission.REVEAL_IDENTITY)
    key = client.session.session_key
    assert elevate(client, person) == 303
    assert client.session.session_key != key
    assert actor_in(client).may(Permission.REVEAL_IDENTITY)
    assert actor_in(client).elevation_reason == REASON


def test_every_row_of_an_elevated_session_bears_its_reason(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    elevate(client, person)
    client.post("/w/account/elevation/end")
    with scoped(Scope.under(MEIGU.path)):
        assert AuditRow.objects.get(action="access.end_elevation").reason == REASON


def test_without_a_fresh_code_there_is_no_elevation(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    assert elevate(client, person, code="000000") == 200
    assert elevate(client, person, reason="") == 200
    assert not Elevation.objects.exists()


def test_elevation_ends_by_itself_and_by_hand(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    elevate(client, person)
    Elevation.objects.update(ends_at=now() - timedelta(seconds=1))
    assert not actor_in(client).may(Permission.REVEAL_IDENTITY)
    elevate(client, person)
    client.post("/w/account/elevation/end")
    assert not actor_in(client).may(Permission.REVEAL_IDENTITY)


def test_another_browser_of_the_same_person_is_not_elevated(client: Client, enlist: Enlist) -> None:
    person, other = enlist("county_officer"), Client()
    person.sign_in(client)
    person.sign_in(other)
    elevate(client, person)
    assert actor_in(client).elevation_reason == REASON
    assert actor_in(other).elevation_reason == ""


def test_elevation_does_not_go_along_to_another_organisation(
    client: Client, enlist: Enlist
) -> None:
    person = enlist("county_officer")
    commands.grant_role(
        by=Actor.system("tests"), account_id=person.account_id, role="liaison",
        organisation_id=TOWNSHIP.id, valid_from=today(),
    )  # fmt: skip
    person.sign_in(client)
    client.post("/w/account/grant", {"organisation": str(MEIGU.id)})
    elevate(client, person)
    client.post("/w/account/grant", {"organisation": str(TOWNSHIP.id)})
    assert actor_in(client).elevation_reason == ""
    client.post("/w/account/grant", {"organisation": str(MEIGU.id)})
    assert actor_in(client).elevation_reason == ""


def test_who_may_not_elevate_gets_403(client: Client, enlist: Enlist) -> None:
    person = enlist("township_officer", TOWNSHIP)
    person.sign_in(client)
    assert elevate(client, person) == 403
