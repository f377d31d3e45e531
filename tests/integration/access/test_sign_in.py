"""Staff sign in, through the pages (F33, F34, F42)."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import BRANCH, MEIGU, TOWNSHIP
from tests.integration.access.conftest import PASSWORD, Enlist

from guiyan.access import commands
from guiyan.access.models import Account, Device, Grant, TotpDevice
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now, today
from guiyan.platform.models import AuditRow
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db
ACCOUNT_PAGE = "/w/account"


def opens(client: Client, path: str = ACCOUNT_PAGE) -> bool:
    return client.get(path).status_code == 200


def test_a_password_and_a_code_let_in(client: Client, enlist: Enlist) -> None:
    enlist("county_officer").sign_in(client)
    answer = client.get(ACCOUNT_PAGE)
    assert MEIGU.name in answer.content.decode()
    assert "县级管理员" in answer.content.decode()


def test_a_password_alone_lets_nobody_in(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    answer = client.post("/in", {"login": person.login, "password": PASSWORD})
    assert answer.headers["Location"] == "/in/second"
    assert not opens(client)


def test_the_second_factor_without_a_password_leads_back(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    answer = client.post("/in/second", {"code": person.code()})
    assert answer.headers["Location"] == "/in"


def test_a_code_is_refused_the_second_time(enlist: Enlist) -> None:
    person = enlist("county_officer")
    code = person.code()
    outcomes = []
    for _ in range(2):
        client = Client()
        client.post("/in", {"login": person.login, "password": PASSWORD})
        client.post("/in/second", {"code": code})
        outcomes.append(opens(client))
    assert outcomes == [True, False]


def test_an_unknown_login_reads_like_a_wrong_password(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    pages = []
    for login in (person.login, "nobody-of-us"):
        page = client.post("/in", {"login": login, "password": "wrong"}).content.decode()
        page = re.sub(r'(csrfmiddlewaretoken"|once") value="[^"]*"', "", page)
        pages.append(re.sub(r'nonce="[^"]*"', "", page).replace(login, "LOGIN"))
    assert pages[0] == pages[1]


def test_five_wrong_tries_lock_also_the_right_password(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    for _ in range(5):
        client.post("/in", {"login": person.login, "password": "wrong"})
    answer = client.post("/in", {"login": person.login, "password": PASSWORD})
    assert answer.status_code == 200
    assert Account.objects.get(id=person.account_id).locked_until is not None


def test_a_known_device_gets_in_while_strangers_are_locked_out(
    client: Client, enlist: Enlist
) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    client.post("/out")
    for number in range(12):
        Client(REMOTE_ADDR=f"127.0.1.{number}").post(
            "/in", {"login": person.login, "password": "wrong"}
        )
    assert Client().post("/in", {"login": person.login, "password": PASSWORD}).status_code == 200
    person.sign_in(client)
    assert opens(client)


def test_wrong_tries_of_a_known_device_lock_nobody_and_have_their_own_limit(
    client: Client, enlist: Enlist
) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    client.post("/out")
    for _ in range(10):
        client.post("/in", {"login": person.login, "password": "wrong"})
    account = Account.objects.get(id=person.account_id)
    assert (account.failed_attempts, account.locked_until) == (0, None)
    assert client.post("/in", {"login": person.login, "password": PASSWORD}).status_code == 200


def test_a_device_row_that_ended_shuts_out_by_itself(client: Client, enlist: Enlist) -> None:
    enlist("county_officer").sign_in(client)
    Device.objects.update(ended_at=now())
    assert not opens(client)


def test_an_inactive_account_shuts_out_by_itself(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    Account.objects.filter(id=person.account_id).update(is_active=False)
    assert not opens(client)


def test_signing_in_changes_the_key_before_anything_is_chosen(
    client: Client, enlist: Enlist
) -> None:
    person = enlist("liaison", BRANCH)
    commands.grant_role(
        by=Actor.system("tests"), account_id=person.account_id, role="liaison",
        organisation_id=TOWNSHIP.id, valid_from=today(),
    )  # fmt: skip
    client.post("/in", {"login": person.login, "password": PASSWORD})
    half_way = client.session.session_key
    answer = client.post("/in/second", {"code": person.code()})
    assert answer.headers["Location"] == "/w/account/grant"
    assert client.session.session_key != half_way


def test_at_most_a_hundred_passwords_are_evaluated_in_a_day(enlist: Enlist) -> None:
    person = enlist("county_officer")
    account = Account.objects.filter(id=person.account_id)
    for number in range(101):
        account.update(locked_until=None)
        Client(REMOTE_ADDR=f"127.0.2.{number}").post(
            "/in", {"login": person.login, "password": "wrong"}
        )
    assert account.get().failed_attempts == 100
    account.update(locked_until=None)
    answer = Client().post("/in", {"login": person.login, "password": PASSWORD})
    assert answer.status_code == 200


def test_one_address_runs_out_of_tries(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    for number in range(60):
        client.post("/in", {"login": f"nobody-{number}", "password": "wrong"})
    answer = client.post("/in", {"login": person.login, "password": PASSWORD})
    assert answer.status_code == 200
    other = Client(REMOTE_ADDR="127.0.3.1")
    assert other.post("/in", {"login": person.login, "password": PASSWORD}).status_code == 303


def test_codes_run_out_after_ten_wrong_ones(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    client.post("/in", {"login": person.login, "password": PASSWORD})
    for _ in range(10):
        client.post("/in/second", {"code": "000000"})
    Account.objects.update(locked_until=None)
    client.post("/in/second", {"code": person.code()})
    assert not opens(client)


def test_the_session_s_key_changes_at_each_step_up(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    keys = []
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    keys.append(session.session_key)
    client.cookies["guiyan"] = session.session_key or ""
    client.post("/in", {"login": person.login, "password": PASSWORD})
    keys.append(client.cookies["guiyan"].value)
    client.post("/in/second", {"code": person.code()})
    keys.append(client.cookies["guiyan"].value)
    assert len(set(keys)) == 3
    assert "planted" not in client.session
    thief = Client()
    for key in keys[:2]:
        thief.cookies["guiyan"] = key or ""
        assert not opens(thief)


def test_the_first_sign_in_asks_for_a_password_and_a_factor_of_one_s_own(client: Client) -> None:
    opened = commands.open_account(
        by=Actor.system("tests"),
        login="new-here",
        name="阿尔木呷",
        role="branch_secretary",
        organisation_id=BRANCH.id,
        valid_from=today(),
    )
    answer = client.post("/in", {"login": "new-here", "password": opened.initial_password})
    assert answer.headers["Location"] == "/in/password"
    refused = client.post("/in/password", {"password": "short", "again": "short"})
    assert "密码至少10位" in refused.content.decode()
    client.post("/in/password", {"password": "Da-yan-7-nan-fei", "again": "Da-yan-7-nan-fei"})
    enrolment = client.get("/in/enrol")
    assert "no-store" in enrolment.headers["Cache-Control"]
    page = enrolment.content.decode()
    shown = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    sealed = re.search(r'name="sealed_secret" value="([^"]+)"', page)
    assert shown and sealed
    assert not opens(client)
    code = pyotp.TOTP(shown[1].replace(" ", "")).at(now())
    client.post("/in/enrol", {"sealed_secret": sealed[1], "code": code})
    assert opens(client)
    device = TotpDevice.objects.get(account_id=opened.account_id)
    assert shown[1].replace(" ", "").encode() not in bytes(device.sealed_secret)


def test_a_secret_sealed_for_one_account_is_not_taken_by_another(
    client: Client, enlist: Enlist
) -> None:
    system = Actor.system("tests")
    sealed = []
    for login in ("first-one", "second-one"):
        opened = commands.open_account(
            by=system, login=login, name="曲比小花", role="liaison",
            organisation_id=BRANCH.id, valid_from=today(),
        )  # fmt: skip
        client = Client()
        client.post("/in", {"login": login, "password": opened.initial_password})
        client.post("/in/password", {"password": "Da-yan-7-nan-fei", "again": "Da-yan-7-nan-fei"})
        page = client.get("/in/enrol").content.decode()
        shown = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
        found = re.search(r'name="sealed_secret" value="([^"]+)"', page)
        assert shown and found
        sealed.append((shown[1].replace(" ", ""), found[1]))
    secret, foreign = sealed[0]
    client.post("/in/enrol", {"sealed_secret": foreign, "code": pyotp.TOTP(secret).at(now())})
    assert not opens(client)


def test_a_role_taken_away_is_gone_at_the_next_request(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    assert opens(client)
    grant = Grant.objects.get(account_id=person.account_id)
    commands.end_grant(by=Actor.system("tests"), grant_id=grant.id, reason="调离岗位")
    assert not opens(client)


def test_a_closed_account_is_out_at_the_next_request(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    commands.close_account(
        by=Actor.system("tests"), account_id=person.account_id, reason="调离岗位"
    )
    assert not opens(client)


def test_a_device_ended_elsewhere_is_out_at_its_next_request(enlist: Enlist) -> None:
    person = enlist("county_officer")
    here, there = Client(), Client()
    person.sign_in(here)
    person.sign_in(there)
    device = Device.objects.get(session_key=there.session.session_key)
    assert here.post(f"/w/account/devices/{device.id}/end").status_code == 303
    assert not opens(there)
    assert opens(here)


def test_somebody_else_s_device_is_not_found(client: Client, enlist: Enlist) -> None:
    person, other = enlist("county_officer"), enlist("township_officer", TOWNSHIP)
    foreign = Client()
    other.sign_in(foreign)
    device = Device.objects.get(session_key=foreign.session.session_key)
    person.sign_in(client)
    assert client.post(f"/w/account/devices/{device.id}/end").status_code == 404
    assert opens(foreign)


@pytest.mark.parametrize("field", ["seen_at", "signed_in_at"])
def test_a_session_ends_when_idle_and_after_its_longest_time(
    client: Client, enlist: Enlist, field: str
) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    Device.objects.update(**{field: now() - timedelta(hours=13)})
    assert not opens(client)


def test_signing_out_ends_the_session_on_the_server(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    kept = client.cookies["guiyan"].value
    client.post("/out")
    thief = Client()
    thief.cookies["guiyan"] = kept
    assert not opens(thief)


def test_several_roles_at_one_organisation_add_up(client: Client, enlist: Enlist) -> None:
    person = enlist("liaison", BRANCH)
    commands.grant_role(
        by=Actor.system("tests"), account_id=person.account_id, role="branch_secretary",
        organisation_id=BRANCH.id, valid_from=today(),
    )  # fmt: skip
    person.sign_in(client)
    page = client.get(ACCOUNT_PAGE).content.decode()
    assert "支部书记" in page
    assert "联系人" in page


def test_roles_at_two_organisations_are_chosen_one_at_a_time(
    client: Client, enlist: Enlist
) -> None:
    person = enlist("liaison", BRANCH)
    commands.grant_role(
        by=Actor.system("tests"), account_id=person.account_id, role="township_officer",
        organisation_id=TOWNSHIP.id, valid_from=today(),
    )  # fmt: skip
    person.sign_in(client)
    key = client.session.session_key
    assert client.post("/w/account/grant", {"organisation": str(TOWNSHIP.id)}).status_code == 302
    assert client.session.session_key != key
    page = client.get(ACCOUNT_PAGE).content.decode()
    assert "乡镇街道管理员" in page
    assert client.post("/w/account/grant", {"organisation": str(MEIGU.id)}).status_code == 404


def test_the_way_on_after_signing_in_stays_on_this_site(enlist: Enlist) -> None:
    person = enlist("county_officer")
    ways = {"/w/account": "/w/account", "https://elsewhere.example/": "/w/", "//x.example": "/w/"}
    for wished, went in ways.items():
        person.forget_last_code()
        client = Client()
        client.post("/in", {"login": person.login, "password": PASSWORD, "next": wished})
        answer = client.post("/in/second", {"code": person.code()})
        assert answer.headers["Location"] == went


def test_signing_in_leaves_a_row_in_the_audit_of_one_s_organisation(
    client: Client, enlist: Enlist
) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    with scoped(Scope.under(MEIGU.path)):
        actions = AuditRow.objects.filter(account_id=person.account_id).values_list("action")
        assert ("access.sign_in",) in actions


def test_the_actor_costs_at_most_two_queries_besides_the_session(
    client: Client, enlist: Enlist
) -> None:
    enlist("county_officer").sign_in(client)
    with CaptureQueriesContext(connection) as seen:
        client.get("/w/account/elevation")
    before_the_view = []
    for query in seen.captured_queries:
        if "SAVEPOINT" in query["sql"]:
            break
        before_the_view.append(query["sql"])
    assert len([sql for sql in before_the_view if "django_session" not in sql]) <= 2


def test_pages_of_somebody_signed_in_are_not_kept_by_the_browser(
    client: Client, enlist: Enlist
) -> None:
    enlist("county_officer").sign_in(client)
    for address in ("/w/", "/w/account", "/w/nowhere"):
        assert "no-store" in client.get(address).headers["Cache-Control"]
    assert "max-age=600" in client.get("/w/watermark.svg").headers["Cache-Control"]
    assert "Cache-Control" not in Client().get("/hotlines").headers


def test_a_new_password_ends_the_other_browsers_and_keeps_this_one(enlist: Enlist) -> None:
    person = enlist("county_officer")
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        person.sign_in(client)
    key = here.session.session_key
    words = {"password": "Da-yan-7-nan-fei", "again": "Da-yan-7-nan-fei"}
    assert here.post("/w/account/password", {"present": "wrong", **words}).status_code == 200
    assert elsewhere.get("/w/account").status_code == 200
    assert here.post("/w/account/password", {"present": PASSWORD, **words}).status_code == 303
    assert here.get("/w/account").status_code == 200
    assert here.session.session_key != key
    assert elsewhere.get("/w/account").status_code == 302
