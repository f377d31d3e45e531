"""What is the same for everybody is kept for some seconds in the memory of a process.

Only for what may be as old as that: a public page whose organisation was renamed a moment ago.
"""

import time
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """At most `most` values, each for `lasts_s` seconds; when it is full, all of them go."""

    def __init__(self, *, lasts_s: float, most: int) -> None:
        self.lasts_s, self.most = lasts_s, most
        self._kept: dict[Hashable, tuple[float, Value]] = {}

    def get(self, key: Hashable) -> Value | None:
        until, value = self._kept.get(key, (0.0, None))
        return value if until > time.monotonic() else None

    def put(self, key: Hashable, value: Value) -> None:
        if len(self._kept) >= self.most:
            self._kept.clear()
        self._kept[key] = (time.monotonic() + self.lasts_s, value)

    def forget(self) -> None:
        self._kept.clear()
