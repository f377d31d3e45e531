"""Who else uses the cores while something is measured: without that, a time in seconds says little."""

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.processes import TICK_MS, own_family, spent_ticks

EVERY_S = 3.0
# Above this share of one core the figures are told as those of a loaded machine.
LOADED_FROM = 0.25


@dataclass(slots=True)
class Others:
    """Cores used by processes that are not of this run, looked at every few seconds.

    Ours is the process `pid` (this one) with all it starts, and every database whose files lie in the house.
    """

    pid: int = field(default_factory=os.getpid)
    used_ms: float = 0.0
    begun: float = field(default_factory=time.monotonic)
    _before: dict[int, float] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)
    _watch: threading.Thread | None = None

    @property
    def cores(self) -> float:
        return round(self.used_ms / 1000 / max(time.monotonic() - self.begun, 0.001), 2)

    def told(self) -> dict[str, object]:
        """For the figures: how many cores the others used, and whether that was too many."""
        cores = self.cores
        return {"others_used_cores": cores, "loaded": cores > LOADED_FROM}

    def __enter__(self) -> Self:
        self._look()
        self._watch = threading.Thread(target=self._until_over, daemon=True)
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._watch is not None:
            self._watch.join()
        self._look()

    def _until_over(self) -> None:
        while not self._over.wait(EVERY_S):
            self._look()

    def _look(self) -> None:
        """What began between two looks counts from its own beginning."""
        ours = own_family(self.pid, Path(os.environ.get("GUIYAN_HOME", "/nowhere")))
        now = {pid: ticks for pid, ticks in spent_ticks().items() if pid not in ours}
        is_first = not self._before
        for pid, ticks in now.items():
            known = self._before.get(pid, ticks if is_first else 0.0)
            self.used_ms += max(0.0, ticks - known) * TICK_MS
        self._before = now
