"""A fake mail server: SMTP on this machine, without a letter ever leaving it (RFC 5321)."""

import socketserver
from collections import Counter
from typing import Literal

from guiyan.channels.loopback import OnLoopback

Mood = Literal["well", "refuses", "busy", "falls_silent"]


class MailFake(OnLoopback):
    """`letters` holds what arrived. Moods: refuses the recipient (550), is busy (451), takes the
    letter and hangs up without an answer."""

    def __init__(self) -> None:
        self.mood: Mood = "well"
        self.accepted: Counter[str] = Counter()
        self.letters: list[str] = []

    def _made(self) -> socketserver.ThreadingTCPServer:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _desk_of(self))
        server.daemon_threads = True
        return server


def _desk_of(fake: MailFake) -> type[socketserver.StreamRequestHandler]:
    class Desk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            recipient = ""
            self._say("220 fake")
            while line := self.rfile.readline().decode().strip():
                word = line.split(":")[0].split(" ")[0].upper()
                if word == "RCPT":
                    recipient = line.partition("<")[2].rpartition(">")[0]
                    self._say({"refuses": "550 no", "busy": "451 later"}.get(fake.mood, "250 ok"))
                elif word == "DATA":
                    self._say("354 go on")
                    fake.letters.append(self._letter())
                    fake.accepted[recipient] += 1
                    if fake.mood == "falls_silent":
                        return
                    self._say("250 taken")
                elif word == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

        def _letter(self) -> str:
            lines: list[str] = []
            while (line := self.rfile.readline().decode()) not in {".\r\n", ""}:
                lines.append(line)
            return "".join(lines)

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    return Desk
