"""A passkey as a second factor, with a security key in software."""

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.integration.access.conftest import PASSWORD, Enlist, Person
from tests.integration.access.soft_authenticator import SoftAuthenticator

from guiyan.access.models import Passkey, TotpDevice
from guiyan.platform.clock import now

pytestmark = pytest.mark.django_db
ORIGIN = "https://guiyan.example"


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.PUBLIC_URL = ORIGIN
    settings.ALLOWED_HOSTS = ["guiyan.example", "testserver"]


def question(page: str) -> tuple[dict[str, Any], str]:
    options = re.search(r'data-options="([^"]+)"', page)
    challenge = re.search(r'name="challenge" value="([^"]+)"', page)
    assert options and challenge
    return json.loads(html.unescape(options[1])), html.unescape(challenge[1])


def with_passkey(client: Client, person: Person) -> SoftAuthenticator:
    person.sign_in(client)
    options, challenge = question(client.get("/w/account").content.decode())
    key = SoftAuthenticator(ORIGIN)
    made = {"credential": key.create(options), "challenge": challenge, "name": "办公室电脑"}
    assert client.post("/w/account/passkeys/add", made).status_code == 303
    return key


def half_way_in(person: Person) -> tuple[Client, dict[str, Any], str]:
    client = Client()
    client.post("/in", {"login": person.login, "password": PASSWORD})
    return client, *question(client.get("/in/second").content.decode())


def test_a_passkey_lets_in(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    key = with_passkey(client, person)
    other, options, challenge = half_way_in(person)
    other.post("/in/second", {"credential": key.get(options), "challenge": challenge})
    assert other.get("/w/account").status_code == 200
    assert Passkey.objects.get().sign_count == 1


def test_an_answer_counts_once(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    key = with_passkey(client, person)
    other, options, challenge = half_way_in(person)
    answer = {"credential": key.get(options), "challenge": challenge}
    other.post("/in/second", answer)
    Passkey.objects.update(sign_count=0)
    replay, _, _ = half_way_in(person)
    replay.post("/in/second", answer)
    assert replay.get("/w/account").status_code == 302


def test_a_foreign_key_does_not_let_in(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    key = with_passkey(client, person)
    stranger = SoftAuthenticator(ORIGIN)
    stranger.credential_id = key.credential_id
    other, options, challenge = half_way_in(person)
    other.post("/in/second", {"credential": stranger.get(options), "challenge": challenge})
    assert other.get("/w/account").status_code == 302


def test_an_answer_made_for_another_site_does_not_let_in(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    key = with_passkey(client, person)
    key.origin = "https://guiyan.example.phish.example"
    other, options, challenge = half_way_in(person)
    other.post("/in/second", {"credential": key.get(options), "challenge": challenge})
    assert other.get("/w/account").status_code == 302


def test_a_challenge_of_one_person_is_not_another_s(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    key = with_passkey(client, person)
    other_person = enlist("city_officer")
    second = Client()
    other_key = with_passkey(second, other_person)
    _, options, challenge = half_way_in(other_person)
    target, _, _ = half_way_in(person)
    target.post("/in/second", {"credential": key.get(options), "challenge": challenge})
    assert target.get("/w/account").status_code == 302
    assert other_key.credential_id != key.credential_id


def test_rubbish_is_refused_without_a_fault(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    with_passkey(client, person)
    for rubbish in ("[]", "{}", "no json", '{"rawId": "x", "response": {}}'):
        other, _, challenge = half_way_in(person)
        answer = other.post("/in/second", {"credential": rubbish, "challenge": challenge})
        assert answer.status_code == 200


def test_the_only_second_factor_is_not_removed(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    with_passkey(client, person)
    passkey = Passkey.objects.get()
    TotpDevice.objects.all().delete()
    assert client.post(f"/w/account/passkeys/{passkey.id}/remove").status_code == 422
    assert Passkey.objects.count() == 1


def confirmed_minutes_ago(client: Client, minutes: float) -> None:
    session = client.session
    session["confirmed"] = (now() - timedelta(minutes=minutes)).isoformat()
    session.save()


def test_factors_change_only_within_five_minutes_of_both_factors(
    client: Client, enlist: Enlist
) -> None:
    """A screen left open, or a stolen session, buys no way in of its own."""
    person = enlist("county_officer")
    with_passkey(client, person)
    passkey = Passkey.objects.get()
    confirmed_minutes_ago(client, 4.9)
    options, challenge = question(client.get("/w/account").content.decode())
    confirmed_minutes_ago(client, 5.1)
    page = client.get("/w/account").content.decode()
    assert "data-options" not in page
    assert "/w/account/confirm" in page
    second = SoftAuthenticator(ORIGIN)
    made = {"credential": second.create(options), "challenge": challenge, "name": "生人的"}
    for url, fields in (
        ("/w/account/passkeys/add", made),
        (f"/w/account/passkeys/{passkey.id}/remove", {}),
    ):
        assert client.post(url, fields).headers["Location"] == "/w/account/confirm"
    assert [key.id for key in Passkey.objects.all()] == [passkey.id]


@pytest.mark.parametrize(
    ("password", "has_code", "is_enough"),
    [(PASSWORD, True, True), ("Wrong-pass-1", True, False), (PASSWORD, False, False)],
)
def test_both_factors_open_the_change_and_neither_alone(
    client: Client, enlist: Enlist, password: str, has_code: bool, is_enough: bool
) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    confirmed_minutes_ago(client, 60)
    person.forget_last_code()
    before = client.session.session_key
    given = {"password": password, "code": person.code() if has_code else "000000"}
    answer = client.post("/w/account/confirm", given)
    assert (answer.status_code == 303) is is_enough
    assert ("data-options" in client.get("/w/account").content.decode()) is is_enough
    assert (client.session.session_key != before) is is_enough
