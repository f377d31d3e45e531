"""The gate of this process: so many phones at once, the others are told when to come."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from guiyan.field.rules.admission import Gate
from guiyan.platform.errors import ComeLater

_lock = threading.Lock()
_gates: dict[str, Gate] = {}


@contextmanager
def admitted() -> Iterator[None]:
    """Hold one of the places while a batch is taken in or an area is begun. Raises ComeLater."""
    with _lock:
        gate = _gates.setdefault("sync", _new_gate())
        retry_s = gate.enter(time.monotonic(), random.random())  # noqa: S311
    if retry_s:
        raise ComeLater(retry_s)
    try:
        yield
    finally:
        with _lock:
            gate.leave()


def open_anew() -> None:
    """Forget promises: after the settings changed."""
    with _lock:
        _gates.clear()


def _new_gate() -> Gate:
    return Gate(
        per_s=settings.FIELD_CALLS_PER_S,
        burst=settings.FIELD_CALLS_BURST,
        at_once=settings.FIELD_CALLS_AT_ONCE,
    )
