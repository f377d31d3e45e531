"""One question to a provider: what is known not to be sent is told apart from what may be sent."""

import functools
import logging
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from django.conf import settings

from guiyan.channels.endpoints import ReachesNobody, base_of
from guiyan.channels.reading import read_json

MOST_BYTES = 64 * 1024
# Addresses of requests carry tokens and numbers; the client would log each of them.
for name in ("httpx2", "httpcore2", "httpx", "httpcore"):
    logging.getLogger(name).setLevel(logging.WARNING)


class NotSent(Exception):
    """Nothing has left this machine: no connection came about."""


class NoAnswer(Exception):
    """The question may have arrived; no whole answer came back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as bytes: providers' gateways answer in more than one encoding."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any] | None:
        """The object that was answered, in UTF-8 or GB 18030; None when it is none."""
        try:
            found = read_json(self.body)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None


def ask(
    code: str,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Answer:
    """One request to the provider of a channel; `target` is path and query.

    Raises NotSent or NoAnswer. Follows no redirect, uses no proxy of the environment, reads no
    more than 64 kB and waits no longer than GUIYAN_CHANNEL_PATIENCE_S for the whole answer.
    """
    patience = float(settings.CHANNEL_PATIENCE_S)
    give_up_at = time.monotonic() + patience
    try:
        address = base_of(code) + target
    except ReachesNobody as demo:
        raise NotSent("demo") from demo
    # A connection that was kept may be closed while we write, and we could not tell: a new one
    # for each question keeps "not sent" and "no answer" apart.
    with httpx2.Client(
        verify=_trust(),
        timeout=httpx2.Timeout(patience, connect=min(5.0, patience)),
        trust_env=False,
        follow_redirects=False,
        limits=httpx2.Limits(max_keepalive_connections=0),
    ) as client:
        try:
            with client.stream(method, address, headers=headers, content=body) as response:
                return Answer(response.status_code, _read(response, give_up_at))
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise NotSent(type(error).__name__) from error
        except httpx2.HTTPError as error:
            raise NoAnswer(type(error).__name__) from error


@functools.cache
def _trust() -> ssl.SSLContext:
    """Reading the certificates of all authorities takes longer than a message does."""
    return httpx2.create_ssl_context(trust_env=False)


def _read(response: httpx2.Response, give_up_at: float) -> bytes:
    read = b""
    for some in response.iter_bytes():
        read += some
        if len(read) > MOST_BYTES:
            raise NoAnswer("too-long")
        if time.monotonic() > give_up_at:
            raise NoAnswer("too-slow")
    return read
