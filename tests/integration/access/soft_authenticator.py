"""A security key in software: one P-256 key, attestation "none" (WebAuthn level 2, § 6)."""

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

USER_PRESENT, HAS_KEY = 0x01, 0x40


def text_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


class SoftAuthenticator:
    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.sign_count = 0

    def create(self, options: dict[str, Any]) -> str:
        numbers = self.key.public_key().public_numbers()
        cose_key = {
            1: 2, 3: -7, -1: 1,
            -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big"),
        }  # fmt: skip
        credential = (
            bytes(16)
            + len(self.credential_id).to_bytes(2, "big")
            + self.credential_id
            + cbor2.dumps(cose_key)
        )
        vouched = self._authenticator(options["rp"]["id"], USER_PRESENT | HAS_KEY) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": vouched})
        return self._answer(
            clientDataJSON=self._client("webauthn.create", options),
            attestationObject=attestation,
        )

    def get(self, options: dict[str, Any]) -> str:
        self.sign_count += 1
        client = self._client("webauthn.get", options)
        vouched = self._authenticator(options["rpId"], USER_PRESENT)
        signature = self.key.sign(vouched + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=vouched, signature=signature)

    def _authenticator(self, relying_party: str, flags: int) -> bytes:
        party = hashlib.sha256(relying_party.encode()).digest()
        return party + bytes([flags]) + self.sign_count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, **response: bytes) -> str:
        name = text_of(self.credential_id)
        parts = {key: text_of(content) for key, content in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": parts})
