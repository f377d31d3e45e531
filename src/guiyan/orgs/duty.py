"""Who answers a hotline at this moment, said by the room above that keeps the rota."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

Answering = Callable[[Sequence[UUID], datetime], dict[UUID, str]]

_keepers: list[Answering] = []


def register(answering: Answering) -> None:
    """Called in an application's `ready()`. It takes ids of service points and a moment, and
    returns who answers there, in words for callers; empty where nobody does by the rota."""
    _keepers.append(answering)


def answering(point_ids: Sequence[UUID], at: datetime) -> dict[UUID, str]:
    """By service point; those without a rota are left out."""
    return {point: who for keeper in _keepers for point, who in keeper(point_ids, at).items()}
