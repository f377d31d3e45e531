"""With a member's file goes what was said to them; what went out names nobody any more."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.integration.channels.conftest import AliyunFake
from tests.integration.messaging.conftest import (
    NOON,
    SYSTEM,
    go_out,
    outbox,
    remind,
    somebody,
)
from tests.people import invented_phone

from guiyan.channels import commands as channels
from guiyan.channels import dispatching
from guiyan.channels.models import Binding, CallEntry, DeliveryReceipt, InboxMessage
from guiyan.channels.types import Receipt
from guiyan.members import ending
from guiyan.messaging import commands, housekeeping
from guiyan.messaging.models import LadderChoice, MonthCount, Reply, SayingTo, Stop, StoppedNumber
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.reindexing import hashes_of_others
from guiyan.platform.scope import Scope, scoped

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]
NUMBER = 9700


def hears(word: str) -> None:
    channels.take_reply(
        by=SYSTEM, channel="aliyun_sms", address="+86" + invented_phone(NUMBER), text=word
    )


def test_nothing_that_was_said_to_an_erased_member_names_them(aliyun: AliyunFake) -> None:
    gone, stays = somebody(number=NUMBER), somebody()
    own = Actor.member(gone, "阿力木呷")
    remind(gone, stays)
    go_out()
    channels.take_receipt(
        by=SYSTEM, channel="aliyun_sms", receipts=[Receipt("", outbox()[0].id, True)]
    )
    hears("周六回来")
    commands.choose_ways(by=own, choices={"please_call": "inbox"})
    commands.say(
        by=SYSTEM, purpose="please_call", slot="1", member_ids=[gone], facts={"phone": "0834-8"}
    )
    go_out()
    hears("T")
    go_out()
    remind(gone, slot="2026-04")  # a call, which nobody has made yet
    go_out()
    remind(gone, slot="2026-05")  # and one that has not gone out
    ending.erase_files(by=SYSTEM, member_ids=[gone])
    go_out()
    with transaction.atomic(), scoped(Scope.everywhere()):
        for model in (SayingTo, MonthCount, Stop, LadderChoice, Reply):
            assert not model._default_manager.filter(member_id=gone).exists()
        for kept in (InboxMessage, CallEntry, Binding):
            assert not kept._default_manager.filter(recipient_id=gone).exists()
        assert SayingTo.objects.filter(member_id=stays).exists()
        assert DeliveryReceipt.objects.exists()
    rows = outbox()
    assert not [row for row in rows if str(gone) in row.key or row.recipient_id == gone]
    forgotten = [row for row in rows if row.recipient_kind == "forgotten"]
    assert len(forgotten) >= 4
    for row in forgotten:
        named = (row.contents, row.address_index, row.address_mask, row.path, row.provider_id)
        assert named == (None, None, "", "", "")
    assert {row.state for row in forgotten} <= {"delivered", "accepted", "cancelled"}
    assert sum(aliyun.accepted.values()) == 3  # two reminders and that the stop was heard


def test_what_is_on_its_way_while_the_file_goes_ends_without_a_name(aliyun: AliyunFake) -> None:
    gone = somebody(number=NUMBER)
    remind(gone)

    def erased_meanwhile(_number: int) -> None:
        ending.erase_files(by=SYSTEM, member_ids=[gone])
        connection.close()  # of the gateway's thread

    aliyun.heard = erased_meanwhile
    dispatching.run()
    (row,) = outbox()
    assert (row.recipient_kind, row.contents, row.address_mask) == ("forgotten", None, "")


def test_that_a_number_wants_nothing_outlives_the_file_as_a_hash_alone(aliyun: AliyunFake) -> None:
    """Who withdrew is not written to again because somebody puts the number down anew."""
    gone = somebody(number=NUMBER, whose="shared")
    remind(gone)
    go_out()
    hears("T")
    go_out()
    ending.erase_files(by=SYSTEM, member_ids=[gone])
    with transaction.atomic(), scoped(Scope.everywhere()):
        (held,) = StoppedNumber.objects.all()
        assert held.sealed is None
        later = NOON + timedelta(days=1)
        assert hashes_of_others(later)["numbers that want no messages, of erased files"] == 1
    assert remind(somebody(number=NUMBER, whose="shared")).by_channel == {"call_list": 1}
    with transaction.atomic(), scoped(Scope.everywhere()):
        housekeeping.erase(NOON + timedelta(days=1_096))
        assert not StoppedNumber.objects.exists()


def test_a_number_that_another_file_has_keeps_its_seal(aliyun: AliyunFake) -> None:
    gone, _stays = (somebody(number=NUMBER, whose="shared") for _ in range(2))
    remind(gone)
    go_out()
    hears("T")
    go_out()
    ending.erase_files(by=SYSTEM, member_ids=[gone])
    with transaction.atomic(), scoped(Scope.everywhere()):
        assert StoppedNumber.objects.get().sealed is not None


def test_only_the_program_makes_the_outbox_forget() -> None:
    with pytest.raises(NotFound):
        channels.forget_recipients(
            by=Actor.member(somebody(), "阿力木呷"), recipient_kind="member", recipient_ids=[]
        )
