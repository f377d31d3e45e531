"""Fifty workers killed in one run of reminders, by a gateway that drops replies (F03).

500 reminders here, the same fifty kills as among the 5,000 of tests/integration/messaging.

The workers are processes, killed by SIGKILL at moments that the gateway chooses: some when the
request has arrived and not been answered, some a little later, wherever they then are.
"""

import os
import random
import signal
from datetime import timedelta

import pytest
from django.db import connections
from tests.integration.channels.conftest import (
    NOON,
    MovableClock,
    put,
    reminder,
    rows,
    seen_by,
    sending_process,
    states,
)
from tests.people import invented_phone

from guiyan.channels import dispatching, queries
from guiyan.channels.aliyun_sms.fake import AliyunFake
from guiyan.platform.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)

KILLS, DROPS_EVERY, MANY = 50, 40, 500  # of 5,000: tests/integration/messaging
WHOLE_COUNTRY = Actor.system("test")


def test_fifty_killed_workers_double_nobody_and_forget_nobody(
    aliyun: AliyunFake,
) -> None:
    reminders = MANY
    put([reminder(n) for n in range(reminders)])
    apart = reminders // KILLS
    aliyun.misbehave("drop", every=DROPS_EVERY)
    dice, kills = random.Random(7), 0
    victim = 0

    def kill_at(number: int) -> None:
        """Called by the gateway before it answers."""
        nonlocal kills
        if kills < KILLS and number >= next_kill[0]:
            kills += 1
            next_kill[0] = number + dice.randint(apart * 2 // 5, apart)
            os.kill(victim, signal.SIGKILL)

    next_kill = [dice.randint(1, apart)]
    aliyun.heard = kill_at
    ended_by_itself = False
    while not ended_by_itself:
        connections["default"].close()
        victim = sending_process()
        _, status = os.waitpid(victim, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        ended_by_itself = os.WIFEXITED(status)
        dispatching.tidy(MovableClock(NOON), timedelta(0))
    dispatching.tidy(MovableClock(NOON + timedelta(hours=1)))
    assert kills == KILLS
    found = rows()
    assert len(found) == reminders
    assert set(states()) == {"accepted", "unknown"}
    assert max(aliyun.accepted.values()) == 1
    reached = set(aliyun.accepted)
    for row in found.values():
        was_reached = invented_phone(_PEOPLE[row.recipient_id]) in reached
        assert was_reached or row.state == "unknown"
    with seen_by(WHOLE_COUNTRY):
        unknown = queries.messages_for(WHOLE_COUNTRY, state="unknown", limit=reminders)
    assert 0 < len(unknown) <= KILLS + reminders // DROPS_EVERY + 1


_PEOPLE = {reminder(n).recipient_id: n for n in range(MANY)}
