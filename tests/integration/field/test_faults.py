"""Faults of the field, on committed rows and real connections (F11, F16; issue 3, "Bad input and faults")."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from tests.cast import TOWNSHIP
from tests.field_notes import give_area, rows
from tests.integration.field.conftest import Worker, enlist, plant_places

from guiyan.field import packets, queries
from guiyan.field.commands import deciding, receiving
from guiyan.field.models import Receipt, WaitingOperation
from guiyan.field.types import Batch, Sender
from guiyan.platform import clock
from guiyan.platform.scope import Scope, scoped

OPERATIONS = 10_000
SCHEDULES = 1_000


@pytest.fixture
def committed(transactional_db: None, _note_tables: None) -> Iterator[None]:
    plant_places()
    yield
    for table in ("note", "effect", "area"):
        rows(f"delete from tests_field.{table}")


def test_ten_thousand_operations_shuffled_and_twice_from_four_sides_take_effect_once(
    committed: None,
) -> None:
    """F11: 22,000 operations arrive, exactly 10,000 take effect, each has one receipt."""
    dice = random.Random(11)
    walkers = [enlist("canvasser", TOWNSHIP, f"摸排员{n}") for n in range(4)]
    pens = walkers[0].phone
    for _ in range(OPERATIONS):
        pens.do("note.write", str(uuid4()), {"word": "来过"}, version=2)
    everything, pens.outbox = list(pens.outbox), []
    sent = everything * 2 + dice.sample(everything, OPERATIONS // 5)
    dice.shuffle(sent)
    batches = [sent[start : start + 200] for start in range(0, len(sent), 200)]

    def carry(share: int) -> Counter[str]:
        seen: Counter[str] = Counter()
        try:
            for batch in batches[share::4]:
                results = walkers[share].phone.push_some(batch)
                seen.update(f"{r['state']}{'+' if r['is_replay'] else ''}" for r in results)
        finally:
            connection.close()
        return seen

    with ThreadPoolExecutor(4) as pool:
        seen = sum(pool.map(carry, range(4)), Counter())
    assert seen["applied"] == OPERATIONS
    assert sum(seen.values()) == len(sent)
    ((effects, different),) = rows(
        "select count(*), count(distinct operation_id) from tests_field.effect"
    )
    assert (effects, different) == (OPERATIONS, OPERATIONS)


@dataclass
class Hand:
    """One person in the simulation: operations that wait on their phone, packets that they hold."""

    worker: Worker
    sender: Sender
    outbox: list[dict[str, Any]] = field(default_factory=list)
    packets: dict[str, str] = field(default_factory=dict)

    def push(self, operations: list[dict[str, Any]]) -> None:
        batch = Batch(tuple(operations), packets=self.packets)
        answers = receiving.receive(by=self.worker.actor, sender=self.sender, batch=batch)
        taken = {str(answer.id) for answer in answers if answer.status in {200, 202}}
        self.outbox = [each for each in self.outbox if each["id"] not in taken]


def hand(worker: Worker) -> Hand:
    sender, _actor = receiving.sender_of(worker.handset_id)
    return Hand(worker, sender)


@pytest.mark.slow
def test_a_thousand_schedules_of_reassignment_lose_nothing(
    db: None, places: None, _note_tables: None
) -> None:
    """F16: whoever has the area, whenever it changes hands and whichever order things arrive in,
    each operation is applied once or waits in exactly one inbox. Seeded; past the HTTP layer."""
    dice = random.Random(16)
    people = [hand(enlist("canvasser", TOWNSHIP, f"{name}某")) for name in "甲乙丙"]
    officer = enlist("township_officer", TOWNSHIP, "沙马尔古")
    for _ in range(SCHEDULES):
        _one_schedule(dice, people, officer)


def _one_schedule(dice: random.Random, people: list[Hand], officer: Worker) -> None:
    area = uuid4()
    made: list[str] = []
    owner = dice.choice(people)
    give_area(area, owner.worker.actor)
    for person in people:
        person.packets, person.outbox = {}, []
    for _ in range(dice.randint(3, 6)):
        person = dice.choice(people)
        step = dice.choice(["work", "work", "push", "give", "accept"])
        if step == "work":
            made.append(_work(person, area, dice.choice([None, *made]), is_owner=person is owner))
        elif step == "give":
            owner = person
            give_area(area, owner.worker.actor)
        else:
            _push_or_accept(step, dice, person, officer)
    for person in people:
        if person.outbox:
            person.push(person.outbox)
    if made:
        _nothing_is_lost(made)


def _push_or_accept(step: str, dice: random.Random, person: Hand, officer: Worker) -> None:
    if step == "accept":
        _accept_one(dice, officer)
    elif person.outbox:
        person.push(dice.sample(person.outbox, dice.randint(1, len(person.outbox))))


def _work(person: Hand, area: UUID, after: str | None, *, is_owner: bool) -> str:
    if is_owner:
        place = packets.Place(0, 1, "", 1, "", clock.now().isoformat())
        person.packets = {str(area): packets._token("note", area, place)}
    operation_id = str(uuid4())
    person.outbox.append(
        {"id": operation_id, "kind": "note.in_area", "version": 1, "area_id": str(area),
         "subject_id": str(uuid4()), "after": after, "body": {"word": "来过"}}
    )  # fmt: skip
    return operation_id


def _accept_one(dice: random.Random, officer: Worker) -> None:
    with scoped(officer.actor.scope):
        waiting = [w.id for w in queries.waiting_for(officer.actor, ("quarantined",))]
    if waiting:
        deciding.accept(by=officer.actor, operation_ids=[dice.choice(waiting)])


def _nothing_is_lost(made: list[str]) -> None:
    effects = Counter(
        str(key)
        for (key,) in rows(
            "select operation_id from tests_field.effect where operation_id = any(%s::uuid[])", made
        )
    )
    with scoped(Scope.everywhere()):
        waiting = {
            str(key)
            for key in WaitingOperation.objects.filter(id__in=made)
            .exclude(state="decided")
            .values_list("id", flat=True)
        }
        states = dict(Receipt.objects.filter(id__in=made).values_list("id", "state"))
    for operation in made:
        state = states[UUID(operation)]
        assert (effects[operation] == 1) == (state in {"applied", "merged"})
        assert (operation in waiting) == (state in {"held", "quarantined", "conflict"})
        assert effects[operation] + (operation in waiting) == 1


# -- a server that is killed in the middle of a batch -------------------------------------------

SERVE = Path(__file__).with_name("serving_notes.py")


class Server:
    """A web server of its own process, on the tests' database, that can be killed."""

    def __init__(self) -> None:
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        database = connection.settings_dict
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "guiyan.platform.settings",
            "GUIYAN_SECRET_KEY": settings.SECRET_KEY,
            "GUIYAN_KEYS_DIR": str(settings.KEYS_DIR),
            "NOTES_DATABASE": json.dumps(
                {key: str(database[key]) for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
            ),
            "PYTHONPATH": str(Path(__file__).parents[3]),
        }
        self.process = subprocess.Popen(
            [sys.executable, str(SERVE), str(self.port)], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.process.poll() is None, "the server did not start"
        raise AssertionError("the server did not start in a minute")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        call = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", body or None, headers, method=method
        )
        try:
            with urllib.request.urlopen(call, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as told:
            return told.code, dict(told.headers), told.read()


def test_a_server_killed_in_the_middle_of_a_batch_neither_loses_nor_doubles(
    committed: None,
) -> None:
    """Killed while it applies, several times at different moments; the phone just sends again."""
    dice = random.Random(5)
    walker = enlist("canvasser", TOWNSHIP, "马海拉且")
    phone = replace(walker.phone)
    server = Server()
    phone.send = server.send
    for _ in range(600):
        phone.do("note.write", str(uuid4()), {"word": "来过"}, version=2)
    made = [operation["id"] for operation in phone.outbox]
    with ThreadPoolExecutor(1) as pool:
        for _ in range(3):
            server.start()
            pushing = pool.submit(phone.push)
            started = time.monotonic()
            moment = dice.uniform(0.05, 0.6)
            while time.monotonic() - started < moment and not pushing.done():
                pass
            server.kill()
            assert pushing.exception() is None or phone.outbox
    server.start()
    try:
        phone.push()
    finally:
        server.kill()
    assert phone.outbox == []
    done = Counter(str(key) for (key,) in rows("select operation_id from tests_field.effect"))
    assert done == Counter(dict.fromkeys(made, 1))
