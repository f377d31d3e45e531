"""Work for later, enqueued in the caller's transaction: it is kept or lost together with the write.

A façade over procrastinate, so that rooms know neither its decorators nor its tables.
Names are `room.verb_object`; a job gets identifiers, opens its own transaction and may run twice.
"""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped

# A worker says every ten seconds that it lives. A job that ended so many workers is left alone.
SILENT_FOR = timedelta(seconds=90)
MOST_ATTEMPTS = 5


def job(
    name: str, *, retries: int = 3, cron: str | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a job that runs in one transaction, everywhere in scope, as the system.

    With `cron` (five fields, or six with seconds; UTC) it is also started by the clock.
    """

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(**kwargs: Any) -> None:
            with transaction.atomic(), scoped(Actor.system(name).scope):
                function(**kwargs)

        _register(name, run, retries, cron)
        return run

    return decorate


def long_job(
    name: str, *, retries: int = 3, cron: str | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A job that opens its own short transactions (an import, an export), so that its progress
    is seen while it runs and no lock is held for minutes."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        _register(name, function, retries, cron)
        return function

    return decorate


def _register(name: str, run: Callable[..., None], retries: int, cron: str | None) -> None:
    strategy = RetryStrategy(max_attempts=retries, exponential_wait=2)
    if cron is None:
        app.task(name=name, retry=strategy)(run)
    else:

        def tick(timestamp: int) -> None:
            run()

        # A tick that still waits makes the next one needless.
        app.periodic(cron=cron, periodic_id=name)(
            app.task(name=name, retry=strategy, queueing_lock=name)(tick)
        )
    run.job_name = name  # type: ignore[attr-defined]


def enqueue(function: Callable[..., None], *, lock: str | None = None, **kwargs: Any) -> None:
    """Enqueue a job now, in the running transaction. `lock` lets one run at a time."""
    app.configure_task(function.job_name, lock=lock).defer(**kwargs)  # type: ignore[attr-defined]


def run_waiting() -> None:
    """Run every waiting job to the end in this process: for tests and the command line."""
    app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def take_up_stalled() -> int:
    """Jobs whose worker was killed wait again for another one; returns how many were found.

    A tick of the clock whose next one waits already goes; what has been tried too often has failed,
    and the doctor names it. Source: procrastinate, retrying stalled jobs.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select job.id, job.attempts from procrastinate_jobs job"
            " left join procrastinate_workers worker on worker.id = job.worker_id"
            " where job.status = 'doing'"
            " and (worker.id is null or worker.last_heartbeat < now() - make_interval(secs => %s))"
            " order by job.id for update of job skip locked",
            [SILENT_FOR.total_seconds()],
        )
        stalled = cursor.fetchall()
        for job_id, attempts in stalled:
            cursor.execute(
                "select exists (select from procrastinate_jobs job, procrastinate_jobs waiting"
                " where job.id = %s and waiting.queueing_lock = job.queueing_lock"
                " and waiting.status = 'todo')",
                [job_id],
            )
            is_needless = (cursor.fetchone() or (False,))[0]
            if is_needless or attempts >= MOST_ATTEMPTS:
                cursor.execute(
                    "select procrastinate_finish_job_v1(%s, 'failed', %s)", [job_id, is_needless]
                )
            else:
                cursor.execute(
                    "select procrastinate_retry_job_v2(%s, now(), null, null, null)", [job_id]
                )
    return len(stalled)
