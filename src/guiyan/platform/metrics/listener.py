"""A small server beside the pages' one that gives the figures; its thread ends with the process."""

import socket
import threading
from collections.abc import Iterable
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from django.db import connection
from prometheus_client import make_wsgi_app

from guiyan.platform.metrics.address import listening_at
from guiyan.platform.metrics.readings import Readings
from guiyan.platform.metrics.requests import REGISTRY

PATH = "/metrics"
log = structlog.get_logger("guiyan.metrics")
REGISTRY.register(Readings())


class _Server(WSGIServer):
    """One at a time: whoever asks twice a second waits, and one connection to the database does."""

    def __init__(self, place: tuple[str, int]) -> None:
        self.address_family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
        super().__init__(place, _Handler)

    def server_bind(self) -> None:
        """Without asking any name service who we are."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = self.socket.getsockname()[:2]
        self.setup_environ()


class _Handler(WSGIRequestHandler):
    timeout = 5  # who connects and says nothing holds nobody up

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Being asked every few seconds is no news."""


def listen(address: str) -> WSGIServer | None:
    """Give the figures at this address; a taken port is said in the log and stops nothing."""
    place = listening_at(address)
    if place is None:
        return None
    try:
        server = _Server(place)
    except OSError as error:
        log.warning("metrics are not given", error=f"{address}: {error.strerror}")
        return None
    server.set_app(_only_at_its_path(make_wsgi_app(REGISTRY)))
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


def _only_at_its_path(app: WSGIApplication) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [f"Figures are at {PATH}.\n".encode()]
        try:
            return app(environ, start)
        finally:
            connection.close()  # an open one would cost more memory than all figures

    return answer
