"""Guiyan at another time: the moment stands in a file that a test writes. For tests only."""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine

from guiyan.web.wsgi import application as guiyan

CLOCK = Path(os.environ["TESTS_CLOCK_FILE"])
_traveller = time_machine.travel(datetime.fromisoformat(CLOCK.read_text()), tick=True).start()
_shown = CLOCK.read_text()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Before each request the clock is where the test has put it; from then on it goes on."""
    global _shown
    wanted = CLOCK.read_text()
    if wanted != _shown:
        _traveller.move_to(datetime.fromisoformat(wanted), tick=True)
        _shown = wanted
    return guiyan(environ, start_response)
