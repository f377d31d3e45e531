"""A number that staff put into a file waits, or is confirmed in person (ADR 8)."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from tests.integration.members.conftest import seen_by
from tests.integration.members.test_changes import OUTSIDER, SECRETARY, register, seen_notices
from tests.people import invented_phone

from guiyan.access.rules import CODES_PER_NUMBER
from guiyan.members import commands, queries
from guiyan.members.models import VaultField
from guiyan.members.types import MemberFacts
from guiyan.platform import limits
from guiyan.platform.clock import today
from guiyan.platform.errors import NotFound
from guiyan.platform.models import AuditRow
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db


def own_number(member: MemberFacts) -> VaultField:
    with scoped(Scope.everywhere()):
        return VaultField.objects.get(
            member_id=member.id, kind="phone", whose="own", valid_to__isnull=True
        )


def signs_in(field: VaultField) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select access_member_by_phone(%s)", [[bytes(field.blind or b"")]])
        return isinstance(cursor.fetchone()[0], UUID)


def with_number_put_in(days_ago: int = 0) -> tuple[MemberFacts, VaultField]:
    """Somebody who had no number, until the secretary put one in."""
    member = register()
    commands.set_identity(
        by=SECRETARY, member_id=member.id, kind="phone", value=invented_phone(5), reason="补录"
    )
    with scoped(Scope.everywhere()):
        VaultField.objects.filter(member_id=member.id, kind="phone").update(
            signs_in_from=today() + timedelta(days=7 - days_ago)
        )
    return member, own_number(member)


def test_the_first_number_put_into_a_file_waits_seven_days_and_is_told() -> None:
    member = register()
    commands.set_identity(
        by=SECRETARY, member_id=member.id, kind="phone", value=invented_phone(5), reason="补录"
    )
    assert own_number(member).signs_in_from == SECRETARY.today + timedelta(days=7)
    (notice,) = seen_notices(member)
    assert SECRETARY.name in notice


@pytest.mark.database_clock
@pytest.mark.parametrize(("days_ago", "opens"), [(0, False), (6, False), (7, True)])
def test_it_signs_in_when_the_week_is_over(days_ago: int, opens: bool) -> None:
    _member, field = with_number_put_in(days_ago)
    assert signs_in(field) is opens


def test_a_number_that_came_with_the_file_signs_in_at_once() -> None:
    assert signs_in(own_number(register(phone=invented_phone(6))))


def test_a_relative_s_number_put_in_is_not_a_matter_of_sign_in() -> None:
    member = register()
    commands.set_identity(
        by=SECRETARY, member_id=member.id, kind="phone", value=invented_phone(5),
        whose="relative", relation="儿子", reason="联系不上时",
    )  # fmt: skip
    assert seen_notices(member) == []


def test_confirmed_in_person_it_signs_in_at_once_and_the_member_reads_who_said_so() -> None:
    member, field = with_number_put_in()
    commands.confirm_number(
        by=SECRETARY, member_id=member.id, field_id=field.id, reason="本人带身份证到窗口"
    )
    assert signs_in(own_number(member))
    assert any("窗口核对" in notice for notice in seen_notices(member))
    with scoped(Scope.everywhere()):
        row = AuditRow.objects.get(action="members.confirm_number")
    assert (row.member_id, row.reason) == (member.id, "本人带身份证到窗口")


def test_the_desk_gives_a_number_its_day_back() -> None:
    member = register(phone=invented_phone(6))
    field = own_number(member)
    number, day = bytes(field.blind or b"").hex(), CODES_PER_NUMBER[1]
    used_up = [limits.take("code-number-1", number, limit=day.times, per=day.per) for _ in range(6)]
    assert used_up == [True] * 5 + [False]
    commands.allow_codes(
        by=SECRETARY, member_id=member.id, field_id=field.id, reason="本人在窗口收不到"
    )
    assert limits.take("code-number-1", number, limit=day.times, per=day.per)


def test_neither_is_done_from_elsewhere_or_for_what_is_not_an_own_number() -> None:
    member = register(phone=invented_phone(6), id_number=None)
    field = own_number(member)
    for act in (commands.confirm_number, commands.allow_codes):
        with pytest.raises(NotFound):
            act(by=OUTSIDER, member_id=member.id, field_id=field.id, reason="越权")
    with scoped(Scope.everywhere()):
        VaultField.objects.filter(id=field.id).update(whose="shared")
    with pytest.raises(NotFound):
        commands.confirm_number(by=SECRETARY, member_id=member.id, field_id=field.id, reason="x")
    with seen_by(SECRETARY):
        (shown,) = queries.vault_of(SECRETARY, member.id)
    assert shown.signs_in_from is None
