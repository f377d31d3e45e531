"""Whether a message that waited may still go: between the evening and the morning, or while a gateway
was down, somebody may have said no more, or have another number. Upper rooms know.
"""

from collections.abc import Callable

from guiyan.channels.types import Outgoing

# Upper rooms say in `ready()` why the message of this key must not go any more; empty: it may.
asked: list[Callable[[str, Outgoing], str]] = []


def why_not(key: str, message: Outgoing) -> str:
    """The first reason against, as a code; asked right before the message goes."""
    return next((why for ask in asked if (why := ask(key, message))), "")
