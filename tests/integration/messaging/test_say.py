"""One thing is said to each member once, over the first way that is open; nobody is left out unseen."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import transaction
from tests.cast import OFFICIALS
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

from guiyan.channels import commands as channels
from guiyan.channels import queries as channel_queries
from guiyan.messaging import commands, jobs, queries
from guiyan.messaging.models import MonthCount, SayingTo
from guiyan.messaging.purposes import purpose_of
from guiyan.messaging.rules import Texts, betrays
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.scope import Scope, scoped

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]


def test_a_reminder_reaches_a_member_by_sms_once(aliyun: AliyunFake) -> None:
    member_id = somebody(number=7001)
    plan = remind(member_id)
    assert (plan.by_channel, plan.already) == ({"sms": 1}, 0)
    assert remind(member_id).already == 1
    go_out()
    assert dict(aliyun.accepted) == {invented_phone(7001): 1}
    assert state_of(member_id) == ("reached", "sms")


def test_the_same_purpose_of_the_next_month_goes_out_again(aliyun: AliyunFake) -> None:
    member_id = somebody(number=7002)
    remind(member_id)
    remind(member_id, slot="2026-04")
    go_out()
    assert dict(aliyun.accepted) == {invented_phone(7002): 2}


def test_a_fifth_message_of_a_month_is_not_pushed_but_called() -> None:
    member_id = somebody()
    channels_used = [remind(member_id, slot=f"s{n}").by_channel for n in range(5)]
    assert channels_used == [{"sms": 1}] * 4 + [{"call_list": 1}]


def test_without_consent_nothing_is_pushed_and_a_person_calls() -> None:
    member_id = somebody(agrees=False)
    assert remind(member_id).by_channel == {"call_list": 1}
    with transaction.atomic(), scoped(SECRETARY.scope):
        row = SayingTo.objects.get(member_id=member_id)
    assert row.passed == [["wechat", "no-address"], ["sms", "no-consent"]]


def test_a_neighbours_number_gets_the_neutral_text_alone(aliyun: AliyunFake) -> None:
    member_id = somebody(whose="relative", number=7003)
    plan = remind(member_id)
    assert (plan.by_channel, plan.not_own) == ({"sms": 1}, 1)
    go_out()
    (row,) = outbox()
    assert row.state == "accepted"
    assert state_of(member_id) == ("reached", "sms")


def test_a_landline_is_called_and_never_written_to() -> None:
    member_id = somebody(phone="0834-8222222")
    assert remind(member_id).by_channel == {"call_list": 1}


def test_a_member_without_any_number_stands_on_the_list_of_calls() -> None:
    member_id = somebody(has_phone=False)
    assert remind(member_id).by_channel == {"call_list": 1}
    with transaction.atomic(), scoped(SECRETARY.scope):
        row = SayingTo.objects.get(member_id=member_id)
    assert ["sms", "no-address"] in row.passed


def test_a_purpose_without_a_neutral_text_never_goes_to_somebody_elses_number() -> None:
    member_id = somebody(whose="shared")
    plan = commands.say(
        by=SECRETARY, purpose="contact_changed", slot="1", member_ids=[member_id], facts={}
    )
    assert plan.by_channel == {}
    assert [each.whys for each in plan.passed_over] == [
        (("wechat", "no-address"), ("sms", "not-their-own"), ("inbox", "no-address"))
    ]


def test_facts_that_betray_stop_the_saying_before_anybody_gets_it() -> None:
    member_id = somebody()
    with pytest.raises(Refused) as refused:
        commands.say(
            by=SECRETARY,
            purpose="meeting",
            slot="1",
            member_ids=[member_id],
            facts={"day": "周五", "place": "城东社区党支部"},
        )
    assert refused.value.code == "betrays"
    assert outbox() == []


@pytest.mark.parametrize("code", ["meeting_reminder", "meeting", "please_call", "spring"])
def test_no_text_of_the_house_betrays_a_member(code: str) -> None:
    texts = purpose_of(code).texts
    assert not any(betrays(text) for text in (texts.title, texts.short, texts.neutral, texts.long))


def test_what_is_said_in_the_evening_goes_out_in_the_morning(
    clock: time_machine.Traveller, aliyun: AliyunFake
) -> None:
    clock.move_to(datetime(2026, 3, 2, 13, tzinfo=UTC))  # nine in the evening in China
    member_id = somebody()
    plan = remind(member_id)
    assert plan.send_after == datetime(2026, 3, 3, 0, tzinfo=UTC)
    go_out()
    assert not aliyun.accepted
    clock.move_to(datetime(2026, 3, 3, 0, 1, tzinfo=UTC))
    go_out()
    assert sum(aliyun.accepted.values()) == 1


def test_what_would_be_too_late_in_the_morning_is_refused(
    clock: time_machine.Traveller,
) -> None:
    clock.move_to(datetime(2026, 3, 2, 13, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        commands.say(
            by=SECRETARY,
            purpose="meeting_reminder",
            slot="1",
            member_ids=[somebody()],
            facts={},
            expires_at=NOON + timedelta(hours=12),
        )
    assert refused.value.code == "too-late"


def test_a_message_that_was_declined_goes_on_to_a_call(aliyun: AliyunFake) -> None:
    member_id = somebody()
    aliyun.misbehave("refuse")
    remind(member_id)
    go_out()
    assert state_of(member_id) == ("calling", "call_list")
    with transaction.atomic(), scoped(Scope.everywhere()):
        assert MonthCount.objects.get(member_id=member_id).messages == 0
    with transaction.atomic(), scoped(SECRETARY.scope):
        (call,) = queries.calls_for(SECRETARY)
    assert call.member_id == member_id
    channels.finish_call(by=SECRETARY, message_id=call.id, was_reached=True)
    go_out()
    assert state_of(member_id)[0] == "reached"


def test_a_call_that_reached_nobody_leaves_the_member_on_the_list(aliyun: AliyunFake) -> None:
    member_id = somebody(agrees=False)
    said = remind(member_id)
    go_out()
    with transaction.atomic(), scoped(SECRETARY.scope):
        (call,) = queries.calls_for(SECRETARY)
    channels.finish_call(by=SECRETARY, message_id=call.id, was_reached=False)
    go_out()
    assert state_of(member_id)[0] == "unreached"
    assert said.saying_id
    with transaction.atomic(), scoped(SECRETARY.scope):
        (listed,) = queries.recipients_of(SECRETARY, said.saying_id, "unreached")
    assert listed.passed[-1] == ("call_list", "declined")


def test_an_unknown_outcome_waits_for_a_person_and_then_somebody_calls(aliyun: AliyunFake) -> None:
    member_id = somebody()
    aliyun.misbehave("drop")
    remind(member_id)
    go_out()
    assert state_of(member_id)[0] == "unknown"
    with transaction.atomic(), scoped(SECRETARY.scope):
        (unknown,) = channel_queries.unknown_for(SECRETARY)
    channels.decide_unknown(
        by=SECRETARY, message_id=unknown.id, was_sent=False, reason="问过本人，没有收到"
    )
    go_out()
    assert state_of(member_id) == ("calling", "call_list")
    assert sum(aliyun.accepted.values()) <= 1


def test_hearing_the_same_news_twice_changes_nothing(aliyun: AliyunFake) -> None:
    member_id = somebody()
    aliyun.misbehave("refuse")
    remind(member_id)
    go_out()
    (sms, *_) = [row for row in outbox() if row.channel == "aliyun_sms"]
    jobs.follow(key=sms.key, channel=sms.channel, state="declined")
    go_out()
    assert len(outbox()) == 2
    assert state_of(member_id) == ("calling", "call_list")


def test_a_preview_says_what_would_happen_and_writes_nothing() -> None:
    people = [somebody(), somebody(agrees=False), somebody(whose="shared")]
    with transaction.atomic(), scoped(SECRETARY.scope):
        seen = commands.preview_saying(
            by=SECRETARY, purpose="meeting_reminder", slot="2026-03", member_ids=people, facts={}
        )
    assert (seen.by_channel, seen.not_own, seen.already) == ({"sms": 2, "call_list": 1}, 1, 0)
    assert seen.cost_fen >= 10
    assert outbox() == []
    said = remind(*people)
    assert (said.by_channel, said.cost_fen) == (seen.by_channel, seen.cost_fen)


def test_nobody_says_anything_to_members_elsewhere() -> None:
    member_id = somebody()
    elsewhere = OFFICIALS["outpost_head"]
    assert remind(member_id, by=elsewhere).count == 0
    assert outbox() == []


def test_home_and_host_together_say_a_thing_once() -> None:
    member_id = somebody()
    assert remind(member_id).count == 1
    home = OFFICIALS["branch_secretary"]
    assert remind(member_id, by=home).already == 1


def test_a_text_of_ones_own_holds_below_and_the_version_counts_up() -> None:
    own = Texts(title="有安排", short="您好，有安排。", neutral="请回电话。", long="有安排。")
    version = commands.set_texts(
        by=SECRETARY, purpose="meeting_reminder", texts=own, templates={}, reason="改短"
    )
    assert version == 2
    with transaction.atomic(), scoped(SECRETARY.scope):
        assert queries.purpose_at(SECRETARY, "meeting_reminder").texts == own
    with pytest.raises(Refused) as refused:
        commands.set_texts(
            by=SECRETARY,
            purpose="meeting_reminder",
            texts=Texts(title="支部", short="支部开会", neutral="", long="支部开会"),
            templates={},
            reason="",
        )
    assert refused.value.code == "betrays"


def test_a_text_with_a_gap_that_nothing_fills_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        commands.set_texts(
            by=SECRETARY,
            purpose="meeting_reminder",
            texts=Texts(title="好", short="您好{name}", neutral="", long="好"),
            templates={},
            reason="",
        )
    assert refused.value.code == "gaps"


def test_what_is_unheard_of_is_left_alone() -> None:
    jobs.follow(key=f"{uuid4()}:x", channel="aliyun_sms", state="declined")
    assert outbox() == []


def test_a_group_text_names_no_number() -> None:
    with pytest.raises(Refused) as refused:
        commands.write_group_text(
            by=SECRETARY, purpose="please_call", text=f"请回电话{invented_phone(1)}"
        )
    assert refused.value.code == "phone"
    message_id = commands.write_group_text(
        by=SECRETARY, purpose="meeting_reminder", text="这个月的学习安排好了"
    )
    assert isinstance(message_id, UUID)


def test_the_program_itself_says_things_everywhere() -> None:
    member_id = somebody()
    by = Actor.system("night").standing_for(
        SECRETARY.organisation_id or uuid4(), SECRETARY.path, SECRETARY.organisation_name
    )
    assert remind(member_id, by=by).count == 1
    with transaction.atomic(), scoped(SECRETARY.scope):
        (said,) = queries.sayings_for(SECRETARY)
    assert said.counts == {"sent": 1}
