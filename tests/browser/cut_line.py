"""A line that is cut again and again: a forwarder that ends each connection after so many bytes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Line:
    """`after` bytes in each way of a connection, then the cut; None lets everything pass. Counts
    what passed, also what came to nothing."""

    after: dict[str, int | None] = field(default_factory=lambda: {"up": None, "down": None})
    passed: dict[str, int] = field(default_factory=lambda: {"up": 0, "down": 0})
    cuts: int = 0

    def begin(self, *, up: int | None = None, down: int | None = None) -> None:
        self.after = {"up": up, "down": down}
        self.passed = {"up": 0, "down": 0}
        self.cuts = 0

    def carry(self, source: socket.socket, target: socket.socket, way: str) -> None:
        gone = 0
        try:
            while piece := source.recv(1448):
                most = self.after[way]
                if most is not None and gone + len(piece) > most:
                    target.sendall(piece[: most - gone])
                    self.passed[way] += most - gone
                    self.cuts += 1
                    break
                target.sendall(piece)
                gone += len(piece)
                self.passed[way] += len(piece)
        except OSError:
            pass
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def cut_line(to_port: int, line: Line) -> Iterator[int]:
    """The port at which the line to a local server begins."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                near, _ = door.accept()
                far = socket.create_connection(("127.0.0.1", to_port))
            except OSError:
                return
            for source, target, way in ((near, far, "up"), (far, near, "down")):
                threading.Thread(target=line.carry, args=(source, target, way), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield int(door.getsockname()[1])
    finally:
        door.close()
