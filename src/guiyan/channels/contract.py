"""What every channel is, and which there are (docs/channels.md: how to add one)."""

from typing import Protocol, runtime_checkable

from django.utils.functional import Promise

from guiyan.channels.types import Cost, Enquiry, Kind, Outcome, Outgoing, Word
from guiyan.platform.errors import NotFound


class Channel(Protocol):
    """One way out. `send` is called outside any transaction; a local channel's inside the one
    that also records the outcome, because it only writes a row of our own."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str | Promise: ...

    @property
    def kind(self) -> Kind: ...

    @property
    def is_local(self) -> bool: ...

    @property
    def gives_receipts(self) -> bool: ...

    def is_configured(self) -> bool:
        """Whether this deployment may use it."""
        ...

    def cost(self, message: Outgoing) -> Cost:
        """What sending costs, known before it is sent."""
        ...

    def send(self, message: Outgoing) -> Outcome:
        """Send once. Never raises for what a network or a provider does."""
        ...


@runtime_checkable
class Enquirable(Protocol):
    """A channel whose provider can be asked how a message ended. Asking sends nothing."""

    def enquire(self, enquiry: Enquiry) -> Word:
        """Ask once. Never raises for what a network or a provider does."""
        ...


_channels: dict[str, Channel] = {}


def add(channel: Channel) -> None:
    _channels[channel.code] = channel


def channel_of(code: str) -> Channel:
    """Raises NotFound for an unknown code."""
    try:
        return _channels[code]
    except KeyError:
        raise NotFound(f"channel {code}") from None


def enquirable(code: str) -> Enquirable | None:
    """The channel, where its provider can be asked and this deployment may ask it."""
    channel = channel_of(code)
    return channel if isinstance(channel, Enquirable) and channel.is_configured() else None


def all_channels() -> list[Channel]:
    return list(_channels.values())


def local_channels() -> list[str]:
    """Codes of the channels that only write a row of our own."""
    return [code for code, channel in _channels.items() if channel.is_local]
