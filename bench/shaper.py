"""A thin line in user space, without root: bytes pass a TCP forwarder at a rate and after a delay,
and, where wished, each connection breaks after so many of them."""

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PIECE = 1448  # what a packet of Ethernet carries
AHEAD = 64  # pieces on the way at once: what a router would hold
Pieces = queue.Queue[tuple[float, bytes]]


@dataclass
class Line:
    """`bits_per_s` each way, `round_trip_s` there and back; counts what passed. `breaks_after` is
    asked once for each way of a connection after how many bytes it breaks; None: never."""

    bits_per_s: int
    round_trip_s: float
    breaks_after: Callable[[str], int | None] = lambda _way: None
    passed: dict[str, int] = field(default_factory=lambda: {"up": 0, "down": 0})
    breaks: int = 0
    ends: set[socket.socket] = field(default_factory=set)

    def hang_up(self) -> None:
        """Break whatever is open now."""
        for end in list(self.ends):
            _shut(end)

    def carry(self, source: socket.socket, target: socket.socket, way: str) -> None:
        """Pieces one after the other at the line's rate, each delivered half a round trip later."""
        pieces: Pieces = queue.Queue(AHEAD)
        delivering = threading.Thread(target=self._deliver, args=(pieces, target, way), daemon=True)
        delivering.start()
        free_at = time.monotonic()
        left = self.breaks_after(way)
        is_broken = False
        with suppress(OSError):
            while not is_broken and (piece := source.recv(PIECE)):
                if left is not None:
                    is_broken = len(piece) > left
                    piece, left = piece[:left], left - len(piece)
                free_at = max(free_at, time.monotonic()) + len(piece) * 8 / self.bits_per_s
                pieces.put((free_at + self.round_trip_s / 2, piece))
        pieces.put((free_at + self.round_trip_s / 2, b""))
        delivering.join()
        if is_broken:
            self.breaks += 1
            _shut(source)
            _shut(target)

    def _deliver(self, pieces: Pieces, target: socket.socket, way: str) -> None:
        is_open = True
        while True:
            at, piece = pieces.get()
            time.sleep(max(0.0, at - time.monotonic()))
            try:
                if not piece:
                    target.shutdown(socket.SHUT_WR)
                elif is_open:
                    target.sendall(piece)
                    self.passed[way] += len(piece)
            except OSError:
                is_open = False  # the rest is taken from the queue and comes to nothing
            if not piece:
                return


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
    with near, suppress(OSError), socket.create_connection(("127.0.0.1", to_port)) as far:
        line.ends.add(near)
        up = threading.Thread(target=line.carry, args=(near, far, "up"), daemon=True)
        up.start()
        line.carry(far, near, "down")
        up.join()
        line.ends.discard(near)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
