"""What the doctor says of what was said to members."""

from datetime import timedelta

import pytest
import time_machine
from tests.integration.channels.conftest import AliyunFake
from tests.integration.messaging.conftest import SYSTEM, follow_up, go_out, remind, somebody
from tests.people import invented_phone

from guiyan.channels import commands as channels
from guiyan.messaging import checks

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]


def test_members_whose_message_ended_unheard_are_seen(
    clock: time_machine.Traveller, aliyun: AliyunFake
) -> None:
    remind(somebody())
    clock.shift(timedelta(days=5))
    assert checks.sayings().grade == "ok"  # it may still be on its way
    clock.shift(timedelta(days=4))
    finding = checks.sayings()
    assert (finding.grade, finding.seen[:9]) == ("warning", "1 members")
    go_out()  # the worker comes back: it is too late, which is an end too
    assert checks.sayings().grade == "ok"


def test_a_reply_that_nobody_answers_is_seen_after_a_week(
    clock: time_machine.Traveller, aliyun: AliyunFake
) -> None:
    remind(somebody(number=9800))
    go_out()
    channels.take_reply(
        by=SYSTEM, channel="aliyun_sms", address="+86" + invented_phone(9800), text="回电"
    )
    follow_up()
    assert checks.replies().grade == "ok"
    clock.shift(timedelta(days=8))
    finding = checks.replies()
    assert finding.grade == "warning"
    assert "回电" not in finding.seen
    assert finding.mend
