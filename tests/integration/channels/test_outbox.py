"""A message is sent at most once, in its time, as far as the money goes."""

from datetime import timedelta
from typing import Any

import pytest
from tests.cast import BRANCH, MEIGU, OFFICIALS, OUTSIDERS
from tests.integration.channels.conftest import (
    NOON,
    SYSTEM,
    MovableClock,
    everywhere,
    only_row,
    person,
    put,
    reminder,
    rows,
    seen_by,
    states,
)

from guiyan.channels import commands, dispatching, housekeeping, outbox, queries
from guiyan.channels.aliyun_sms.fake import AliyunFake
from guiyan.channels.endpoints import standing_in
from guiyan.channels.events import MessageEnded
from guiyan.channels.models import OutboxMessage
from guiyan.channels.types import Accepted, Receipt
from guiyan.platform import events
from guiyan.platform.clock import now
from guiyan.platform.errors import Forbidden, NotFound, Refused

pytestmark = pytest.mark.django_db
OFFICER = OFFICIALS["township_officer"]


def test_a_reminder_that_is_due_goes_out_once(aliyun: AliyunFake, clock: MovableClock) -> None:
    put([reminder(1)])
    dispatching.run(clock)
    dispatching.run(clock)
    assert list(aliyun.accepted.values()) == [1]
    assert (only_row().state, aliyun.refused) == ("accepted", 0)


def test_the_same_key_is_never_put_twice(aliyun: AliyunFake, clock: MovableClock) -> None:
    first = put([reminder(1), reminder(2)])
    dispatching.run(clock)
    again = put([reminder(2), reminder(1, text="别的话"), reminder(3)])
    dispatching.run(clock)
    assert again[:2] == [first[1], first[0]]
    assert sorted(aliyun.accepted.values()) == [1, 1, 1]


def test_a_key_given_twice_in_one_go_counts_once() -> None:
    one, other = put([reminder(1), reminder(1)])
    assert one == other


def test_nothing_goes_before_its_time_and_nothing_after_it(
    aliyun: AliyunFake, clock: MovableClock
) -> None:
    put([reminder(1, send_after=NOON + timedelta(hours=1)), reminder(2, expires_at=NOON)])
    dispatching.run(clock)
    assert states() == ["expired", "waiting"]
    clock.goes_on(timedelta(hours=1))
    dispatching.run(clock)
    assert (states(), sum(aliyun.accepted.values())) == (["accepted", "expired"], 1)


def test_a_gateway_that_is_down_for_three_days_loses_nobody_and_doubles_nobody(
    aliyun: AliyunFake, clock: MovableClock
) -> None:
    """Simulated: a run every ten minutes, the first three days throttled."""
    put([reminder(n, expires_at=NOON + timedelta(days=5)) for n in range(5)])
    put([reminder(9, expires_at=NOON + timedelta(days=2))])
    aliyun.misbehave("throttle")
    end_of_trouble, runs = NOON + timedelta(days=3), 0
    while clock.at < NOON + timedelta(days=4):
        if clock.at >= end_of_trouble:
            aliyun.misbehave("well")
        dispatching.run(clock)
        clock.goes_on(timedelta(minutes=30))
        runs += 1
    assert states() == ["accepted"] * 5 + ["expired"]
    assert sorted(aliyun.accepted.values()) == [1] * 5
    assert max(row.tries for row in rows().values()) < 25 < runs


def test_no_connection_is_known_not_to_be_sent(aliyun: AliyunFake, clock: MovableClock) -> None:
    put([reminder(1)])
    with standing_in({"aliyun_sms": "http://127.0.0.1:1"}):
        dispatching.run(clock)
    row = only_row()
    assert (row.state, row.detail_code, row.tries) == ("waiting", "no-connection", 1)
    assert row.next_try_at == NOON + timedelta(minutes=1)


@pytest.mark.parametrize("mood", ["drop", "broken", "wrong_json"])
def test_an_answer_that_nobody_can_read_is_unknown_and_never_tried_again(
    aliyun: AliyunFake, clock: MovableClock, mood: str
) -> None:
    put([reminder(1)])
    aliyun.misbehave(mood)  # type: ignore[arg-type]
    for _ in range(3):
        dispatching.run(clock)
        clock.goes_on(timedelta(days=1))
    assert only_row().state == "unknown"
    assert list(aliyun.accepted.values()) == [1]
    with seen_by(OFFICER):
        assert [message.state for message in queries.unknown_for(OFFICER)] == ["unknown"]


def test_a_slow_answer_is_unknown(aliyun: AliyunFake, clock: MovableClock, settings: Any) -> None:
    settings.CHANNEL_PATIENCE_S = 0.2
    put([reminder(1)])
    aliyun.misbehave("slow")
    dispatching.run(clock)
    assert (only_row().state, only_row().detail_code) == ("unknown", "ReadTimeout")


def test_an_answer_in_another_encoding_is_read(aliyun: AliyunFake, clock: MovableClock) -> None:
    put([reminder(1)])
    aliyun.misbehave("gbk")
    dispatching.run(clock)
    assert only_row().state == "accepted"


def test_a_refusal_for_good_ends_it_and_erases_what_it_said(
    aliyun: AliyunFake, clock: MovableClock
) -> None:
    put([reminder(1, address="nobody")])
    dispatching.run(clock)
    row = only_row()
    assert (row.state, row.detail_code) == ("declined", "isv.MOBILE_NUMBER_ILLEGAL")
    assert (row.contents, row.cost_fen) == (None, 0)


def test_a_claim_of_a_dead_worker_becomes_unknown(aliyun: AliyunFake, clock: MovableClock) -> None:
    put([reminder(1)])
    with everywhere():
        assert outbox.claim_next(outbox.Claimant(clock)) is not None
    clock.goes_on(timedelta(minutes=4))
    dispatching.run(clock)
    assert states() == ["claimed"]
    clock.goes_on(timedelta(minutes=2))
    dispatching.run(clock)
    assert (states(), aliyun.asked) == (["unknown"], 0)


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
def test_a_clock_that_is_moved_while_a_message_is_on_its_way_doubles_nothing(
    aliyun: AliyunFake, clock: MovableClock, jump: timedelta
) -> None:
    put([reminder(1)])
    with everywhere():
        claimed = outbox.claim_next(outbox.Claimant(clock))
    assert claimed is not None
    clock.goes_on(jump)
    dispatching.run(clock)
    assert states() == ["unknown"]
    clock.goes_on(-jump)
    with everywhere():
        outbox.record(*claimed, Accepted("late"), clock())
    dispatching.run(clock)
    assert (states(), aliyun.asked) == (["accepted"], 0)


def test_what_a_person_has_decided_stays_when_the_worker_comes_back(clock: MovableClock) -> None:
    (message_id,) = put([reminder(1)])
    with everywhere():
        claimed = outbox.claim_next(outbox.Claimant(clock))
        assert claimed is not None
        outbox.release_dead_claims(clock() + timedelta(hours=1))
    commands.decide_unknown(by=OFFICER, message_id=message_id, was_sent=False, reason="问过本人")
    with everywhere():
        outbox.record(*claimed, Accepted("late"), clock())
    assert only_row().state == "declined"


def test_only_an_unknown_outcome_is_decided_and_only_with_a_reason(clock: MovableClock) -> None:
    (message_id,) = put([reminder(1)])
    with pytest.raises(Refused):
        commands.decide_unknown(by=OFFICER, message_id=message_id, was_sent=True, reason="猜的")
    with everywhere():
        OutboxMessage.objects.update(state="unknown")
    with pytest.raises(Refused):
        commands.decide_unknown(by=OFFICER, message_id=message_id, was_sent=True, reason=" ")
    with pytest.raises(NotFound):
        commands.decide_unknown(
            by=OUTSIDERS["township_officer"], message_id=message_id, was_sent=True, reason="问过"
        )
    commands.decide_unknown(by=OFFICER, message_id=message_id, was_sent=True, reason="问过本人")
    assert only_row().state == "accepted"


def test_the_daily_breaker_stops_everything_and_says_so(
    aliyun: AliyunFake, clock: MovableClock
) -> None:
    commands.set_limits(
        by=SYSTEM, channel="aliyun_sms", day_fen=12, month_messages=100, reason="试"
    )
    put([reminder(n) for n in range(4)])
    put([reminder(9, key="code", priority="code")])
    dispatching.run(clock)
    assert states() == ["accepted"] * 2 + ["waiting"] * 3
    clock.goes_on(timedelta(days=1))
    dispatching.run(clock)
    assert sum(aliyun.accepted.values()) == 4


def test_the_monthly_quota_leaves_codes_through(aliyun: AliyunFake, clock: MovableClock) -> None:
    commands.set_limits(
        by=SYSTEM, channel="aliyun_sms", day_fen=1000, month_messages=1, reason="试"
    )
    put([reminder(n) for n in range(3)])
    put([reminder(9, key="code", priority="code")])
    dispatching.run(clock)
    assert states() == ["accepted", "waiting", "waiting", "waiting"]
    put([reminder(8, key="code-2", priority="code")])
    dispatching.run(clock)
    assert states() == ["accepted"] * 2 + ["waiting"] * 3


def test_what_was_refused_costs_nothing(aliyun: AliyunFake, clock: MovableClock) -> None:
    put([reminder(1)])
    aliyun.misbehave("throttle")
    dispatching.run(clock)
    with everywhere():
        from_the_ledger = queries.spending.spent("aliyun_sms", NOON.date())
    assert from_the_ledger == (0, 0, 0)


def test_a_thousand_codes_for_one_number_are_five_at_most(
    aliyun: AliyunFake, clock: MovableClock
) -> None:
    for n in range(1000):
        put([reminder(1, key=f"code:{n}", priority="code")])
    dispatching.run(clock)
    assert list(aliyun.accepted.values()) == [1]  # one in a minute


def test_a_receipt_settles_what_nobody_knew(aliyun: AliyunFake, clock: MovableClock) -> None:
    (message_id,) = put([reminder(1)])
    aliyun.misbehave("drop")
    dispatching.run(clock)
    heard: list[str] = []
    events.subscribe(MessageEnded, lambda event: heard.append(event.state))
    receipt = Receipt("", message_id, is_delivered=True, code="DELIVERED")
    commands.take_receipt(by=SYSTEM, channel="aliyun_sms", receipts=[receipt, receipt])
    assert (only_row().state, heard) == ("delivered", ["delivered"])
    with seen_by(OFFICER):
        assert len(queries.receipts_of(OFFICER, message_id)) == 2


def test_what_is_cancelled_in_time_is_not_sent(aliyun: AliyunFake, clock: MovableClock) -> None:
    ids = put([reminder(1)])
    assert commands.cancel(by=OFFICER, message_ids=ids, reason="写错了") == 1
    dispatching.run(clock)
    assert (states(), aliyun.asked) == (["cancelled"], 0)


def test_what_was_said_is_sealed_and_erased_and_the_key_stays(
    aliyun: AliyunFake, clock: MovableClock
) -> None:
    put([reminder(1)])
    assert reminder(1).address.encode() not in bytes(only_row().contents or b"")
    dispatching.run(clock)
    with everywhere():
        housekeeping.erase(now() + timedelta(days=1), now() + timedelta(days=200))
    assert (only_row().contents, only_row().address_index) == (None, None)
    assert put([reminder(1)]) == [only_row().id]


def test_an_inbox_message_is_delivered_by_being_written(clock: MovableClock) -> None:
    put([reminder(1, channel="inbox", address="", title="三月联系")])
    dispatching.run(clock)
    assert only_row().state == "delivered"


def test_a_call_ends_when_somebody_has_called(clock: MovableClock) -> None:
    (message_id,) = put([reminder(1, channel="call_list", address="")])
    dispatching.run(clock)
    secretary = OFFICIALS["branch_secretary"]
    with seen_by(secretary):
        (call,) = queries.open_calls(secretary)
    assert (call.id, call.recipient_id) == (message_id, person(1))
    commands.finish_call(by=secretary, message_id=call.id, was_reached=False)
    with seen_by(secretary):
        assert (only_row().state, queries.open_calls(secretary)) == ("declined", [])
    with pytest.raises(Refused):
        commands.finish_call(by=secretary, message_id=call.id, was_reached=True)


def test_a_text_for_a_group_that_names_somebody_is_not_even_put() -> None:
    with pytest.raises(Refused):
        put([reminder(1, channel="group_text", text="请木呷回电", names=("木呷",))])
    assert rows() == {}


def test_messages_are_seen_in_their_part_of_the_tree_only(clock: MovableClock) -> None:
    put([reminder(1), reminder(2, path=MEIGU.path)])
    secretary, outsider = OFFICIALS["branch_secretary"], OUTSIDERS["township_officer"]
    with seen_by(secretary):
        seen = queries.messages_for(secretary)
    assert [message.path for message in seen] == [BRANCH.path]
    with seen_by(outsider):
        assert queries.messages_for(outsider) == []
    with pytest.raises(Forbidden):
        queries.messages_for(OFFICIALS["system_administrator"])


def test_who_runs_the_channels_sees_counts_and_nobody() -> None:
    put([reminder(1)])
    administrator = OFFICIALS["system_administrator"]
    with seen_by(administrator):
        statuses = {s.code: s for s in queries.channel_statuses(administrator)}
    assert statuses["aliyun_sms"].waiting == 1
