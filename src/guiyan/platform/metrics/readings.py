"""What waits, read from the database when somebody asks: a room registers what it can tell."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import structlog
from django.db import transaction
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from guiyan.platform.remembered import Remembered
from guiyan.platform.scope import Scope, scoped

FRESH_FOR_S = 10  # however often it is asked, the database is read that seldom
Value = float | Mapping[str, float]

log = structlog.get_logger("guiyan.metrics")


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure; with `label` one for each of a few words of the program (a state, a channel)."""

    name: str
    meaning: str
    read: Callable[[], Value]
    label: str = ""

    def family(self, value: Value) -> GaugeMetricFamily:
        if isinstance(value, Mapping):
            family = GaugeMetricFamily(self.name, self.meaning, labels=[self.label])
            for word, number in sorted(value.items()):
                family.add_metric([word], number)
            return family
        return GaugeMetricFamily(self.name, self.meaning, value=value)


REGISTERED: dict[str, Reading] = {}


def reading(
    name: str, meaning: str, *, label: str = ""
) -> Callable[[Callable[[], Value]], Callable[[], Value]]:
    """Register a figure. It is read everywhere in scope, so it counts and never names."""

    def register(read: Callable[[], Value]) -> Callable[[], Value]:
        REGISTERED[name] = Reading(name, meaning, read, label)
        return read

    return register


class Readings(Collector):
    """All readings, each by itself: one that fails is missing and counted, the others stand."""

    def __init__(self) -> None:
        self._kept: Remembered[list[GaugeMetricFamily]] = Remembered(lasts_s=FRESH_FOR_S, most=1)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is read when it is registered."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families = self._kept.get("all")
        if families is None:
            families = list(_read())
            self._kept.put("all", families)
        yield from families


def _read() -> Iterator[GaugeMetricFamily]:
    failed = 0
    for one in REGISTERED.values():
        try:
            with transaction.atomic(), scoped(Scope.everywhere()):
                family = one.family(one.read())
        except Exception as error:
            log.warning("reading failed", kind=one.name, error=type(error).__name__)
            failed += 1
        else:
            yield family
    yield GaugeMetricFamily(
        "guiyan_readings_failed", "Readings that could not be taken.", value=failed
    )
