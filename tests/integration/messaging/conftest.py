"""Members of the next county's branch, with numbers of their own or somebody else's, and fakes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

import pytest
import time_machine
from django.db import connection, transaction
from procrastinate.contrib.django import app
from tests.cast import BRANCH, NEXT_BRANCH, OUTSIDERS
from tests.integration.channels.conftest import (  # noqa: F401 - a fixture by its name
    _configured,
    aliyun,
)
from tests.integration.flows.conftest import _planted  # noqa: F401 - planted by being named
from tests.people import invented_phone

from guiyan.channels import dispatching
from guiyan.channels.models import OutboxMessage
from guiyan.members import commands as members
from guiyan.members import own
from guiyan.members.types import NewMember
from guiyan.messaging import commands
from guiyan.messaging.models import SayingTo
from guiyan.messaging.purposes import purpose_of
from guiyan.messaging.types import Planned
from guiyan.platform.actor import Actor
from guiyan.platform.scope import Scope, scoped

SECRETARY = OUTSIDERS["branch_secretary"]
SYSTEM = Actor.system("test")
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # in China
CODES = {"sms_template": "SMS_1", "neutral_sms_template": "SMS_2", "wechat_template": "W1"}

_numbers = count(5_000)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


@pytest.fixture
def _with_templates() -> None:
    for purpose in ("meeting_reminder", "please_call", "contact_changed", "stop_confirmed"):
        commands.set_texts(
            by=SECRETARY,
            purpose=purpose,
            texts=purpose_of(purpose).texts,
            templates=CODES,
            reason="登记了服务商的模板",
        )


def somebody(
    *,
    agrees: bool = True,
    whose: str = "own",
    has_phone: bool = True,
    number: int | None = None,
    phone: str = "",
) -> UUID:
    """A member who stays with the branch."""
    sequence = number if number is not None else next(_numbers)
    member = members.register_member(
        by=SECRETARY,
        new=NewMember(
            name="阿力木呷",
            phone=(phone or invented_phone(sequence)) if has_phone else None,
            phone_whose=whose,
            phone_relation="" if whose == "own" else "邻居",
            has_phone=has_phone,
            home_organisation_id=BRANCH.id,
            host_organisation_id=NEXT_BRANCH.id,
        ),
    )
    if agrees:
        own.record_consent(
            by=SECRETARY,
            member_id=member.id,
            purpose="contact_by_message",
            how="spoken",
            is_given=True,
        )
    return member.id


def remind(*member_ids: UUID, slot: str = "2026-03", by: Actor = SECRETARY) -> Planned:
    return commands.say(
        by=by, purpose="meeting_reminder", slot=slot, member_ids=list(member_ids), facts={}
    )


def go_out() -> None:
    """The dispatcher runs, and what is heard is followed, until nothing is left to do."""
    for _ in range(4):
        dispatching.run()
        follow_up()


def follow_up() -> None:
    """The worker's part: each job that this room has enqueued, once."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "delete from procrastinate_jobs where id = (select min(id) from procrastinate_jobs"
                " where task_name like 'messaging.%%') returning task_name, args::text"
            )
            taken = cursor.fetchone()
        if taken is None:
            return
        app.tasks[taken[0]].func(**json.loads(taken[1]))


def state_of(member_id: UUID) -> tuple[str, str]:
    with transaction.atomic(), scoped(Scope.everywhere()):
        row = SayingTo.objects.get(member_id=member_id)
        return row.state, row.channel


def outbox() -> list[OutboxMessage]:
    with transaction.atomic(), scoped(Scope.everywhere()):
        return list(OutboxMessage.objects.order_by("put_at", "key"))
