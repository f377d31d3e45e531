"""The worker: procrastinate's loop with the rooms' jobs and the clock."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicDeferrer


def run(*, concurrency: int) -> None:
    """Run jobs until stopped. Finished jobs are deleted: the queue stays small, and what happened
    stands in the audit."""
    with _connected() as worker:
        worker.run_worker(concurrency=concurrency, delete_jobs="successful")


def run_once(*, concurrency: int) -> list[str]:
    """Run what waits, and what the clock would have started by now; names the jobs that failed.

    For an installation that has no standing worker but calls this by cron.
    """
    with _connected() as worker:
        asyncio.run(_run_what_is_due(worker, concurrency))
    failed = ProcrastinateJob.objects.filter(status="failed").order_by("task_name")
    return list(failed.values_list("task_name", flat=True).distinct())


async def _run_what_is_due(worker: App, concurrency: int) -> None:
    async with worker.open_async():
        clock = PeriodicDeferrer(worker.periodic_registry, **worker.periodic_defaults)
        await clock.defer_jobs(clock.get_previous_tasks(at=time.time()))
        await worker.run_worker_async(
            concurrency=concurrency, wait=False, listen_notify=False, delete_jobs="successful"
        )


@contextmanager
def _connected() -> Iterator[App]:
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as worker:
        yield worker
