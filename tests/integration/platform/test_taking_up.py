"""A worker that is killed leaves its job to the next one."""

from datetime import timedelta

import pytest
from django.db import connection

from guiyan.platform import jobs, upkeep

pytestmark = pytest.mark.django_db
LONG_AGO = jobs.SILENT_FOR + timedelta(seconds=5)


def worker(silent_for: timedelta) -> int:
    return one(
        "insert into procrastinate_workers (last_heartbeat) values (now() - %s) returning id",
        silent_for,
    )


def job(worker_id: int | None, state: str = "doing", attempts: int = 0, tick: str = "") -> int:
    return one(
        "insert into procrastinate_jobs"
        " (queue_name, task_name, status, worker_id, attempts, queueing_lock)"
        " values ('default', 'test', %s, %s, %s, nullif(%s, '')) returning id",
        state, worker_id, attempts, tick,
    )  # fmt: skip


def one(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def state_of(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select status from procrastinate_jobs where id = %s", [job_id])
        row = cursor.fetchone()
    return row[0] if row else "gone"


def test_the_job_of_a_worker_that_is_silent_or_gone_waits_again() -> None:
    of_silent, of_gone = job(worker(LONG_AGO)), job(None)
    upkeep.take_up()
    assert [state_of(of_silent), state_of(of_gone)] == ["todo", "todo"]


def test_the_job_of_a_worker_that_lives_is_left_to_it() -> None:
    of_living, waiting, failed = job(worker(timedelta(0))), job(None, "todo"), job(None, "failed")
    assert jobs.take_up_stalled() == 0
    assert [state_of(one) for one in (of_living, waiting, failed)] == ["doing", "todo", "failed"]


def test_a_job_that_ended_worker_after_worker_has_failed() -> None:
    deadly = job(worker(LONG_AGO), attempts=jobs.MOST_ATTEMPTS)
    upkeep.take_up()
    assert state_of(deadly) == "failed"


def test_a_tick_of_the_clock_goes_where_the_next_one_waits() -> None:
    first, second = (job(None, tick="test.tick") for _ in range(2))
    upkeep.take_up()
    assert sorted([state_of(first), state_of(second)]) == ["gone", "todo"]
