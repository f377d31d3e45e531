"""What the doctor says of the ways out: each check sees its fault, and is silent without it."""

from datetime import timedelta
from typing import Any

import pytest
from tests.cast import OFFICIALS
from tests.integration.channels.conftest import SYSTEM, everywhere, put, reminder

from guiyan.channels import checks, commands, contents, dispatching
from guiyan.channels.aliyun_sms.fake import AliyunFake
from guiyan.channels.models import ChannelToken, OutboxMessage
from guiyan.platform.clock import now
from guiyan.platform.health.findings import Finding

pytestmark = pytest.mark.django_db
CHECKS = (
    checks.outbox, checks.unknown_outcomes, checks.channels, checks.access_tokens,
    checks.spending_today,
)  # fmt: skip


def given(**changed: Any) -> None:
    """A message that stands as it would after something went wrong."""
    (message_id,) = put([reminder(1, send_after=now(), expires_at=now() + timedelta(days=1))])
    with everywhere():
        OutboxMessage.objects.filter(pk=message_id).update(**changed)


def warned(finding: Finding, seen: str) -> bool:
    return finding.grade == "warning" and seen in finding.seen and bool(finding.mend)


@pytest.mark.parametrize("check", CHECKS)
def test_without_a_fault_nothing_is_said(check: Any) -> None:
    assert check().grade == "ok"


def test_a_message_that_nobody_sends_is_seen() -> None:
    given(next_try_at=now() - timedelta(minutes=11))
    assert warned(checks.outbox(), "1 messages wait")


def test_what_is_put_off_until_morning_or_expired_is_no_fault() -> None:
    given(next_try_at=now() + timedelta(hours=8))
    assert checks.outbox().grade == "ok"
    given(next_try_at=now() - timedelta(hours=2), expires_at=now() - timedelta(hours=1))
    assert checks.outbox().grade == "ok"


def test_an_outcome_that_nobody_knows_is_seen_until_a_person_decides() -> None:
    given(state="unknown")
    assert warned(checks.unknown_outcomes(), "1 messages whose outcome")
    with everywhere():
        message_id = OutboxMessage.objects.get().id
    commands.decide_unknown(
        by=OFFICIALS["township_officer"], message_id=message_id, was_sent=True, reason="问过本人"
    )
    assert checks.unknown_outcomes().grade == "ok"


def test_of_an_erased_member_nothing_is_left_to_decide() -> None:
    given(state="unknown")
    with everywhere():
        person = OutboxMessage.objects.get().recipient_id
    assert person is not None
    commands.forget_recipients(by=SYSTEM, recipient_kind="member", recipient_ids=[person])
    assert checks.unknown_outcomes().grade == "ok"


def test_a_provider_that_does_not_answer_is_named() -> None:
    given(tries=3)
    assert warned(checks.channels(), "aliyun_sms does not answer")


def test_a_channel_that_lost_its_settings_while_messages_wait_is_named(settings: Any) -> None:
    given()
    settings.CHANNELS = {}
    assert warned(checks.channels(), "aliyun_sms is not configured but messages wait")


def test_a_token_that_ran_out_is_seen() -> None:
    with everywhere():
        ChannelToken.objects.create(
            channel="wechat",
            token=contents.seal_column("channels_channeltoken", "token", "wechat", "t"),
            expires_at=now() - timedelta(minutes=1),
        )
    assert warned(checks.access_tokens(), "wechat")


@pytest.mark.parametrize(
    ("limits", "seen"),
    [
        ({"day_fen": 5, "month_messages": 100}, "aliyun_sms: the day's limit"),
        ({"day_fen": 500, "month_messages": 1}, "aliyun_sms: the month's quota"),
    ],
)
def test_a_brake_that_holds_is_said(aliyun: AliyunFake, limits: dict[str, int], seen: str) -> None:
    commands.set_limits(
        by=OFFICIALS["system_administrator"], channel="aliyun_sms", reason="试", **limits
    )
    put([reminder(1, send_after=now(), expires_at=now() + timedelta(days=1), priority="code")])
    dispatching.run()
    assert sum(aliyun.accepted.values()) == 1
    assert warned(checks.spending_today(), seen)


def test_no_finding_names_a_person_or_a_number() -> None:
    given(state="unknown", tries=3, next_try_at=now() - timedelta(hours=1))
    said = " ".join(f"{check().seen} {check().mend}" for check in CHECKS)
    assert reminder(1).address[3:] not in said
    assert str(reminder(1).recipient_id) not in said
