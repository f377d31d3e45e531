"""The clock of keeping in touch."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It stands on the morning of Monday, 2 March 2026, in China."""
    with time_machine.travel(datetime(2026, 3, 2, 2, tzinfo=UTC), tick=False) as moved:
        yield moved
