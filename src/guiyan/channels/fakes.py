"""What the fakes have in common: a small server on this machine that speaks a provider's format.

A fake checks the signature itself, counts what it has accepted, and can be told to misbehave.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from guiyan.channels.loopback import OnLoopback

Mood = Literal["well", "drop", "slow", "broken", "wrong_json", "gbk", "throttle", "refuse"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query_text: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.query_text, keep_blank_values=True))


@dataclass
class Behaviour:
    """How the fake is to answer: in this mood, to every nth request; to the others well."""

    mood: Mood = "well"
    every: int = 1


@dataclass
class Fake(OnLoopback):
    """A provider on 127.0.0.1. `accepted` counts messages by address; `refused` counts requests
    whose signature did not hold. `heard` is called with the number of the request, before the
    answer goes out."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    accepted: Counter[str] = field(default_factory=Counter)
    texts: list[str] = field(default_factory=list)
    refused: int = 0
    asked: int = 0
    heard: Callable[[int], None] | None = None

    def answer(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        """The provider's own part. Accepting counts in `accepted`."""
        raise NotImplementedError

    def throttled(self) -> tuple[int, dict[str, Any]]:
        """How this provider says "too often"; nothing is accepted."""
        raise NotImplementedError

    def declined(self) -> tuple[int, dict[str, Any]]:
        """How this provider says "never to this one"; nothing is accepted."""
        raise NotImplementedError

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def misbehave(self, mood: Mood, every: int = 1) -> None:
        self.behaviour = Behaviour(mood, every)

    def _made(self) -> ThreadingHTTPServer:
        self._lock, self._closing = threading.Lock(), threading.Event()
        server = ThreadingHTTPServer(("127.0.0.1", 0), _desk_of(self))
        server.daemon_threads = True
        return server

    def _hang_up(self) -> None:
        self._closing.set()

    def meet(self, asked: Asked) -> tuple[int, bytes] | None:
        """What goes back over the wire; None hangs up without an answer."""
        with self._lock:
            self.asked += 1
            number = self.asked
            mood = self.behaviour.mood if number % self.behaviour.every == 0 else "well"
            said_instead = {"throttle": self.throttled, "refuse": self.declined}.get(mood)
            status, said = said_instead() if said_instead else self.answer(asked)
        if self.heard is not None:
            self.heard(number)
        if mood == "slow":
            self._closing.wait()
        if mood in {"drop", "slow"}:
            return None
        if mood == "broken":
            return 500, b"<html><body>Internal Server Error</body></html>"
        if mood == "wrong_json":
            return 200, b'{"Code": "O'
        if mood == "gbk":  # letters alone are the same in either encoding
            return status, json.dumps({**said, "Remark": "已受理"}, ensure_ascii=False).encode(
                "gb18030"
            )
        return status, json.dumps(said, ensure_ascii=False).encode()


def _desk_of(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            target = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            met = fake.meet(Asked(self.command, target.path, target.query, headers, body))
            if met is None:
                self.close_connection = True
                return
            status, said = met
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            try:
                self.wfile.write(said)
            except OSError:
                return  # who asked has gone

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            """Says nothing: requests carry numbers."""

    return Desk
