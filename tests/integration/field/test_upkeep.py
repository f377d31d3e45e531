"""What the clock and the doctor do for work without a line: each can fail, and each is seen to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from tests.integration.field.asking import ids, state_of
from tests.integration.field.conftest import Worker

from guiyan.field import checks, jobs
from guiyan.field.commands import deciding, upkeep
from guiyan.field.models import DeviceState, Receipt, WaitingOperation
from guiyan.field.rules import routing
from guiyan.kernel.crypto import KeyRing, KeyUse
from guiyan.kernel.key_files import KeyState, read_keys
from guiyan.platform import clock
from guiyan.platform.actor import Actor
from guiyan.platform.keys import key_ring
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def own_keys(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A key ring that this test may age."""
    directory = tmp_path / "keys"
    directory.mkdir(mode=0o700)
    KeyRing.create(directory)
    settings.KEYS_DIR = directory
    key_ring.cache_clear()
    yield directory
    key_ring.cache_clear()


def put(worker: Worker, **more: Any) -> str:
    """One operation, sent; with `after` it waits for a link that never comes."""
    operation = str(
        worker.phone.do("note.write", str(uuid4()), {"word": "来过"}, version=2, **more)
    )
    worker.phone.push()
    return operation


def aged(model: Any, **columns: datetime) -> None:
    with scoped(Scope.everywhere()):
        model.objects.update(**columns)


def there(model: Any, operation: str) -> bool:
    with scoped(Scope.everywhere()):
        return bool(model.objects.filter(id=operation).exists())


def tidied() -> None:
    upkeep.tidy(by=Actor.system("test"))


def field_keys(directory: Path) -> list[KeyState]:
    keys = [key for key in read_keys(directory) if key.use is KeyUse.FIELD]
    return [key.state for key in sorted(keys, key=lambda key: key.serial)]


# -- the doctor ------------------------------------------------------------------------------------


def test_the_doctor_warns_when_an_operation_waits_for_more_than_a_week(walker: Worker) -> None:
    put(walker, after=str(uuid4()))
    assert checks.decisions().grade == "ok"
    aged(WaitingOperation, received_at=clock.now() - 8 * DAY)
    late = checks.decisions()
    assert (late.grade, late.seen) == ("warning", "1 operations wait for more than a week")


def test_the_doctor_asks_after_a_silent_phone_only_while_work_is_on_it(walker: Worker) -> None:
    put(walker)
    silent_since = clock.now() - routing.SILENT_AFTER - DAY
    with scoped(Scope.everywhere()):
        DeviceState.objects.update(heard_at=silent_since, unsent=0)
    assert checks.phones().grade == "ok"
    with scoped(Scope.everywhere()):
        DeviceState.objects.update(unsent=3)
    assert (checks.phones().grade, checks.phones().seen[:8]) == ("warning", "1 phones")


def test_the_doctor_finds_a_key_that_is_gone_while_work_waits_for_it(walker: Worker) -> None:
    put(walker, after=str(uuid4()))
    assert checks.sealing_key().grade == "ok"
    with scoped(Scope.everywhere()):
        WaitingOperation.objects.update(key_id="00000000")
    lost = checks.sealing_key()
    assert lost.is_fault
    assert "00000000" in lost.mend


# -- the figures -----------------------------------------------------------------------------------


def test_the_figures_count_what_waits_and_the_oldest_silence(walker: Worker) -> None:
    put(walker, after=str(uuid4()))
    with scoped(Scope.everywhere()):
        DeviceState.objects.update(unsent=2, heard_at=clock.now() - DAY)
        assert checks.waiting_by_state() == {"held": 1, "quarantined": 0, "conflict": 0}
        assert checks.oldest_unsynced_phone() >= DAY.total_seconds()


# -- each night ------------------------------------------------------------------------------------


def test_a_receipt_goes_after_200_days_and_not_while_its_operation_waits(walker: Worker) -> None:
    done, waits = put(walker), put(walker, after=str(uuid4()))
    aged(Receipt, received_at=clock.now() - routing.RECEIPTS_KEPT + DAY)
    tidied()
    assert there(Receipt, done)
    aged(Receipt, received_at=clock.now() - routing.RECEIPTS_KEPT - DAY)
    tidied()
    assert not there(Receipt, done)
    assert there(Receipt, waits)


def test_what_was_sent_is_emptied_30_days_after_its_decision_and_not_before(
    walker: Worker, officer: Worker
) -> None:
    operation = put(walker, after=str(uuid4()))
    aged(WaitingOperation, received_at=clock.now() - 6 * DAY)
    jobs.release_held()
    deciding.decline(by=officer.actor, operation_ids=ids(officer), reason="重复了")
    tidied()
    with scoped(Scope.everywhere()):
        assert WaitingOperation.objects.get(id=operation).sent is not None
    aged(WaitingOperation, decided_at=clock.now() - routing.SENT_KEPT_AFTER_DECISION - DAY)
    tidied()
    with scoped(Scope.everywhere()):
        kept = WaitingOperation.objects.get(id=operation)
    assert (kept.sent, kept.kept, kept.key_id) == (None, {}, "")


def test_the_job_puts_a_link_without_its_predecessor_before_a_person(walker: Worker) -> None:
    operation = put(walker, after=str(uuid4()))
    jobs.release_held()
    assert state_of(operation) == "held"
    aged(WaitingOperation, received_at=clock.now() - routing.HELD_FOR - DAY)
    jobs.release_held()
    assert state_of(operation) == "conflict"


def test_a_phone_that_nobody_heard_of_for_200_days_is_forgotten(walker: Worker) -> None:
    put(walker)
    aged(DeviceState, heard_at=clock.now() - routing.RECEIPTS_KEPT - DAY)
    jobs.tidy_sync()
    with scoped(Scope.everywhere()):
        assert not DeviceState.objects.exists()


def test_the_sealing_key_is_renewed_in_time_and_the_old_one_ends_when_nothing_waits_for_it(
    own_keys: Path, walker: Worker
) -> None:
    began = datetime.now(UTC)
    walker.phone.fetch_key()
    waits = put(walker, after=str(uuid4()))
    tidied()
    assert field_keys(own_keys) == [KeyState.ACTIVE]
    with time_machine.travel(began + upkeep.KEY_WRITES_FOR + DAY, tick=False):
        tidied()
        assert field_keys(own_keys) == [KeyState.ACTIVE, KeyState.ACTIVE]
        first = min(
            (key for key in read_keys(own_keys) if key.use is KeyUse.FIELD),
            key=lambda key: key.serial,
        ).id
    with time_machine.travel(
        began + upkeep.KEY_WRITES_FOR + upkeep.OLD_KEY_OPENS_FOR + 3 * DAY, tick=False
    ):
        with scoped(Scope.everywhere()):
            WaitingOperation.objects.filter(id=UUID(waits)).update(key_id=first)
        tidied()
        assert field_keys(own_keys) == [KeyState.ACTIVE, KeyState.ACTIVE], "work waits for it"
        with scoped(Scope.everywhere()):
            WaitingOperation.objects.all().delete()
        tidied()
        assert field_keys(own_keys) == [KeyState.RETIRED, KeyState.ACTIVE]
