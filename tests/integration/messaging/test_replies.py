"""One word stops everything that is pushed; any other reply waits for who looks after the member."""

import pytest
from django.db import connection, transaction
from tests.cast import OFFICIALS
from tests.integration.channels.conftest import AliyunFake
from tests.integration.messaging.conftest import (
    SECRETARY,
    SYSTEM,
    follow_up,
    go_out,
    outbox,
    remind,
    somebody,
    state_of,
)
from tests.people import invented_phone

from guiyan.channels import commands as channels
from guiyan.members import queues
from guiyan.messaging import commands, queries
from guiyan.messaging.models import Reply, Stop
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.scope import Scope, scoped

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]


def reply(number: int, text: str) -> None:
    channels.take_reply(
        by=SYSTEM, channel="aliyun_sms", address="+86" + invented_phone(number), text=text
    )


@pytest.mark.parametrize("word", ["T", "td", "退订", "停。"])
def test_a_stop_word_stops_what_is_pushed_and_is_confirmed_once(
    aliyun: AliyunFake, word: str
) -> None:
    member_id = somebody(number=9001)
    remind(member_id)
    go_out()
    reply(9001, word)
    reply(9001, word)
    go_out()
    assert [row.key.split(":")[1] for row in outbox()] == ["meeting_reminder", "stop_confirmed"]
    with transaction.atomic(), scoped(Scope.everywhere()):
        assert Stop.objects.filter(member_id=member_id).count() == 1
        (given,) = queues.consents_ever(SYSTEM, member_id)
    assert given.withdrawn_on is not None
    assert remind(member_id, slot="2026-04").by_channel == {"call_list": 1}


def test_another_reply_waits_sealed_is_opened_with_a_trace_and_goes_when_answered(
    aliyun: AliyunFake,
) -> None:
    member_id = somebody(number=9002)
    remind(member_id)
    go_out()
    reply(9002, "我周六回来，请到时打电话")
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(args::text, ' ') from procrastinate_jobs")
        assert "周六" not in (cursor.fetchone() or [""])[0]
    follow_up()
    with transaction.atomic(), scoped(SECRETARY.scope):
        (waiting,) = queries.open_replies(SECRETARY)
    assert (waiting.member_id, waiting.is_own_number) == (member_id, True)
    assert commands.read_reply(by=SECRETARY, reply_id=waiting.id) == "我周六回来，请到时打电话"
    with pytest.raises(NotFound):
        commands.read_reply(by=OFFICIALS["outpost_head"], reply_id=waiting.id)
    commands.answer_reply(by=SECRETARY, reply_id=waiting.id)
    with pytest.raises(Refused):
        commands.answer_reply(by=SECRETARY, reply_id=waiting.id)
    with transaction.atomic(), scoped(SECRETARY.scope):
        assert queries.open_replies(SECRETARY) == []
        assert Reply.objects.get().text is None


def test_a_reply_from_a_neighbours_number_is_marked(aliyun: AliyunFake) -> None:
    member_id = somebody(number=9003, whose="relative")
    remind(member_id)
    go_out()
    reply(9003, "他不在")
    follow_up()
    with transaction.atomic(), scoped(SECRETARY.scope):
        (waiting,) = queries.open_replies(SECRETARY)
    assert not waiting.is_own_number


def test_a_reply_of_a_stranger_is_kept_by_nobody() -> None:
    reply(9999, "你是谁")
    follow_up()
    with transaction.atomic(), scoped(Scope.everywhere()):
        assert not Reply.objects.exists()


def test_a_member_stops_and_begins_again_by_one_tap_each() -> None:
    member_id = somebody()
    own = Actor.member(member_id, "阿力木呷")
    commands.stop_own(by=own)
    assert remind(member_id, slot="a").by_channel == {"call_list": 1}
    commands.resume_own(by=own)
    assert remind(member_id, slot="b").by_channel == {"sms": 1}


def test_a_member_chooses_the_own_page_alone() -> None:
    member_id = somebody()
    own = Actor.member(member_id, "阿力木呷")
    commands.choose_ways(by=own, choices={"meeting_reminder": "inbox"})
    assert remind(member_id).by_channel == {"inbox": 1}
    go_out()
    assert state_of(member_id) == ("reached", "inbox")
    with pytest.raises(Refused):
        commands.choose_ways(by=own, choices={"meeting_reminder": "pigeon"})
