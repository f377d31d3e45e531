"""A role that administers or approves takes effect only when two people have said yes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.cast import BRANCH, CITY, MEIGU, OFFICIALS, OUTSIDERS, PROVINCE, TOWNSHIP, official
from tests.integration.access.conftest import Enlist
from tests.integration.access.test_administration import SYSTEM, code_of, grant, open_for

from guiyan.access import commands, queries, rules
from guiyan.access.cli import accounts as accounts_cli
from guiyan.access.jobs import forget_what_is_over
from guiyan.access.models import Grant, GrantProposal
from guiyan.access.roles import ROLES
from guiyan.platform.clock import now, today
from guiyan.platform.errors import NotFound
from guiyan.platform.models import AuditRow
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db
FIRST = replace(OFFICIALS["security_administrator"], today=today())
SECOND = replace(official("security_administrator", MEIGU, "安在后"), today=today())
ABOVE = replace(official("security_administrator", CITY, "安州里"), today=today())
BELOW = replace(official("security_administrator", TOWNSHIP, "安镇上"), today=today())
FOREIGN = replace(OUTSIDERS["security_administrator"], today=today())


def only_proposal() -> GrantProposal:
    return GrantProposal.objects.get()


@pytest.mark.parametrize(
    "role", ["approver", "security_administrator", "system_administrator", "audit_administrator"]
)
def test_one_administrator_alone_makes_nobody_an_approver_or_administrator(role: str) -> None:
    opened = open_for(FIRST, role, MEIGU)
    assert opened.awaits_second
    assert not Grant.objects.exists()
    assert queries.own_places(opened.account_id) == []
    assert queries.staff_at(MEIGU.path, Permission.APPROVE_EXPORTS) == []


def test_every_role_that_approves_or_administers_needs_two() -> None:
    powers = {
        Permission.APPROVE_EXPORTS,
        Permission.ADMINISTER_ACCOUNTS,
        Permission.ADMINISTER_SYSTEM,
        Permission.READ_AUDIT,
    }
    strong = {code for code, role in ROLES.items() if (role.permissions | role.elevated) & powers}
    assert strong == rules.NEEDS_TWO


def test_other_roles_are_given_by_one() -> None:
    assert not open_for(FIRST, "county_officer", MEIGU).awaits_second
    assert Grant.objects.get().role == "county_officer"


@pytest.mark.parametrize("second", [SECOND, ABOVE], ids=["same-level", "above"])
def test_with_a_second_administrator_s_yes_the_role_counts_from_today(second: Any) -> None:
    opened = open_for(FIRST, "approver", MEIGU)
    GrantProposal.objects.update(valid_from=today() - timedelta(days=9))
    commands.confirm_grant(by=second, proposal_id=only_proposal().id)
    held = Grant.objects.get(account_id=opened.account_id)
    assert (held.role, held.valid_from) == ("approver", today())
    assert held.granted_by == f"{FIRST.name}、{second.name}"
    assert not GrantProposal.objects.exists()


def test_neither_who_proposed_nor_who_gains_nor_who_stands_below_says_yes() -> None:
    opened = open_for(FIRST, "approver", TOWNSHIP)
    wish = only_proposal()
    gains = replace(SECOND, account_id=opened.account_id)
    refused = {
        "same-person": FIRST,
        "own-account": gains,
        "second-below": BELOW,
    }
    for code, person in refused.items():
        assert code == code_of(
            lambda person=person: commands.confirm_grant(by=person, proposal_id=wish.id)
        )
    with pytest.raises(NotFound):
        commands.confirm_grant(by=FOREIGN, proposal_id=wish.id)
    assert not Grant.objects.exists()


def test_the_yes_asks_again_whether_another_grant_excludes_it() -> None:
    opened = open_for(FIRST, "audit_administrator", MEIGU)
    grant(FIRST, opened.account_id, "desk_clerk", MEIGU)
    wish = only_proposal()
    code = code_of(lambda: commands.confirm_grant(by=SECOND, proposal_id=wish.id))
    assert code == "exclusive"


def test_the_same_wish_is_made_once_and_can_be_declined_or_taken_back() -> None:
    opened = open_for(FIRST, "approver", MEIGU)
    again = code_of(lambda: grant(SECOND, opened.account_id, "approver", MEIGU))
    assert again == "asked-already"
    commands.decline_grant(by=SECOND, proposal_id=only_proposal().id, reason="人选不合适")
    grant(FIRST, opened.account_id, "approver", MEIGU)
    commands.decline_grant(by=FIRST, proposal_id=only_proposal().id, reason="填错了")
    assert not GrantProposal.objects.exists()
    with pytest.raises(NotFound):
        commands.confirm_grant(by=SECOND, proposal_id=uuid4())


def test_a_wish_nobody_answers_lapses_after_two_weeks() -> None:
    opened = open_for(FIRST, "approver", MEIGU)
    wish = only_proposal()
    GrantProposal.objects.update(proposed_at=now() - rules.PROPOSAL_LASTS - timedelta(hours=1))
    assert queries.proposals_for(SECOND) == []
    with pytest.raises(NotFound):
        commands.confirm_grant(by=SECOND, proposal_id=wish.id)
    grant(FIRST, opened.account_id, "approver", MEIGU)  # made anew without waiting for the night
    GrantProposal.objects.update(proposed_at=now() - rules.PROPOSAL_LASTS - timedelta(hours=1))
    forget_what_is_over()
    assert not GrantProposal.objects.exists()


def test_each_step_stands_in_the_audit_with_who_proposed() -> None:
    opened = open_for(FIRST, "approver", MEIGU)
    commands.confirm_grant(by=SECOND, proposal_id=only_proposal().id)
    with scoped(Scope.everywhere()):
        rows = {row.action: row for row in AuditRow.objects.filter(subject_id=opened.account_id)}
    assert rows["access.grant_role"].facts["awaits_second"] is True
    assert rows["access.confirm_grant"].facts["proposed_by"] == FIRST.name
    assert rows["access.confirm_grant"].actor_name == SECOND.name


def test_a_reset_makes_strong_roles_wait_again() -> None:
    """Otherwise whoever resets an approver's sign-in would be the approver."""
    opened = open_for(SYSTEM, "approver", MEIGU)
    grant(SYSTEM, opened.account_id, "desk_clerk", MEIGU)
    commands.reset_sign_in(by=FIRST, account_id=opened.account_id, reason="丢了手机")
    assert [held.role for held in Grant.objects.filter(account_id=opened.account_id)] == [
        "desk_clerk"
    ]
    commands.confirm_grant(by=SECOND, proposal_id=only_proposal().id)
    assert Grant.objects.filter(account_id=opened.account_id, role="approver").exists()


def test_the_command_line_is_the_second_person() -> None:
    opened = open_for(FIRST, "approver", MEIGU, "lonely")
    wish = ["grant", "lonely", "--role", "approver", "--organisation", MEIGU.code]
    done = CliRunner().invoke(accounts_cli, wish)
    assert done.exit_code == 0, done.output
    assert Grant.objects.get(account_id=opened.account_id).role == "approver"
    assert not GrantProposal.objects.exists()


@pytest.mark.parametrize("place", [CITY, PROVINCE], ids=["city", "province"])
def test_a_grant_above_that_begins_tomorrow_or_waits_forbids_a_reset_today(place: Any) -> None:
    opened = open_for(SYSTEM, "liaison", BRANCH)
    tomorrow = today() + timedelta(days=1)
    grant(SYSTEM, opened.account_id, "city_officer", place, valid_from=tomorrow)
    act = lambda: commands.reset_sign_in(by=FIRST, account_id=opened.account_id, reason="丢了")  # noqa: E731
    assert code_of(act) == "above"
    Grant.objects.filter(path=place.path).delete()
    GrantProposal.objects.create(
        account_id=opened.account_id, role="approver", organisation_id=place.id, path=place.path,
        valid_from=today(), proposed_by_id=uuid4(), proposed_by="省", proposed_by_path="0001",
        proposed_at=now(),
    )  # fmt: skip
    assert code_of(act) == "above"


def test_two_administrators_walk_it_through_the_pages(client: Client, enlist: Enlist) -> None:
    enlist("security_administrator", login="first", name="安守门").sign_in(client)
    wish = {
        "login": "new-approver", "name": "皮复核", "role": "approver",
        "organisation_code": MEIGU.code, "valid_from": today().isoformat(),
    }  # fmt: skip
    assert "第二位安全管理员" in client.post("/w/accounts/new", wish).content.decode()
    own = client.get("/w/accounts").content.decode()
    asked = only_proposal()
    confirm = f"/w/grants/wishes/{asked.id}/confirm"
    assert "皮复核" in own
    assert confirm not in own
    assert client.post(confirm).status_code == 422
    assert client.get(f"/w/accounts/{asked.account_id}").status_code == 200
    other = Client()
    enlist("security_administrator", login="second", name="安在后").sign_in(other)
    assert "答复 1 项授权" in other.get("/w/").content.decode()
    assert confirm in other.get("/w/accounts").content.decode()
    assert other.post(confirm).status_code == 303
    assert Grant.objects.filter(account_id=asked.account_id, role="approver").exists()
