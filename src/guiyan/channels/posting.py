"""A message posted under an access token, as WeChat and WeCom both ask for it.

Without a token nothing was sent; with one, what no answer came to is unknown (trust.md F03).
"""

from collections.abc import Container, Mapping
from typing import Any, Protocol
from urllib.parse import quote

from guiyan.channels import network, tokens
from guiyan.channels.reading import error_code
from guiyan.channels.tokens import Fetch
from guiyan.channels.types import Declined, Outcome, Unknown


class NoToken(Exception):
    """The provider gave no access token: nothing can be sent, and nothing was."""


class Wire(Protocol):
    """What the two spell differently: a module `wire` of a channel."""

    @property
    def SEND_TARGET(self) -> str: ...

    @property
    def TOKEN_VOID(self) -> Container[int | None]: ...

    def outcome_of(self, answer: Mapping[str, Any] | None, /) -> Outcome: ...


def post(channel: str, body: bytes, *, fetch: Fetch, wire: Wire) -> Outcome:
    """Send once; a token that the provider calls void is fetched anew for the next message."""
    try:
        token = tokens.access_token(channel, fetch)
        target = f"{wire.SEND_TARGET}?access_token={quote(token, safe='')}"
    except (network.NotSent, network.NoAnswer, NoToken) as error:
        return Declined("no-token", is_permanent=False, detail=str(error))
    try:
        answer = network.ask(channel, "POST", target, body=body).json()
    except network.NotSent as error:
        return Declined("no-connection", is_permanent=False, detail=str(error))
    except network.NoAnswer as error:
        return Unknown(str(error))
    if error_code(answer) in wire.TOKEN_VOID:
        tokens.forget(channel)
    return wire.outcome_of(answer)


def token_in(answer: Mapping[str, Any] | None) -> tuple[str, int]:
    """The token and how many seconds it lasts. Raises NoToken."""
    token, lasts_s = (answer or {}).get("access_token"), (answer or {}).get("expires_in")
    if not isinstance(token, str) or not isinstance(lasts_s, int):
        raise NoToken(str(error_code(answer)))
    return token, lasts_s
