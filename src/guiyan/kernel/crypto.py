"""The key ring: sealed fields, blind indexes, signatures and short signed tokens.

A sealed value: version (1 byte) · algorithm (1) · key id (4) · nonce (12) · ciphertext · tag (16).
Its header and its context ("table.column.row") are vouched for, so a value copied to another row
does not open. Nonces are random: one key may seal 2**32 values (NIST SP 800-38D § 8.3).
"""

import base64
import binascii
import os
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guiyan.kernel.boxes import BoxBroken, key_id_of, open_box, public_point
from guiyan.kernel.ciphers import NONCE_BYTES, TAG_BYTES, AuthenticatedCipher, cipher_of
from guiyan.kernel.ciphers import keyed_digest as _keyed_digest
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.key_files import (
    ALGORITHMS,
    KEY_ID_BYTES,
    Algorithm,
    Key,
    KeyFileUnsafe,
    KeyMissing,
    KeyState,
    KeyUse,
    make_directory,
    new_key,
    read_keys,
    write_key,
)

__all__ = [
    "Algorithm", "BoxBroken", "KeyFileUnsafe", "KeyMissing", "KeyRing", "KeyUse", "SealBroken", "TokenBroken",
    "read_token_with", "verify_with",
]  # fmt: skip

BLIND_INDEX_BYTES = 16  # 128 bits: no two people of a country collide, nothing more is stored
SIGNATURE_BYTES = 64
SECOND_NS = 1_000_000_000

_VERSION = 1
_HEADER_BYTES = 2 + KEY_ID_BYTES + NONCE_BYTES
_ALGORITHM_NUMBERS = {Algorithm.AES_256_GCM: 1, Algorithm.SM4_GCM: 2}
# Two kinds of signature must never be mistaken for each other.
_STATEMENT = b"guiyan statement v1\x00"
_TOKEN = b"guiyan token v1\x00"


class SealBroken(Exception):
    """A sealed value was changed, cut, or moved to another row or column."""


class TokenBroken(Exception):
    """A token is not one of ours, or was changed."""


class KeyRing:
    """All keys of one deployment, kept outside the database.

    The newest active key of each use writes; every active key reads. A ring that another process
    turned is taken up at the next use, so that a running web server needs no restart.
    """

    def __init__(self, directory: Path, keys: Iterable[Key]) -> None:
        self._directory = directory
        self._seen_at: int | None = _settled(_changed_at(directory))
        self._keys: dict[str, Key] = {key.id: key for key in keys}
        self._in_order: dict[KeyUse, list[Key]] = {}
        self._ciphers: dict[str, AuthenticatedCipher] = {}
        self._signers: dict[str, Ed25519PrivateKey] = {}

    def __repr__(self) -> str:
        """Ids only."""
        return f"KeyRing({', '.join(self._keys)})"

    @classmethod
    def create(
        cls,
        directory: Path,
        *,
        seal: Algorithm = Algorithm.AES_256_GCM,
        index: Algorithm = Algorithm.HMAC_SHA256,
    ) -> Self:
        """A new ring with one key of each use; a directory that already has keys is left alone.

        Raises KeyFileUnsafe when there are keys already: they would open nothing of the old ring.
        """
        make_directory(directory)
        if any(directory.glob("*.json")):
            raise KeyFileUnsafe(_("密钥目录里已经有密钥，不会覆盖；如需换新，请用轮换。"))
        ring = cls(directory, ())
        ring.rotate(KeyUse.SEAL, seal)
        ring.rotate(KeyUse.INDEX, index)
        ring.rotate(KeyUse.SIGN, Algorithm.ED25519)
        ring.rotate(KeyUse.FIELD, Algorithm.ECDH_P256)
        return ring

    @classmethod
    def load(cls, directory: Path) -> Self:
        """The ring as it stands on disk; raises KeyMissing or KeyFileUnsafe."""
        ring = cls(directory, read_keys(directory))
        for use in KeyUse:
            if use is not KeyUse.FIELD:  # rings of before offline work get theirs when it begins
                ring._primary(use)
        return ring

    def reload(self) -> None:
        """Take up keys that another process added or retired."""
        self._seen_at = _settled(_changed_at(self._directory))
        self._keys = {key.id: key for key in read_keys(self._directory)}
        self._in_order.clear()
        self._ciphers.clear()
        self._signers.clear()

    def rotate(self, use: KeyUse = KeyUse.SEAL, algorithm: Algorithm | None = None) -> str:
        """A new key takes over writing; the old ones keep reading. Returns the new key's id.

        Without an algorithm, that of the present key stays. After rotating the index key, every
        blind index has to be written again; until then ask for all of `blind_indexes`.
        """
        chosen = algorithm or self._primary(use).algorithm
        if chosen not in ALGORITHMS[use]:
            raise ValueError(f"{chosen} is not an algorithm for {use}")
        serial = 1 + max((key.serial for key in self._keys.values()), default=0)
        key = new_key(use, chosen, serial=serial, created=datetime.now(UTC))
        while key.id in self._keys:
            key = replace(key, id=secrets.token_hex(KEY_ID_BYTES))
        write_key(self._directory, key)
        self._keys[key.id] = key
        self._in_order.clear()
        return key.id

    def retire(self, key_id: str) -> None:
        """A key that nothing is sealed with any more stops reading; its file stays.

        Raises KeyMissing for an unknown id and ValueError for the key that writes.
        """
        key = self._keys.get(key_id)
        if key is None:
            raise KeyMissing(f"{_('没有这把密钥：')}{key_id}")
        if key.state is KeyState.ACTIVE and self._primary(key.use).id == key_id:
            raise ValueError(_("这把密钥正在使用，请先轮换出新密钥，再停用它。"))
        retired = replace(key, state=KeyState.RETIRED)
        write_key(self._directory, retired)
        self._keys[key_id] = retired
        self._in_order.clear()
        self._ciphers.pop(key_id, None)
        self._signers.pop(key_id, None)

    def primary_id(self, use: KeyUse = KeyUse.SEAL) -> str:
        """The id of the key that writes."""
        return self._primary(use).id

    # -- sealed fields ---------------------------------------------------------------------

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """A field is sealed for one place only: `context` is "table.column.row"."""
        key = self._primary(KeyUse.SEAL)
        header = bytes((_VERSION, _ALGORITHM_NUMBERS[key.algorithm])) + bytes.fromhex(key.id)
        nonce = secrets.token_bytes(NONCE_BYTES)
        body = self._cipher(key).encrypt(nonce, plain, _vouched(header, context))
        return header + nonce + body

    def open_sealed(self, sealed: bytes, *, context: str) -> bytes:
        """The plain bytes of a value sealed for this context.

        Raises KeyMissing when its key is gone or retired, SealBroken when anything was changed.
        """
        key = self._key_of_sealed(sealed)
        header, nonce = sealed[: 2 + KEY_ID_BYTES], sealed[2 + KEY_ID_BYTES : _HEADER_BYTES]
        if sealed[1] != _ALGORITHM_NUMBERS.get(key.algorithm):
            raise _seal_broken()
        try:
            return self._cipher(key).decrypt(
                nonce, sealed[_HEADER_BYTES:], _vouched(header, context)
            )
        except InvalidTag as changed:
            raise _seal_broken() from changed

    def is_sealed_with_primary(self, sealed: bytes) -> bool:
        """False means: seal it again the next time it is written, or in the rotation job."""
        return sealed_key_id(sealed) == self._primary(KeyUse.SEAL).id

    # -- blind indexes ---------------------------------------------------------------------

    def blind_index(self, value: str, *, purpose: str) -> bytes:
        """Equal values are found without being read; `purpose` keeps columns from being joined.

        The caller brings the value to its one form first. 16 bytes.
        """
        return _blind_index(self._primary(KeyUse.INDEX), value, purpose)

    def blind_indexes(self, value: str, *, purpose: str) -> tuple[bytes, ...]:
        """The index under every active key, newest first, for searching while a rotation runs."""
        return tuple(_blind_index(key, value, purpose) for key in self._active(KeyUse.INDEX))

    # -- signatures ------------------------------------------------------------------------

    def sign(self, statement: bytes) -> bytes:
        """An Ed25519 signature (64 bytes, RFC 8032) of "guiyan statement v1", NUL and statement."""
        return self._signer(self._primary(KeyUse.SIGN)).sign(_STATEMENT + statement)

    def verify(self, statement: bytes, signature: bytes) -> bool:
        """True when any active key of this ring signed the statement."""
        return verify_with(self.public_keys().values(), statement, signature)

    def public_keys(self) -> dict[str, bytes]:
        """Key id and raw public key (32 bytes) of every active signing key, newest first."""
        return {
            key.id: self._signer(key).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            for key in self._active(KeyUse.SIGN)
        }

    def public_key_pem(self) -> str:
        """The public key that others check our signatures with, as PEM."""
        public = self._signer(self._primary(KeyUse.SIGN)).public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")

    def sign_token(self, payload: bytes) -> str:
        """A short text for a QR code that carries the payload openly and proves that it is ours."""
        signature = self._signer(self._primary(KeyUse.SIGN)).sign(_TOKEN + payload)
        return base64.urlsafe_b64encode(signature + payload).decode("ascii").rstrip("=")

    def read_token(self, token: str) -> bytes:
        """The payload of a token of this ring; raises TokenBroken for anything else."""
        return read_token_with(self.public_keys().values(), token)

    # -- boxes sealed on phones ------------------------------------------------------------

    def field_key(self) -> tuple[str, bytes]:
        """Id and public point (65 bytes) of the key to which phones seal; made when there is none."""
        if not self._active(KeyUse.FIELD):
            self.rotate(KeyUse.FIELD, Algorithm.ECDH_P256)
        key = self._primary(KeyUse.FIELD)
        return key.id, public_point(key.secret)

    def open_box(self, box: str, *, context: str) -> bytes:
        """What a phone sealed; raises KeyMissing when its key has been retired, BoxBroken."""
        key_id = key_id_of(box)
        for key in self._active(KeyUse.FIELD):
            if key.id == key_id:
                return open_box(box, secret=key.secret, context=context)
        raise KeyMissing(key_id[:16])

    # -- keys ------------------------------------------------------------------------------

    def _active(self, use: KeyUse) -> list[Key]:
        if _changed_at(self._directory) not in (self._seen_at, None):
            self.reload()
        if use not in self._in_order:
            active = (k for k in self._keys.values() if k.use is use and k.state is KeyState.ACTIVE)
            newest_first = sorted(active, key=lambda key: (key.serial, key.id), reverse=True)
            self._in_order[use] = newest_first
        return self._in_order[use]

    def _primary(self, use: KeyUse) -> Key:
        active = self._active(use)
        if not active:
            raise KeyMissing(f"{_('缺少密钥，请从备份恢复密钥目录。用途：')}{use}")
        return active[0]

    def _key_of_sealed(self, sealed: bytes) -> Key:
        key_id = sealed_key_id(sealed)
        if key_id not in self._keys:  # another process may have rotated since we started
            self.reload()
        key = self._keys.get(key_id)
        if key is None or key.use is not KeyUse.SEAL or key.state is KeyState.RETIRED:
            raise KeyMissing(f"{_('打开这个值的密钥不在或已停用，请从备份恢复密钥：')}{key_id}")
        return key

    def _cipher(self, key: Key) -> AuthenticatedCipher:
        if key.id not in self._ciphers:
            self._ciphers[key.id] = cipher_of(key)
        return self._ciphers[key.id]

    def _signer(self, key: Key) -> Ed25519PrivateKey:
        if key.id not in self._signers:
            self._signers[key.id] = Ed25519PrivateKey.from_private_bytes(key.secret)
        return self._signers[key.id]


def _changed_at(directory: Path) -> int | None:
    """When a key file last came or went (ns); None without a directory: the ring stays as it is."""
    try:
        return os.stat(directory).st_mtime_ns  # not Path.stat: asked at each use of a key
    except FileNotFoundError:
        return None


def _settled(changed_at: int | None) -> int | None:
    """A change of this very second is not held for seen: the clock of files is coarse, and a
    second change could bear the same time."""
    is_fresh = changed_at is not None and time.time_ns() - changed_at < SECOND_NS
    return None if is_fresh else changed_at


def sealed_key_id(sealed: bytes) -> str:
    """The id of the key that a value is sealed with; raises SealBroken for what is not sealed."""
    if len(sealed) < _HEADER_BYTES + TAG_BYTES or sealed[0] != _VERSION:
        raise _seal_broken()
    return sealed[2 : 2 + KEY_ID_BYTES].hex()


def verify_with(public_keys: Iterable[bytes], statement: bytes, signature: bytes) -> bool:
    """True when one of these raw public keys signed the statement; needs no key ring."""
    return any(_has_signed(key, _STATEMENT + statement, signature) for key in public_keys)


def read_token_with(public_keys: Iterable[bytes], token: str) -> bytes:
    """The payload of a token signed by one of these raw public keys; raises TokenBroken."""
    broken = TokenBroken(_("这个码不是本系统出具的，或已被改动，请核对来源。"))
    if not re.fullmatch(r"[A-Za-z0-9_-]+", token):
        raise broken
    try:
        content = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError) as unreadable:
        raise broken from unreadable
    signature, payload = content[:SIGNATURE_BYTES], content[SIGNATURE_BYTES:]
    # One payload has one spelling: spare bits of the last character must be zero.
    is_canonical = base64.urlsafe_b64encode(content).decode("ascii").rstrip("=") == token
    if is_canonical and any(_has_signed(key, _TOKEN + payload, signature) for key in public_keys):
        return payload
    raise broken


def _has_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _vouched(header: bytes, context: str) -> bytes:
    if not context:
        raise ValueError("A sealed value needs a context: table.column.row")
    return header + context.encode()


def _blind_index(key: Key, value: str, purpose: str) -> bytes:
    if not purpose or "\x00" in purpose:
        raise ValueError("A blind index needs a purpose without NUL")
    return _keyed_digest(key, purpose.encode() + b"\x00" + value.encode())[:BLIND_INDEX_BYTES]


def _seal_broken() -> SealBroken:
    return SealBroken(_("加密的内容已被改动或放错了位置，请从备份恢复这一条。"))
