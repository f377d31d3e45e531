"""Reminders said to a whole branch, while the worker that sends them is killed fifty times (F03).

What was said is followed to its end: each member is told once, is called, or stands in the list of
unknown outcomes. 300 members in every run, 5,000 in the slow one.
"""

import os
import random
import signal
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections, transaction
from tests.cast import BRANCH, NEXT_BRANCH
from tests.integration.channels.conftest import AliyunFake, MovableClock, sending_process
from tests.integration.messaging.conftest import NOON, SECRETARY, follow_up, remind
from tests.people import invented_phone

from guiyan.channels import dispatching
from guiyan.members import commands as members
from guiyan.members import own
from guiyan.members.types import NewMember
from guiyan.messaging.models import SayingTo
from guiyan.platform.scope import Scope, scoped

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]
KILLS, DROPS_EVERY = 50, 40


def _branch_of(many: int) -> list[str]:
    """Members who agree to messages, each with a number of their own; returns the numbers."""
    numbers = [invented_phone(20_000 + n) for n in range(many)]
    arrived = members.register_members(
        by=SECRETARY,
        new=[
            NewMember(
                name="阿力木呷",
                phone=number,
                home_organisation_id=BRANCH.id,
                host_organisation_id=NEXT_BRANCH.id,
            )
            for number in numbers
        ],
        reason="测试",
    )
    with transaction.atomic():
        for member in arrived:
            own.record_consent(
                by=SECRETARY,
                member_id=member.id,
                purpose="contact_by_message",
                how="paper",
                is_given=True,
            )
    assert remind(*(member.id for member in arrived)).by_channel == {"sms": many}
    return numbers


@pytest.mark.parametrize("many", [300, pytest.param(5_000, marks=pytest.mark.slow)])
def test_a_branch_is_told_once_each_while_fifty_workers_die(aliyun: AliyunFake, many: int) -> None:
    numbers = _branch_of(many)
    aliyun.misbehave("drop", every=DROPS_EVERY)
    dice, apart, kills, victim = random.Random(7), many // KILLS, 0, 0
    next_kill = [1]

    def kill_at(number: int) -> None:
        nonlocal kills
        if kills < KILLS and number >= next_kill[0]:
            kills += 1
            next_kill[0] = number + dice.randint(apart // 3, apart - 1)
            os.kill(victim, signal.SIGKILL)

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
    follow_up()
    assert kills == KILLS
    assert max(aliyun.accepted.values()) == 1
    with transaction.atomic(), scoped(Scope.everywhere()):
        states = Counter(SayingTo.objects.values_list("state", flat=True))
    assert set(states) <= {"reached", "unknown"}
    assert sum(states.values()) == many
    assert 0 < states["unknown"] <= KILLS + many // DROPS_EVERY + 1
    assert len(set(numbers) - set(aliyun.accepted)) <= states["unknown"]
