"""Statements sent ahead: PostgreSQL writes one chunk while this process prepares the next.

For an import of many thousand rows, whose work lies half here and half there.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from psycopg.pq import PipelineStatus


@contextmanager
def sending_ahead() -> Iterator[None]:
    """Nobody waits for the answer to a write; a read waits for all that was sent before it.

    A statement that fails is told at the next read, or when the block ends, and ends the block:
    only for a transaction that is kept or lost as a whole. In the block no write says how many
    rows it touched.
    """
    connection.ensure_connection()
    if not psycopg.Pipeline.is_supported():
        yield
        return
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def hand_over() -> None:
    """What was sent leaves this process now, so that PostgreSQL begins. Outside such a block
    everything has been answered already."""
    wire = connection.connection.pgconn
    if wire.pipeline_status == PipelineStatus.OFF:
        return
    while wire.flush():
        select.select([], [wire.socket], [])
