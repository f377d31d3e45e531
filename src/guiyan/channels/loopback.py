"""A server on this machine alone, for as long as a `with` block lasts: what every fake stands on."""

import socketserver
import threading
from types import TracebackType
from typing import Self


class OnLoopback:
    """Entered, it serves on a free port of 127.0.0.1; left, the port is closed."""

    def _made(self) -> socketserver.TCPServer:
        """The server, bound to a free port and not yet serving."""
        raise NotImplementedError

    def _hang_up(self) -> None:
        """Lets go whoever still waits for an answer, before the server stops."""

    def __enter__(self) -> Self:
        self._server = self._made()
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._hang_up()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])
