"""Rows sent ahead: PostgreSQL writes one chunk while this process prepares the next.

For an import of many thousand rows, whose work lies half here and half there.
Source: PostgreSQL, pipeline mode of libpq.
"""

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from django.db import connection
from psycopg.pq import PipelineStatus

_running: ContextVar[psycopg.Pipeline | None] = ContextVar("sending ahead", default=None)


@contextmanager
def sending_ahead() -> Iterator[None]:
    """Nobody waits for the answer to rows that `platform.bulk` inserts; every other statement waits
    for its own, and so for all that was sent before it.

    A row that is refused is told at the next such statement, or when the block ends, and ends the
    block: only for a transaction that is kept or lost as a whole.
    """
    connection.ensure_connection()
    if not psycopg.Pipeline.is_supported():
        yield
        return
    with connection.wrap_database_errors, connection.connection.pipeline() as pipeline:
        token = _running.set(pipeline)
        try:
            with connection.execute_wrapper(_answered):
                yield
        finally:
            _running.reset(token)


def _answered(execute: Callable[..., Any], *statement: Any) -> Any:
    """Whoever writes a row asks how many were touched: `save` inserts where none was."""
    answer = execute(*statement)
    wait()
    return answer


def wait() -> None:
    """Everything that was sent is answered. Outside such a block it has been already."""
    if pipeline := _running.get():
        pipeline.sync()


def hand_over() -> None:
    """What was sent leaves this process now, so that PostgreSQL begins. Outside such a block
    everything has been answered already."""
    wire = connection.connection.pgconn
    if wire.pipeline_status == PipelineStatus.OFF:
        return
    while wire.flush():
        select.select([], [wire.socket], [])
