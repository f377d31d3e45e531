"""Opening one field: the trace before the value, fifty a day, and what the member is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from tests.cast import BRANCH, OFFICIALS, OUTSIDERS, with_permissions
from tests.integration.members.conftest import seen_by
from tests.people import invented_id, invented_phone

from guiyan.members import commands, queues, timeline
from guiyan.members.types import MemberFacts, NewMember
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.models import AuditRow
from guiyan.platform.scope import scoped

pytestmark = pytest.mark.django_db

SECRETARY = OFFICIALS["branch_secretary"]
TOWNSHIP = OFFICIALS["township_officer"]
NUMBER = invented_id(sequence=4)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 12:00 in China
NIGHT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 23:00 in China


@pytest.fixture
def member() -> MemberFacts:
    return commands.register_member(
        by=SECRETARY,
        new=NewMember(
            name="阿尔拉且",
            id_number=NUMBER,
            phone=invented_phone(3),
            home_organisation_id=BRANCH.id,
        ),
    )


def reveal(member: MemberFacts, by: Actor = SECRETARY, kind: str = "id_number") -> str:
    return commands.reveal(by=by, member_id=member.id, kind=kind, reason="verify").value


def notices(member: MemberFacts) -> list[str]:
    me = Actor.member(member.id, member.name)
    with seen_by(me):
        return [notice.text for notice in queues.unseen_notices(me, member.id)]


def test_the_trace_is_there_when_the_value_comes(member: MemberFacts) -> None:
    with time_machine.travel(NOON):
        assert reveal(member) == NUMBER
    me = Actor.member(member.id, member.name)
    with seen_by(me):
        (entry,) = timeline.openings_of(me, member.id)
    assert (entry.who, entry.organisation) == (SECRETARY.name, BRANCH.name)
    assert entry.text == "查看了完整的身份证号码"
    assert entry.reason == "核对身份"


def test_where_no_trace_can_be_written_no_value_comes(member: MemberFacts) -> None:
    """A row that the audit can not hold stands for a full disk."""
    too_long = replace(SECRETARY, roles=("x" * 300,))
    with pytest.raises(Exception, match="too long"):
        reveal(member, by=too_long)
    with seen_by(SECRETARY):
        assert not AuditRow.objects.filter(action="members.reveal").exists()


def test_the_value_stands_for_sixty_seconds(member: MemberFacts) -> None:
    with time_machine.travel(NOON, tick=False):
        revealed = commands.reveal(
            by=SECRETARY, member_id=member.id, kind="phone", reason="contact"
        )
    assert (revealed.until - NOON).total_seconds() == 60
    assert revealed.value == invented_phone(3)
    assert invented_phone(3) not in repr(revealed)


@pytest.mark.parametrize(
    ("reason", "case_number", "code"),
    [
        ("", "", "reason"),
        ("just so", "", "reason"),
        ("verify", "电话12000000003", "case-number"),
        ("verify", "字" * 31, "case-number"),
    ],
)
def test_an_opening_needs_a_reason_of_the_list(
    member: MemberFacts, reason: str, case_number: str, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        commands.reveal(
            by=SECRETARY,
            member_id=member.id,
            kind="phone",
            reason=reason,
            case_number=case_number,
        )
    assert refusal.value.code == code


def test_who_may_not_or_does_not_see_the_file_opens_nothing(member: MemberFacts) -> None:
    with pytest.raises(Forbidden):
        reveal(member, by=OFFICIALS["county_officer"])
    with pytest.raises(NotFound):
        reveal(member, by=OUTSIDERS["desk_clerk"])
    with pytest.raises(NotFound):
        reveal(member, kind="address")


@pytest.mark.database_clock
def test_the_fifty_first_opening_of_a_day_needs_somebody_else(member: MemberFacts) -> None:
    # Rows bear the database's clock, so the day is the real one, seen from its last minute.
    late = timezone.localtime().replace(hour=23, minute=59, second=0)
    with time_machine.travel(late):
        for _ in range(50):
            reveal(member)
        with pytest.raises(Refused) as refusal:
            reveal(member)
        assert refusal.value.code == "reveal-quota"
        elsewhere = replace(SECRETARY, path=TOWNSHIP.path, organisation_id=TOWNSHIP.organisation_id)
        with pytest.raises(Refused):
            reveal(member, by=elsewhere)
        assert reveal(member, by=TOWNSHIP) == NUMBER
    with time_machine.travel(late + timedelta(minutes=2)):
        assert reveal(member) == NUMBER


def test_an_ordinary_opening_is_listed_and_not_told(member: MemberFacts) -> None:
    with time_machine.travel(NOON):
        reveal(member)
    assert notices(member) == []


def test_openings_out_of_the_ordinary_are_told_to_the_member(member: MemberFacts) -> None:
    elevated = replace(SECRETARY, elevation_reason="核查举报")
    with time_machine.travel(NOON):
        reveal(member, by=elevated)
    assert "临时提升的权限" in notices(member)[0]
    with time_machine.travel(NIGHT):
        reveal(member, by=TOWNSHIP)
    assert "夜间" in notices(member)[0]
    city = with_permissions(OFFICIALS["city_officer"], *TOWNSHIP.permissions)
    with time_machine.travel(NOON):
        reveal(member, by=city)
    (outside,) = [text for text in notices(member) if city.name in text]
    assert "不是您的流出地或流入地组织" in outside
    assert NUMBER not in "".join(notices(member))


def test_from_the_twentieth_opening_of_a_day_members_are_told(member: MemberFacts) -> None:
    with time_machine.travel(NOON):
        for _ in range(19):
            reveal(member)
        assert notices(member) == []
        reveal(member)
    assert "当天查看的人很多" in notices(member)[0]


def test_no_file_tells_of_another_one_s_openings(member: MemberFacts) -> None:
    other = Actor.member(uuid4(), "别人")
    reveal(member)
    with seen_by(other):
        assert timeline.openings_of(other, member.id) == []
        assert not AuditRow.objects.exists()


def test_the_database_itself_shows_no_vault_without_a_scope(member: MemberFacts) -> None:
    with scoped(OUTSIDERS["county_officer"].scope), connection.cursor() as cursor:
        cursor.execute("select count(*) from members_vaultfield")
        assert cursor.fetchone() == (0,)
        cursor.execute("update members_vaultfield set mask = 'x'")
        assert cursor.rowcount == 0
