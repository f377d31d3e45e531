"""Between the evening and the morning somebody says no more, or has another number (issue 4, faults)."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from tests.acting import Browser
from tests.integration.channels.conftest import OWN, AliyunFake, everywhere
from tests.integration.messaging.conftest import (
    CODES,
    SECRETARY,
    follow_up,
    go_out,
    outbox,
    remind,
    somebody,
)
from tests.integration.messaging.test_replies import reply
from tests.people import invented_phone

from guiyan.channels import contents, withdrawing
from guiyan.channels.endpoints import standing_in
from guiyan.channels.models import OutboxMessage
from guiyan.channels.tencent_sms.fake import TencentFake
from guiyan.members import commands as members
from guiyan.members import own
from guiyan.messaging import commands, following
from guiyan.messaging.models import MonthCount, SayingTo
from guiyan.messaging.purposes import declared, purpose_of
from guiyan.platform.actor import Actor

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]
EVENING = datetime(2026, 3, 2, 13, tzinfo=UTC)  # nine in China
MORNING = datetime(2026, 3, 3, 1, tzinfo=UTC)
NUMBER = 9300


def stops_on_their_page(member_id: UUID) -> None:
    commands.stop_own(by=Actor.member(member_id, "阿力木呷"))


def withdraws_consent(member_id: UUID) -> None:
    own.record_consent(
        by=SECRETARY,
        member_id=member_id,
        purpose="contact_by_message",
        how="spoken",
        is_given=False,
    )


def writes_a_stop_word(member_id: UUID) -> None:
    reply(NUMBER, "TD")
    follow_up()


def has_another_number(member_id: UUID) -> None:
    members.set_identity(
        by=SECRETARY, member_id=member_id, kind="phone", value=invented_phone(9999), reason="换号"
    )


@pytest.mark.parametrize(
    "happens", [stops_on_their_page, withdraws_consent, writes_a_stop_word, has_another_number]
)
def test_what_waits_for_the_morning_is_not_sent_and_somebody_calls(
    clock: time_machine.Traveller, aliyun: AliyunFake, happens: Callable[[UUID], None]
) -> None:
    member_id = somebody(number=NUMBER)
    clock.move_to(EVENING)
    remind(member_id)
    happens(member_id)
    clock.move_to(MORNING)
    go_out()
    ended = {(row.key.split(":")[1], row.channel): row.state for row in outbox()}
    assert ended["meeting_reminder", "aliyun_sms"] == "declined"
    assert ended["meeting_reminder", "call_list"] == "accepted"
    # A stop word is confirmed; nothing else goes to this number.
    assert aliyun.accepted[invented_phone(NUMBER)] == (happens is writes_a_stop_word)


def test_what_goes_in_the_morning_counts_in_the_month_of_that_morning(
    clock: time_machine.Traveller, aliyun: AliyunFake
) -> None:
    member_id = somebody()
    clock.move_to(datetime(2026, 3, 31, 13, tzinfo=UTC))
    for slot in "abcd":
        remind(member_id, slot=slot)
    clock.move_to(datetime(2026, 4, 1, 1, tzinfo=UTC))
    assert remind(member_id, slot="2026-04").by_channel == {"call_list": 1}


def test_two_files_that_became_one_are_told_once_and_four_times_a_month() -> None:
    kept, gone = somebody(), somebody()
    for slot in "abc":
        remind(gone, slot=slot)
    remind(kept, slot="d")
    with everywhere():
        moved = following._move(kept, gone)
    assert remind(kept, slot="a").already == 1
    assert remind(kept, slot="e").by_channel == {"call_list": 1}
    with everywhere():
        following._move_back(kept, gone, moved)
    assert remind(kept, slot="f").by_channel == {"sms": 1}


def test_an_answer_is_no_way_around_a_stop(aliyun: AliyunFake) -> None:
    """It goes to who asked, also to who wants no messages; so it goes once a week, whoever says it."""
    commands.set_texts(
        by=SECRETARY,
        purpose="service_news",
        texts=purpose_of("service_news").texts,
        templates=CODES,
        reason="登记了服务商的模板",
    )
    member_id = somebody()
    stops_on_their_page(member_id)
    for slot in ("1", "2", "3"):
        Browser(SECRETARY).post(
            "/w/messages/new/service_news",
            {"slot": slot, "people": [str(member_id)], "confirm": ""},
        )
    go_out()
    assert sum(aliyun.accepted.values()) == 1
    assert all(
        one.slot != "free" for one in declared().values() if one.is_answer and not one.is_program
    )


@override_settings(CHANNELS={"tencent_sms": OWN["tencent_sms"]})
def test_somebody_elses_phone_gets_the_facts_of_its_own_text_alone() -> None:
    """A template without a gap takes none: the provider would refuse it."""
    commands.set_texts(
        by=SECRETARY,
        purpose="meeting",
        texts=purpose_of("meeting").texts,
        templates=CODES,
        reason="登记了服务商的模板",
    )
    people = [somebody(), somebody(whose="relative")]
    with TencentFake("secret") as fake, standing_in({"tencent_sms": fake.address}):
        for member_id in people:
            commands.say(
                by=SECRETARY,
                purpose="meeting",
                slot="1",
                member_ids=[member_id],
                facts={"place": "文化站", "day": " 周五\n三点"},
            )
            go_out()
    assert [json.loads(one) for one in fake.texts] == [["周五 三点", "文化站"], []]


@pytest.mark.parametrize("channel", ["wecom", "email"])
def test_whatever_leaves_the_house_is_asked_again(
    clock: time_machine.Traveller, channel: str
) -> None:
    member_id = somebody()
    clock.move_to(EVENING)
    remind(member_id)
    with everywhere():
        OutboxMessage.objects.update(channel=channel)
        SayingTo.objects.update(channel=channel)
    withdraws_consent(member_id)
    clock.move_to(MORNING)
    go_out()
    assert [(row.channel, row.state) for row in outbox()] == [
        (channel, "declined"),
        ("call_list", "accepted"),
    ]
    assert outbox()[0].detail_code == "no-consent"


def test_asking_right_before_a_message_goes_costs_two_statements() -> None:
    remind(somebody())
    with everywhere():
        row = OutboxMessage.objects.get()
        message = contents.open_contents(row)
        with CaptureQueriesContext(connection) as asked:
            assert withdrawing.why_not(row.key, message) == ""
    assert len(asked) == 2


def test_what_was_held_over_the_turn_of_the_month_counts_in_the_month_in_which_it_goes(
    clock: time_machine.Traveller, aliyun: AliyunFake
) -> None:
    """The gateway was down; four of the new month have gone first. In China it is April at 16:00 UTC."""
    member_id = somebody(number=NUMBER)
    clock.move_to(datetime(2026, 3, 31, 11, tzinfo=UTC))
    for slot in "ab":
        remind(member_id, slot=slot)
    with everywhere():
        MonthCount.objects.create(
            key=f"{member_id}:2026-04",
            member_id=member_id,
            path=SECRETARY.path,
            month="2026-04",
            messages=3,
        )
    clock.move_to(datetime(2026, 4, 1, 1, tzinfo=UTC))
    go_out()
    assert aliyun.accepted[invented_phone(NUMBER)] == 1
    with everywhere():
        counted = dict(MonthCount.objects.values_list("month", "messages"))
        whys = {row.detail_code for row in OutboxMessage.objects.filter(state="declined")}
    assert (counted, whys) == ({"2026-03": 0, "2026-04": 4}, {"month-full"})
