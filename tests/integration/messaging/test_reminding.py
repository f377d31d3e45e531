"""The monthly reminder goes to each member who is owed one, once a period, outside the quiet hours."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from tests.cast import NEXT_BRANCH
from tests.integration.channels.conftest import AliyunFake
from tests.integration.flows.conftest import placed
from tests.integration.messaging.conftest import SECRETARY, go_out, outbox

from guiyan.kernel.quiet_hours import is_quiet
from guiyan.liaison import reminding
from guiyan.liaison.cadence import materialising
from guiyan.members import own
from guiyan.messaging import queries
from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.platform.scope import scoped

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]
MIDNIGHT = datetime(2026, 3, 2, 16, 50, tzinfo=UTC)  # 00:50 of 3 March in China


def night() -> int:
    by = Actor.system("night")
    materialising.tonight(today(), by)
    return reminding.tonight(today(), by)


def test_whom_a_reminder_is_owed_gets_it_in_the_morning_and_once(
    clock: time_machine.Traveller, aliyun: AliyunFake
) -> None:
    clock.move_to(MIDNIGHT)
    with transaction.atomic():
        case = placed()
        own.record_consent(
            by=SECRETARY,
            member_id=case.member_id,
            purpose="contact_by_message",
            how="spoken",
            is_given=True,
        )
    assert night() == 1
    assert night() == 0
    (message,) = outbox()
    assert not is_quiet(message.send_after)
    assert message.path == NEXT_BRANCH.path
    for hours in range(24):
        clock.move_to(MIDNIGHT + timedelta(hours=hours))
        go_out()
    assert sum(aliyun.accepted.values()) == 1
    with transaction.atomic(), scoped(SECRETARY.scope):
        (said,) = queries.sayings_for(SECRETARY)
    assert (said.purpose, said.counts) == ("meeting_reminder", {"reached": 1})


def test_the_next_month_brings_the_next_reminder(clock: time_machine.Traveller) -> None:
    with transaction.atomic():
        placed()
    told = []
    for days in range(62):
        clock.move_to(MIDNIGHT + timedelta(days=days))
        if night():
            told.append(today())
    assert told == [date(2026, 3, 3), date(2026, 4, 1), date(2026, 5, 1)][: len(told)]
    assert len(told) >= 2
