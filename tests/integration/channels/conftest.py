"""Fakes in the providers' places, messages to invented people, and a clock that a test moves."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
from django.db import connections, transaction
from django.test import override_settings
from tests.cast import BRANCH
from tests.people import invented_phone

from guiyan.channels import commands, dispatching
from guiyan.channels.aliyun_sms.fake import AliyunFake
from guiyan.channels.endpoints import standing_in
from guiyan.channels.models import OutboxMessage
from guiyan.channels.types import NewMessage
from guiyan.platform.actor import Actor
from guiyan.platform.scope import Scope, scoped

SYSTEM = Actor.system("test")
PATIENCE_S = 5
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # in China

OWN = {
    "aliyun_sms": {
        "key_id": "id", "key_secret": "secret", "sign_name": "归雁", "hook_key": "the-hook-key",
    },
    "tencent_sms": {
        "secret_id": "id", "secret_key": "secret", "app_id": "1400000000", "sign_name": "归雁",
        "hook_key": "the-hook-key",
    },
    "wechat": {
        "app_id": "wx-ours", "secret": "secret", "token": "token", "long_term_templates": "long",
        "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    },
    "wecom": {
        "corp_id": "corp", "agent_id": "7", "secret": "secret", "token": "token",
        "aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    },
}  # fmt: skip


@dataclass
class MovableClock:
    """What the dispatcher takes for the time."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def goes_on(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture(autouse=True)
def _configured() -> Iterator[None]:
    with override_settings(
        CHANNELS=OWN, CHANNELS_STAND_IN=True, CHANNEL_PATIENCE_S=PATIENCE_S, CHANNEL_THREADS=1
    ):
        yield


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOON)


@pytest.fixture
def aliyun() -> Iterator[AliyunFake]:
    with AliyunFake("secret") as fake, standing_in({"aliyun_sms": fake.address}):
        yield fake


@contextmanager
def everywhere() -> Iterator[None]:
    with transaction.atomic(), scoped(Scope.everywhere()):
        yield


@contextmanager
def seen_by(actor: Actor) -> Iterator[None]:
    """What the middleware does for a page."""
    with transaction.atomic(), scoped(actor.scope):
        yield


def person(number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"channels:{number}")


def reminder(number: int, **changed: object) -> NewMessage:
    """A monthly reminder to the invented person of this number."""
    given: dict[str, object] = {
        "key": f"{person(number)}:monthly:2026-03",
        "channel": "aliyun_sms",
        "address": f"+86{invented_phone(number)}",
        "text": "请与支部联系。",
        "template": "SMS_1",
        "params": {"what": "联系"},
        "send_after": NOON,
        "expires_at": NOON + timedelta(days=7),
        "recipient_kind": "member",
        "recipient_id": person(number),
        "path": BRANCH.path,
    }
    return NewMessage(**(given | changed))  # type: ignore[arg-type]


def put(messages: Sequence[NewMessage]) -> list[UUID]:
    return commands.put(by=SYSTEM, messages=messages)


def rows() -> dict[UUID, OutboxMessage]:
    with everywhere():
        return {row.id: row for row in OutboxMessage.objects.all()}


def states() -> list[str]:
    with everywhere():
        return sorted(OutboxMessage.objects.values_list("state", flat=True))


def only_row() -> OutboxMessage:
    (row,) = rows().values()
    return row


def sending_process() -> int:
    """The id of a process that sends until nothing is due; its connections are its own."""
    pid = os.fork()
    if pid:
        return pid
    try:
        connections["default"].connection = None
        dispatching.work(MovableClock(NOON))
        os._exit(0)
    except BaseException:  # whatever happens, this process never goes on with the tests
        os._exit(1)
