"""Providers are asked for what they have not reported; an enquiry sends nothing, whatever it hears."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.acting import Browser
from tests.cast import OFFICIALS
from tests.integration.channels.conftest import (
    NOON,
    everywhere,
    only_row,
    put,
    reminder,
    rows,
    seen_by,
)

from guiyan.channels import commands, dispatching, enquiring, housekeeping, queries
from guiyan.channels.aliyun_sms.fake import AliyunFake
from guiyan.channels.endpoints import standing_in
from guiyan.channels.models import OutboxMessage
from guiyan.channels.tencent_sms.fake import TencentFake
from guiyan.platform.clock import now

pytestmark = pytest.mark.django_db
OFFICER = OFFICIALS["township_officer"]
SOON = timedelta(minutes=11)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


@pytest.fixture
def tencent() -> Iterator[TencentFake]:
    with TencentFake("secret") as fake, standing_in({"tencent_sms": fake.address}):
        yield fake


def test_a_receipt_that_was_never_pushed_is_fetched(
    aliyun: AliyunFake, clock: time_machine.Traveller
) -> None:
    (message_id,) = put([reminder(1)])
    dispatching.run()
    aliyun.ends(message_id, 3)
    assert enquiring.run() == 0  # it has had no time to come by itself
    clock.shift(SOON)
    assert enquiring.run() == 1
    row = only_row()
    assert (row.state, row.contents, row.ask_at) == ("delivered", None, None)
    with seen_by(OFFICER):
        (receipt,) = queries.receipts_of(OFFICER, message_id)
    assert (receipt.is_delivered, receipt.code) == (True, "DELIVERED")
    assert (aliyun.refused, sum(aliyun.accepted.values())) == (0, 1)


@pytest.mark.parametrize(("status", "state"), [(3, "delivered"), (2, "declined"), (1, "accepted")])
def test_what_nobody_knew_is_settled_by_the_providers_word_and_not_sent_again(
    aliyun: AliyunFake, clock: time_machine.Traveller, status: int, state: str
) -> None:
    """The gateway took it and dropped its answer."""
    (message_id,) = put([reminder(1)])
    aliyun.misbehave("drop")
    dispatching.run()
    assert only_row().state == "unknown"
    aliyun.misbehave("well")
    aliyun.ends(message_id, status)
    clock.shift(SOON)
    enquiring.run()
    dispatching.run()
    assert only_row().state == state
    assert sum(aliyun.accepted.values()) == 1


@pytest.mark.parametrize(("status", "state"), [("SUCCESS", "delivered"), ("FAIL", "declined")])
def test_tencent_tells_of_a_message_whose_answer_was_lost(
    tencent: TencentFake, clock: time_machine.Traveller, status: str, state: str
) -> None:
    (message_id,) = put([reminder(1, channel="tencent_sms")])
    tencent.misbehave("drop")
    dispatching.run()
    tencent.misbehave("well")
    tencent.ends(message_id, status)
    clock.shift(SOON)
    enquiring.run()
    assert (only_row().state, sum(tencent.accepted.values())) == (state, 1)
    assert tencent.refused == 0


def test_that_a_provider_knows_of_nothing_settles_nothing(
    aliyun: AliyunFake, clock: time_machine.Traveller
) -> None:
    """A worker died before it asked, or the list comes late: a person decides, and reads this."""
    (message_id,) = put([reminder(1)])
    aliyun.misbehave("drop")
    dispatching.run()
    aliyun.misbehave("well")
    aliyun.sent.clear()
    for _ in range(20):
        clock.shift(timedelta(hours=9))
        enquiring.run()
    row = only_row()
    assert (row.state, row.asked_word, row.ask_at) == ("unknown", "nothing", None)
    assert aliyun.queries == 6
    page = Browser(OFFICER).get(f"/w/messages/{message_id}").content.decode()
    assert "查不到这一条" in page
    commands.decide_unknown(by=OFFICER, message_id=message_id, was_sent=False, reason="问过本人")
    assert only_row().state == "declined"


@pytest.mark.parametrize("mood", ["drop", "broken", "wrong_json", "throttle"])
def test_a_provider_that_does_not_answer_is_left_alone_for_now_and_asked_later(
    aliyun: AliyunFake, clock: time_machine.Traveller, mood: Any
) -> None:
    first, *_ = put([reminder(1), reminder(2), reminder(3)])
    dispatching.run()
    clock.shift(SOON)
    asked = aliyun.asked
    aliyun.misbehave(mood)
    enquiring.run()
    assert aliyun.asked == asked + 1
    aliyun.misbehave("gbk")  # and in another encoding
    aliyun.ends(first, 3)
    clock.shift(SOON)
    enquiring.run()
    assert rows()[first].state == "delivered"
    assert {row.state for row in rows().values()} == {"accepted", "delivered"}


def test_a_slow_provider_is_given_up(
    aliyun: AliyunFake, clock: time_machine.Traveller, settings: Any
) -> None:
    put([reminder(1)])
    dispatching.run()
    clock.shift(SOON)
    settings.CHANNEL_PATIENCE_S = 0.2
    aliyun.misbehave("slow")
    assert enquiring.run() == 1
    assert (only_row().asked_word, only_row().state) == ("no-answer", "accepted")


def test_two_runs_never_ask_for_the_same(aliyun: AliyunFake, clock: time_machine.Traveller) -> None:
    put([reminder(1), reminder(2)])
    dispatching.run()
    clock.shift(SOON)
    assert enquiring.run(most=1) == 1
    assert enquiring.run() == 1
    assert enquiring.run() == 0


def test_what_a_person_decided_or_a_report_told_is_not_asked_for(
    aliyun: AliyunFake, clock: time_machine.Traveller
) -> None:
    decided, told = put([reminder(1), reminder(2)])
    aliyun.misbehave("drop")
    dispatching.run()
    commands.decide_unknown(by=OFFICER, message_id=decided, was_sent=True, reason="问过本人")
    aliyun.misbehave("well")
    body = f'[{{"out_id": "{told}", "success": true}}]'
    Client().post("/hooks/sms/aliyun?key=the-hook-key", body, content_type="application/json")
    clock.shift(SOON)
    assert (enquiring.run(), aliyun.queries) == (0, 0)


def test_with_the_address_the_asking_ends(
    aliyun: AliyunFake, clock: time_machine.Traveller
) -> None:
    put([reminder(1)])
    dispatching.run()
    clock.shift(timedelta(days=8))
    with everywhere():
        housekeeping.erase(now() - timedelta(days=7), now())
        assert not OutboxMessage.objects.filter(ask_at__isnull=False).exists()
    assert enquiring.run() == 0


def test_wechat_has_nobody_to_ask(clock: time_machine.Traveller) -> None:
    """WeChat pushes the end of a notice and has no call that asks for it: a person decides."""
    (message_id,) = put([reminder(1, channel="wechat", address="openid", template="long")])
    with everywhere():
        row = OutboxMessage.objects.get(pk=message_id)
        row.state = "claimed"
        row.claimed_at = now() - timedelta(hours=1)
        row.save()
    dispatching.tidy(now)
    assert (only_row().state, only_row().ask_at) == ("unknown", None)
