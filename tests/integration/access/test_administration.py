"""Accounts and grants by their administrator, the reasons for them, and the audit."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.cast import (
    BRANCH,
    CITY,
    MEIGU,
    NEXT_COUNTY,
    OFFICIALS,
    OUTSIDERS,
    TOWNSHIP,
    Place,
    official,
)
from tests.integration.access.conftest import Enlist

from guiyan.access import commands, handsets, queries
from guiyan.access.audit_reading import audit_page
from guiyan.access.cli import accounts as accounts_cli
from guiyan.access.explaining import explain
from guiyan.access.jobs import forget_what_is_over
from guiyan.access.models import Account, Device, Grant, MemberCode
from guiyan.access.sentences import actions
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now, today
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import scoped

pytestmark = pytest.mark.django_db
SECURITY = replace(OFFICIALS["security_administrator"], today=today())
AUDITOR = replace(OFFICIALS["audit_administrator"], today=today())
SYSTEM = Actor.system("tests")


def open_for(by: Actor, role: str, place: Place, login: str = "somebody") -> Any:
    return commands.open_account(
        by=by, login=login, name="沙马尔古", role=role, organisation_id=place.id, valid_from=today()
    )


def grant(by: Actor, account_id: Any, role: str, place: Place, **more: Any) -> Any:
    wish = {"valid_from": today(), **more}
    return commands.grant_role(
        by=by, account_id=account_id, role=role, organisation_id=place.id, **wish
    )


def code_of(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_an_account_is_opened_with_a_role_and_a_password_shown_once() -> None:
    opened = open_for(SECURITY, "liaison", BRANCH)
    account = Account.objects.get(id=opened.account_id)
    assert account.must_change_password
    assert opened.initial_password not in account.password
    assert account.password.startswith("argon2$argon2id$")


def test_a_login_is_taken_once() -> None:
    open_for(SECURITY, "liaison", BRANCH)
    assert code_of(lambda: open_for(SECURITY, "liaison", BRANCH, "Somebody")) == "login-taken"


def test_no_account_is_opened_outside_one_s_part_of_the_tree() -> None:
    for place in (NEXT_COUNTY, CITY):
        with pytest.raises(NotFound):
            open_for(SECURITY, "liaison", place)
    assert not Account.objects.exists()


def test_only_the_security_administrator_opens_accounts() -> None:
    for role, person in OFFICIALS.items():
        if role != "security_administrator":
            with pytest.raises(Forbidden):
                open_for(person, "liaison", BRANCH)


def test_the_three_administrators_exclude_each_other_in_the_command_too() -> None:
    opened = open_for(SYSTEM, "audit_administrator", MEIGU)
    for role in ("security_administrator", "system_administrator", "desk_clerk"):
        assert code_of(lambda role=role: grant(SECURITY, opened.account_id, role, MEIGU)) == (
            "exclusive"
        )


def test_a_grant_elsewhere_that_the_administrator_cannot_see_excludes_as_well() -> None:
    opened = open_for(SYSTEM, "audit_administrator", NEXT_COUNTY)
    Grant.objects.create(
        account_id=opened.account_id, role="audit_administrator", organisation_id=MEIGU.id,
        path=MEIGU.path, valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31), granted_by="",
    )  # fmt: skip
    assert code_of(lambda: grant(SECURITY, opened.account_id, "desk_clerk", MEIGU)) == "exclusive"


def test_nobody_grants_to_themselves_or_ends_their_own_grant() -> None:
    opened = open_for(SYSTEM, "security_administrator", MEIGU)
    oneself = replace(SECURITY, account_id=opened.account_id)
    own = Grant.objects.get(account_id=opened.account_id)
    assert code_of(lambda: grant(oneself, opened.account_id, "liaison", BRANCH)) == "own-account"
    ending = code_of(lambda: commands.end_grant(by=oneself, grant_id=own.id, reason="试一试"))
    assert ending == "own-account"


def test_accounts_of_the_next_county_are_not_found() -> None:
    opened = open_for(SYSTEM, "liaison", NEXT_COUNTY)
    foreign = Grant.objects.get(account_id=opened.account_id)
    acts = (
        lambda: queries.account_for(SECURITY, opened.account_id),
        lambda: grant(SECURITY, opened.account_id, "liaison", BRANCH),
        lambda: commands.end_grant(by=SECURITY, grant_id=foreign.id, reason="越权试验"),
        lambda: commands.reset_sign_in(by=SECURITY, account_id=opened.account_id, reason="越权"),
        lambda: commands.close_account(by=SECURITY, account_id=opened.account_id, reason="越权"),
    )
    for act in acts:
        with pytest.raises(NotFound):
            act()
    assert [facts.login for facts in queries.accounts_for(SECURITY)] == []
    assert len(queries.accounts_for(OUTSIDERS["security_administrator"])) == 1


def test_an_account_with_a_grant_above_is_not_reset_from_below() -> None:
    opened = open_for(SYSTEM, "city_officer", CITY)
    grant(SYSTEM, opened.account_id, "liaison", BRANCH)
    for act in (commands.reset_sign_in, commands.close_account):
        refusal = code_of(
            lambda act=act: act(by=SECURITY, account_id=opened.account_id, reason="丢了手机")
        )
        assert refusal == "above"


def test_a_reset_forgets_both_factors_and_signs_out(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    person.sign_in(client)
    opened = commands.reset_sign_in(by=SECURITY, account_id=person.account_id, reason="丢了手机")
    assert client.get("/w/account").status_code == 302
    answer = Client().post("/in", {"login": person.login, "password": person.password})
    assert answer.status_code == 200
    answer = Client().post("/in", {"login": person.login, "password": opened.initial_password})
    assert answer.headers["Location"] == "/in/password"


@pytest.mark.parametrize("end", [commands.reset_sign_in, commands.close_account])
def test_a_reset_or_closed_account_ends_its_phones_for_work_without_a_line(
    enlist: Enlist, end: Callable[..., object]
) -> None:
    person = enlist("canvasser")
    by = replace(OFFICIALS["canvasser"], account_id=person.account_id)
    issued = handsets.issue_handset(by=by, description="红米")
    end(by=SECURITY, account_id=person.account_id, reason="丢了手机")
    bearer = handsets.bearer_of(issued.token)
    assert bearer is not None
    assert (bearer.standing, bearer.handset.revoked_by) == ("revoked", SECURITY.name)


def test_an_unlocked_account_signs_in_at_once(client: Client, enlist: Enlist) -> None:
    person = enlist("county_officer")
    Account.objects.update(locked_until=now() + timedelta(hours=1), failed_attempts=5)
    commands.unlock_account(by=SECURITY, account_id=person.account_id)
    person.sign_in(client)
    assert client.get("/w/account").status_code == 200


def test_factors_are_given_ready_made_by_the_system_only() -> None:
    opened = open_for(SECURITY, "liaison", BRANCH)
    with pytest.raises(Forbidden):
        commands.provision_sign_in(
            by=SECURITY, account_id=opened.account_id, password="x", totp_secret="A" * 16
        )


def test_an_ended_grant_stays_in_history() -> None:
    opened = open_for(SECURITY, "liaison", BRANCH)
    Grant.objects.update(valid_from=today() - timedelta(days=10))
    held = Grant.objects.get()
    commands.end_grant(by=SECURITY, grant_id=held.id, reason="调离岗位")
    (kept,) = queries.account_for(SECURITY, opened.account_id).grants
    assert kept.holds_on(today() - timedelta(days=1))
    assert not kept.holds_on(today())


def test_accounts_unused_for_90_days_are_listed() -> None:
    open_for(SECURITY, "liaison", BRANCH, "fresh")
    open_for(SECURITY, "liaison", BRANCH, "old-one")
    Account.objects.filter(login="old-one").update(created_at=now() - timedelta(days=91))
    stale = queries.accounts_for(SECURITY, only_stale=True)
    assert [facts.login for facts in stale] == ["old-one"]


def test_staff_at_an_organisation_are_found_by_what_they_may_do() -> None:
    opened = open_for(SECURITY, "liaison", BRANCH)
    grant(SECURITY, opened.account_id, "branch_secretary", BRANCH)
    open_for(SECURITY, "canvasser", BRANCH, "canvasser")
    open_for(SECURITY, "liaison", TOWNSHIP, "elsewhere")
    (found,) = queries.staff_at(BRANCH.path, Permission.RECORD_CONTACT)
    assert found.account_id == opened.account_id
    assert found.roles == ("branch_secretary", "liaison")
    assert found.organisation_name == BRANCH.name


def test_an_explanation_names_the_grant_and_the_reach() -> None:
    opened = open_for(SECURITY, "township_officer", TOWNSHIP)
    why = explain(
        SECURITY, account_id=opened.account_id, permission=Permission.SEE_MEMBERS,
        organisation_id=BRANCH.id,
    )  # fmt: skip
    assert why.is_allowed
    assert "乡镇街道管理员" in why.sentences[0]
    assert TOWNSHIP.name in why.sentences[0]


@pytest.mark.parametrize(
    ("permission", "place", "words"),
    [
        (Permission.SEE_MEMBERS, NEXT_COUNTY, "不在其中"),
        (Permission.REVEAL_IDENTITY, BRANCH, "临时提权"),
        (Permission.READ_AUDIT, BRANCH, "没有"),
    ],
)
def test_an_explanation_says_why_not(permission: Permission, place: Place, words: str) -> None:
    opened = open_for(SECURITY, "county_officer", MEIGU)
    why = explain(
        SECURITY, account_id=opened.account_id, permission=permission, organisation_id=place.id
    )
    assert not why.is_allowed
    assert words in why.sentences[0]


def test_the_audit_shows_one_s_own_part_of_the_tree_as_sentences() -> None:
    open_for(SECURITY, "liaison", BRANCH)
    audit.record(OUTSIDERS["county_officer"], "access.sign_in")
    with scoped(AUDITOR.scope):
        lines = audit_page(AUDITOR).lines
    assert "授予角色：联系人" in [line.sentence for line in lines]
    assert {line.actor for line in lines} == {SECURITY.name}


def test_the_audit_names_bodies_and_of_persons_only_kind_and_a_piece_of_the_id() -> None:
    account = uuid4()
    for kind, subject in (("organisation", BRANCH.id), ("member", account)):
        audit.write(SECURITY, [audit.AuditEntry("members.reveal", kind, subject, None, "", {})])
    with scoped(AUDITOR.scope):
        of_person, of_body = audit_page(AUDITOR).lines
    assert (of_body.subject, of_body.organisation_id) == (BRANCH.name, BRANCH.id)
    assert (of_person.subject, of_person.organisation_id) == (f"党员档案 {account!s:.8}", None)


def test_each_sentence_stands_once_in_the_filter_and_finds_all_that_are_called_so() -> None:
    sentences = [sentence for _code, sentence in actions()]
    assert len(sentences) == len(set(sentences))
    audit.record(SECURITY, "members.set_sides")
    audit.record(SECURITY, "members.set_sides_of_many")
    with scoped(AUDITOR.scope):
        assert len(audit_page(AUDITOR, action="members.set_sides").lines) == 2


@pytest.mark.database_clock
def test_the_audit_is_filtered_and_paged() -> None:
    for _ in range(5):
        audit.record(SECURITY, "access.sign_in")
    audit.record(SECURITY, "access.sign_out")
    with scoped(AUDITOR.scope):
        first = audit_page(AUDITOR, action="access.sign_in", limit=3)
        second = audit_page(AUDITOR, action="access.sign_in", limit=3, cursor=first.next)
        ids = [line.id for line in (*first.lines, *second.lines)]
        assert ids == sorted(set(ids), reverse=True)
        assert len(ids) == 5
        assert second.next == ""
        assert audit_page(AUDITOR, person="nobody").lines == ()
        assert len(audit_page(AUDITOR, day=today()).lines) == 6
        assert audit_page(AUDITOR, day=today() - timedelta(days=1)).lines == ()
        assert len(audit_page(AUDITOR, cursor="broken").lines) == 6


def test_only_the_audit_administrator_reads_the_audit() -> None:
    for role, person in OFFICIALS.items():
        if role != "audit_administrator":
            with pytest.raises(Forbidden):
                audit_page(person)


def test_the_administrator_s_day_through_the_pages(client: Client, enlist: Enlist) -> None:
    enlist("security_administrator", login="security").sign_in(client)
    wish = {
        "login": "new-liaison", "name": "曲比小花", "role": "liaison",
        "organisation_code": BRANCH.code, "valid_from": today().isoformat(),
    }  # fmt: skip
    page = client.post("/w/accounts/new", wish).content.decode()
    assert re.search(r"<code>(\w{4}-){3}\w{4}</code>", page)
    opened = Account.objects.get(login="new-liaison")
    assert "曲比小花" in client.get("/w/accounts?q=曲比").content.decode()
    detail = f"/w/accounts/{opened.id}"
    assert client.get(detail).status_code == 200
    wish["role"] = "audit_administrator"
    refused = client.post(f"{detail}/grant", wish)
    assert "互斥" in refused.content.decode()
    wish["role"], wish["organisation_code"] = "canvasser", NEXT_COUNTY.code
    assert "管理范围内没有这个组织" in client.post(f"{detail}/grant", wish).content.decode()
    wish["organisation_code"] = TOWNSHIP.code
    assert client.post(f"{detail}/grant", wish).status_code == 303
    why = {"permission": "see_members", "organisation_code": BRANCH.code}
    assert "可以：" in client.get(f"{detail}/why", why).content.decode()
    assert client.post(f"{detail}/close", {"reason": ""}).status_code == 422
    assert client.post(f"{detail}/close", {"reason": "调离岗位"}).status_code == 303
    assert client.post(f"{detail}/reopen", {"reason": "回来了"}).status_code == 303
    assert client.post(f"{detail}/unlock").status_code == 303
    assert "初始密码" in client.post(f"{detail}/reset", {"reason": "丢了"}).content.decode()
    held = Grant.objects.filter(account=opened).first()
    assert held is not None
    assert client.post(f"/w/grants/{held.id}/end", {"reason": "调离"}).status_code == 303
    assert client.get(f"/w/accounts/{uuid4()}").status_code == 404
    assert client.get("/w/audit").status_code == 403


def test_the_auditor_s_page(client: Client, enlist: Enlist) -> None:
    enlist("audit_administrator", login="auditor").sign_in(client)
    page = client.get("/w/audit").content.decode()
    assert "登录" in page
    assert client.get("/w/audit?action=access.sign_in&day=2020-01-01").status_code == 200
    assert client.get("/w/accounts").status_code == 403


def test_the_command_line_opens_grants_and_resets() -> None:
    run = CliRunner().invoke
    wish = ["create", "first-one", "安守门", "--role", "security_administrator"]
    made = run(accounts_cli, [*wish, "--organisation", MEIGU.code, "--json"])
    assert made.exit_code == 0, made.output
    assert "initial_password" in made.output
    clash = ["grant", "first-one", "--role", "desk_clerk", "--organisation", MEIGU.code]
    assert run(accounts_cli, clash).exit_code == 1
    assert run(accounts_cli, ["reset", "first-one", "--reason", "丢了手机"]).exit_code == 0
    assert run(accounts_cli, ["reset", "nobody", "--reason", "丢了手机"]).exit_code == 1


def test_each_night_what_is_over_is_forgotten() -> None:
    old, fresh = now() - timedelta(days=2), now() + timedelta(minutes=5)
    for moment in (old, fresh):
        MemberCode.objects.create(phone_blind=b"x", code_hash=b"x", expires_at=moment)
    for days in (200, 10):
        Device.objects.create(session_key=str(days), seen_at=now() - timedelta(days=days))
    forget_what_is_over()
    assert MemberCode.objects.count() == 1
    assert Device.objects.get().session_key == "10"


def test_an_official_of_the_cast_has_the_permissions_of_the_role() -> None:
    both = official("liaison", BRANCH, "曲比小花", "branch_secretary")
    assert both.permissions >= OFFICIALS["liaison"].permissions
