"""Gateways that are down, clocks that move, many codes, and somebody else's phone (issue 4, faults)."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils.timezone import localtime
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.channels.conftest import AliyunFake
from tests.integration.messaging.conftest import (
    NOON,
    SECRETARY,
    go_out,
    outbox,
    remind,
    somebody,
    state_of,
)
from tests.people import invented_phone

from guiyan.access import delivery
from guiyan.channels import dispatching
from guiyan.channels.endpoints import standing_in
from guiyan.kernel.quiet_hours import is_quiet
from guiyan.messaging import commands
from guiyan.messaging.purposes import declared
from guiyan.messaging.rules import betrays, filled
from guiyan.messaging.words import EXAMPLE
from guiyan.platform.errors import Refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]
DOWN = "http://127.0.0.1:9"  # nobody listens there


@pytest.fixture
def gateway(clock: time_machine.Traveller) -> Iterator[AliyunFake]:
    with AliyunFake("secret") as fake:
        yield fake


def test_three_days_without_a_gateway_in_ninety_days_double_nobody_and_wake_nobody(
    clock: time_machine.Traveller, gateway: AliyunFake
) -> None:
    people = [somebody(number=8000 + n) for n in range(6)]
    sent: list[datetime] = []
    gateway.heard = lambda _number: sent.append(datetime.now(UTC))
    start = datetime(2026, 3, 1, 16, tzinfo=UTC)  # midnight in China
    down = range(30, 33)
    for day in range(90):
        address = DOWN if day in down else gateway.address
        with standing_in({"aliyun_sms": address}):
            for hour in range(0, 24, 3):
                clock.move_to(start + timedelta(days=day, hours=hour, minutes=7))
                if day in {0, 29, 31, 59} and hour in {9, 21}:
                    for purpose in ("meeting_reminder", "please_call"):
                        commands.say(
                            by=SECRETARY,
                            purpose=purpose,
                            slot=f"{day}",
                            member_ids=people,
                            facts={"phone": "0834-8222222"},
                        )
                go_out()
    assert not [at for at in sent if is_quiet(at)]
    rows = outbox()
    assert all(row.state != "waiting" for row in rows)
    assert [row for row in rows if row.tries > 1 and row.state == "accepted"]  # it was felt
    assert all(row.claimed_at is None or row.claimed_at < row.expires_at for row in rows)
    texted = [row for row in rows if row.channel == "aliyun_sms" and row.state == "accepted"]
    assert sum(gateway.accepted.values()) == len(texted)
    said = Counter((row.recipient_id, *row.key.split(":")[1:3]) for row in texted)
    assert max(said.values()) == 1
    months = Counter(
        (row.recipient_id, f"{localtime(row.claimed_at or row.put_at):%Y-%m}") for row in texted
    )
    assert max(months.values()) <= 4


def test_a_clock_that_is_set_back_and_forth_sends_nothing_twice(
    clock: time_machine.Traveller, aliyun: AliyunFake
) -> None:
    people = [somebody(number=8100 + n) for n in range(4)]
    for hours in (0, -30, 50, -3, 100, 1):
        clock.move_to(NOON + timedelta(hours=hours))
        try:
            remind(*people)
        except Refused as refusal:
            assert refusal.code == "too-late"
        go_out()
    assert set(aliyun.accepted.values()) <= {1}
    assert {state_of(one)[0] for one in people} <= {"reached", "expired", "sent"}


def test_a_thousand_requests_of_one_minute_for_one_number_bring_one_code(
    aliyun: AliyunFake,
) -> None:
    for request in range(1_000):
        with transaction.atomic():
            delivery.deliver_code("+86" + invented_phone(1), f"{request:06d}")
    dispatching.run()
    assert len(outbox()) <= 2  # the database's clock may come to the next minute meanwhile
    assert aliyun.accepted[invented_phone(1)] == len(outbox())


def test_a_code_goes_out_at_night_and_not_after_ten_minutes(
    clock: time_machine.Traveller, aliyun: AliyunFake
) -> None:
    clock.move_to(datetime(2026, 3, 2, 15, tzinfo=UTC))  # eleven in the evening in China
    with transaction.atomic():
        delivery.deliver_code("+86" + invented_phone(2), "111111")
    dispatching.run()
    assert [json.loads(text) for text in aliyun.texts] == [{"code": "111111"}]
    clock.shift(timedelta(hours=1))
    with transaction.atomic():
        delivery.deliver_code("+86" + invented_phone(2), "222222")
    clock.shift(timedelta(minutes=11))
    dispatching.run()
    assert len(aliyun.texts) == 1


@pytest.mark.parametrize("whose", ["relative", "shared"])
@pytest.mark.parametrize("purpose", [one.code for one in declared().values() if not one.is_program])
def test_what_a_relatives_phone_gets_betrays_nothing_and_names_nothing(
    whose: str, purpose: str
) -> None:
    texts = declared()[purpose].texts
    member_id = somebody(whose=whose)
    commands.say(
        by=SECRETARY,
        purpose=purpose,
        slot="1",
        member_ids=[member_id],
        facts={name: EXAMPLE[name] for name in declared()[purpose].facts},
    )
    shown = filled(texts.neutral, EXAMPLE)
    assert not betrays(shown)
    assert "学习" not in shown
    pushed = [row for row in outbox() if row.channel == "aliyun_sms"]
    assert not pushed or texts.neutral


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(word=st.sampled_from(["党员", "支 部", "党费", "书记", "中共"]), place=st.text(max_size=8))
def test_no_fact_smuggles_a_betraying_word_into_a_text(word: str, place: str) -> None:
    with pytest.raises(Refused):
        commands.preview_saying(
            by=SECRETARY,
            purpose="meeting",
            slot="1",
            member_ids=[],
            facts={"day": "周五", "place": f"{place}{word}"},
        )
