"""A thin line in user space: bytes pass a TCP forwarder at a rate and after a delay, without root."""

import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PIECE = 1448  # what a packet of Ethernet carries
AHEAD = 64  # pieces on the way at once: what a router would hold


@dataclass
class Line:
    """`bits_per_s` each way, `round_trip_s` there and back; counts what passed."""

    bits_per_s: int
    round_trip_s: float
    passed: dict[str, int] = field(default_factory=lambda: {"up": 0, "down": 0})

    def carry(self, source: socket.socket, target: socket.socket, way: str) -> None:
        """Pieces one after the other at the line's rate, each delivered half a round trip later."""
        pieces: queue.Queue[tuple[float, bytes]] = queue.Queue(AHEAD)
        threading.Thread(target=self._deliver, args=(pieces, target, way), daemon=True).start()
        free_at = time.monotonic()
        try:
            while piece := source.recv(PIECE):
                free_at = max(free_at, time.monotonic()) + len(piece) * 8 / self.bits_per_s
                pieces.put((free_at + self.round_trip_s / 2, piece))
        except OSError:
            pass
        pieces.put((free_at + self.round_trip_s / 2, b""))

    def _deliver(
        self, pieces: "queue.Queue[tuple[float, bytes]]", target: socket.socket, way: str
    ) -> None:
        try:
            while True:
                at, piece = pieces.get()
                time.sleep(max(0.0, at - time.monotonic()))
                if not piece:
                    target.shutdown(socket.SHUT_WR)
                    return
                target.sendall(piece)
                self.passed[way] += len(piece)
        except OSError:
            pass


@contextmanager
def thin_line(to_port: int, line: Line) -> Iterator[int]:
    """The port at which the thin line to a local server begins. Opening a connection takes a round
    trip, as it would."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=_join, args=(near, to_port, line), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield int(door.getsockname()[1])
    finally:
        door.close()


def _join(near: socket.socket, to_port: int, line: Line) -> None:
    time.sleep(line.round_trip_s)
    far = socket.create_connection(("127.0.0.1", to_port))
    threading.Thread(target=line.carry, args=(near, far, "up"), daemon=True).start()
    line.carry(far, near, "down")
