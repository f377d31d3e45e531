"""A client of the sync protocol, written from docs/offline.md alone: it imports nothing of Guiyan.

It speaks through `send`, so that it works over a socket as well as inside a test. What it can't
send it keeps, in order, with the ids that it made; a call that was cut off is made again.
"""

import base64
import gzip
import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Send = Callable[[str, str, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]
BATCH = 200
PIECE = 16_384
HANDOVER = "guiyan-handover-1"


class Told(Exception):
    """The server said no: its code, and after how many seconds to come again (0: not at all)."""

    def __init__(self, status: int, code: str, retry_s: int) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.retry_s = status, code, retry_s


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def seal(plain: bytes, key_id: str, point: bytes, context: str) -> str:
    own, nonce, body = sealed_parts(plain, point, context)
    return ".".join((key_id, text(own), text(nonce), text(body)))


def sealed_parts(plain: bytes, point: bytes, context: str) -> tuple[bytes, bytes, bytes]:
    passing = ec.generate_private_key(ec.SECP256R1())
    own, nonce = point_of(passing), os.urandom(12)
    server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    shared = passing.exchange(ec.ECDH(), server)
    key = HKDF(hashes.SHA256(), 32, salt=own, info=b"guiyan field box v1").derive(shared)
    return own, nonce, AESGCM(key).encrypt(nonce, plain, context.encode())


@dataclass
class Packet:
    """An area on the phone: records by id, the version to go on from, the token to show."""

    version: int = 0
    token: str = ""
    records: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class FieldClient:
    """One phone."""

    send: Send
    token: str = ""
    device_id: str = ""
    signing: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    key: dict[str, Any] = field(default_factory=dict)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    notes: dict[str, bytes] = field(default_factory=dict)
    packets: dict[tuple[str, str], Packet] = field(default_factory=dict)
    parts: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def public_key(self) -> str:
        return text(point_of(self.signing))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.token}", "Accept-Encoding": "gzip", **headers}
        content = body if isinstance(body, bytes) else b""
        if isinstance(body, bytes):
            sent["Content-Type"] = "application/octet-stream"
        elif body is not None:
            sent["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        status, said, answer = self.send(method, "/api/field" + path, sent, content)
        said = {key.lower(): value for key, value in said.items()}
        if said.get("content-encoding") == "gzip":
            answer = gzip.decompress(answer)
        if status >= 400:
            problem = json.loads(answer) if "json" in said.get("content-type", "") else {}
            raise Told(status, problem.get("code", ""), int(said.get("retry-after", 0)))
        return json.loads(answer) if answer else None

    # -- packets -----------------------------------------------------------------------------

    def fetch_key(self) -> None:
        self.key = self.call("GET", "/key")

    def fetch_areas(self) -> list[dict[str, Any]]:
        """Forget what is not ours any more; the outbox stays."""
        answer = self.call("GET", "/packets")
        for gone in answer["gone"]:
            self.packets.pop((gone["kind"], gone["id"]), None)
        areas: list[dict[str, Any]] = answer["areas"]
        return areas

    def fetch_packet(self, kind: str, area_id: str, size: int = 100) -> Packet:
        """The whole area, or what changed since the version that is here. When the line breaks, the
        pages that came stay, and the next call goes on after them."""
        held = self.packets.get((kind, area_id), Packet())
        fresh = Packet(held.version, held.token, dict(held.records))
        part = self.parts.setdefault((kind, area_id), [])
        for page in self.pages(kind, area_id, since=held.version, size=size, came=part):
            if page["since"] == 0 and page["number"] == 1:
                fresh.records.clear()
            fresh.records.update({record["id"]: record for record in page["records"]})
            for gone in page["tombstones"]:
                fresh.records.pop(gone["id"], None)
            fresh.version, fresh.token = page["version"], page["token"]
        del self.parts[kind, area_id]
        self.packets[kind, area_id] = fresh
        return fresh

    def pages(
        self,
        kind: str,
        area_id: str,
        since: int = 0,
        size: int = 100,
        came: list[dict[str, Any]] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Each page, its signature and its place in the chain checked; those that `came` first."""
        came = [] if came is None else came
        yield from [self.checked(answer) for answer in came]
        while not came or came[-1]["next"]:
            last = came[-1] if came else {"page": "", "next": ""}
            where = f"&after={last['next']}" if came else f"&since={since}"
            answer = self.call("GET", f"/packets/{kind}/{area_id}?size={size}{where}")
            page = self.checked(answer)
            before = hashlib.sha256(last["page"].encode()).hexdigest() if came else ""
            assert (page["before"], page["number"]) == (before, len(came) + 1), "not the next page"
            came.append(answer)
            yield page

    def checked(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Raises InvalidSignature for a page that is not the server's."""
        public = Ed25519PublicKey.from_public_bytes(raw(self.key["signing_keys"][answer["key_id"]]))
        statement = b"guiyan statement v1\x00" + answer["page"].encode()
        public.verify(raw(answer["signature"]), statement)
        page: dict[str, Any] = json.loads(answer["page"])
        if datetime.fromisoformat(page["expires"]) < datetime.now(UTC):
            raise ValueError("this packet has expired")
        return page

    # -- operations --------------------------------------------------------------------------

    def do(
        self,
        kind: str,
        subject_id: str,
        body: dict[str, Any],
        *,
        version: int = 1,
        secret: dict[str, str] | None = None,
        **more: Any,
    ) -> str:
        """Write down one operation; answers with its id."""
        operation_id = str(uuid.uuid4())
        operation = {
            "id": operation_id, "kind": kind, "version": version, "subject_id": subject_id,
            "at_device": self.now().isoformat(), "body": body, **more,
        }  # fmt: skip
        if secret:
            plain = json.dumps(secret, ensure_ascii=False).encode()
            context = f"{operation_id}|{kind}"
            operation["sealed"] = seal(plain, self.key["id"], raw(self.key["point"]), context)
        self.outbox.append(operation)
        return operation_id

    def push(self) -> list[dict[str, Any]]:
        """Send what waits, in batches. What was taken in leaves the outbox; what was refused stays."""
        results: list[dict[str, Any]] = []
        todo = list(self.outbox)
        for start in range(0, len(todo), BATCH):
            results += self.push_some(todo[start : start + BATCH])
        return results

    def push_some(self, operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
        body = {
            "operations": operations,
            "clock": self.now().isoformat(),
            "unsent": len(self.outbox),
            "packets": self.tokens(),
        }
        results: list[dict[str, Any]] = self.call("POST", "/operations", body)["results"]
        self.take(results)
        return results

    def tokens(self) -> dict[str, str]:
        return {area_id: packet.token for (_, area_id), packet in self.packets.items()}

    def take(self, results: list[dict[str, Any]]) -> None:
        done = {each["id"] for each in results if each["status"] in {200, 202}}
        self.answers.update({each["id"]: each for each in results if each["id"]})
        self.outbox = [each for each in self.outbox if each["id"] not in done]

    # -- notes by voice ----------------------------------------------------------------------

    def speak(self, sound: bytes) -> dict[str, Any]:
        """Seal a note and keep it; answers with what its operation says of it (`spoken`)."""
        note = str(uuid.uuid4())
        parts = sealed_parts(sound, raw(self.key["point"]), f"{note}|spoken")
        box = self.key["id"].encode() + b"".join(parts)
        self.notes[note] = box
        return {"id": note, "digest": hashlib.sha256(box).hexdigest(), "size": len(box)}

    def put_piece(self, note: str, at: int, piece: bytes) -> dict[str, Any]:
        came: dict[str, Any] = self.call("PUT", f"/spoken/{note}/{at}", piece)
        return came

    def send_note(self, note: str, size: int = PIECE) -> None:
        """From where the server stands to the end, however often the line breaks in between."""
        box, at = self.notes[note], self.call("GET", f"/spoken/{note}")["came"]
        while not (came := self.put_piece(note, at, box[at : at + size]))["is_whole"]:
            at = came["came"]
        del self.notes[note]

    def push_notes(self) -> None:
        for note in list(self.notes):
            self.send_note(note)

    # -- without any line --------------------------------------------------------------------

    def hand_over(self) -> dict[str, Any]:
        """The outbox as a file for another phone or a computer; nothing leaves the outbox by it."""
        inside = {
            "operations": self.outbox,
            "packets": self.tokens(),
            "clock": self.now().isoformat(),
            "spoken": {note: text(box) for note, box in self.notes.items()},
        }
        context = f"{HANDOVER}|{self.device_id}"
        plain = json.dumps(inside).encode()
        sealed = seal(plain, self.key["id"], raw(self.key["point"]), context)
        der = self.signing.sign(f"{context}|{sealed}".encode(), ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(der)
        signature = text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return {
            "form": HANDOVER, "device_id": self.device_id, "sealed": sealed,
            "signature": signature,
        }  # fmt: skip

    def carry(self, handed: dict[str, Any]) -> list[dict[str, Any]]:
        """Send another phone's file with this phone's line."""
        results: list[dict[str, Any]] = self.call("POST", "/handovers", handed)["results"]
        return results
