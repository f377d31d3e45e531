"""Whose message it is and what it was about, on the pages of the outbox: upper rooms know.

A person who decides whether a message went out asks the member, so they must see who that is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from guiyan.channels.types import MessageFacts
from guiyan.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class Named:
    """A recipient in the reader's scope, the page of their file, and what was said."""

    name: str
    url: str
    purpose: str


# Upper rooms say in `ready()` whom they know.
naming: list[Callable[[Actor, Sequence[MessageFacts]], dict[UUID, Named]]] = []


def names_of(actor: Actor, messages: Sequence[MessageFacts]) -> dict[UUID, Named]:
    """By the message's id; who is out of scope, or erased, stands without a name."""
    found: dict[UUID, Named] = {}
    for names in naming:
        found |= names(actor, messages)
    return found
