"""The worker: procrastinate's loop with the rooms' jobs and the clock."""

from typing import cast

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


def run(*, concurrency: int, once: bool) -> None:
    """Run jobs until stopped, or with `once` until none waits. Finished jobs are deleted: the
    queue stays small, and what happened stands in the audit."""
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector):
        app.run_worker(
            concurrency=concurrency,
            wait=not once,
            listen_notify=not once,
            delete_jobs="successful",
        )
