"""What is sealed on a phone for the server alone: P-256 ECDH, HKDF-SHA-256, AES-256-GCM.

The algorithms are those of WebCrypto, so a browser seals without a library. A box is a text of four
parts with dots between: key id (8 hex digits) · the phone's passing public point (65 bytes) · nonce
(12 bytes) · ciphertext with its tag; the last three in base64url without padding. The point is the
salt of the derivation, `INFO` its info, the context ("operation id|kind") is vouched for, so a box
that is moved to another operation does not open.
"""

import base64
import binascii
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

INFO = b"guiyan field box v1"
NONCE_BYTES = 12
POINT_BYTES = 65
KEY_ID_CHARACTERS = 8
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # SEC 2, § 2.4.2


class BoxBroken(Exception):
    """The text is no box, was changed, or was sealed for another operation."""


def key_id_of(box: str) -> str:
    """Which key opens this box; whatever stands before the first dot."""
    return box.partition(".")[0]


def box_of_bytes(raw: bytes) -> str:
    """A box whose parts came as bytes, one after the other: a third shorter on a thin line. Raises
    ValueError for what has not even a key's name."""
    point, nonce = KEY_ID_CHARACTERS + POINT_BYTES, KEY_ID_CHARACTERS + POINT_BYTES + NONCE_BYTES
    parts = raw[KEY_ID_CHARACTERS:point], raw[point:nonce], raw[nonce:]
    return ".".join((raw[:KEY_ID_CHARACTERS].decode("ascii"), *map(_text, parts)))


def public_point(secret: bytes) -> bytes:
    """The 65-byte point (uncompressed, SEC 1) that belongs to a 32-byte secret."""
    return _point(_private(secret).public_key())


def seal_box(plain: bytes, *, key_id: str, point: bytes, context: str) -> str:
    """What a phone does; here for the tests' client, the demo and hand-over files."""
    passing = generate_private_key(SECP256R1())
    server = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    own = _point(passing.public_key())
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = _cipher(passing.exchange(ECDH(), server), own)
    body = cipher.encrypt(nonce, plain, context.encode())
    return ".".join((key_id, _text(own), _text(nonce), _text(body)))


def open_box(box: str, *, secret: bytes, context: str) -> bytes:
    """The plain bytes; raises BoxBroken."""
    try:
        _, point, nonce, body = box.split(".")
        own = _bytes(point)
        passing = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), own)
        cipher = _cipher(_private(secret).exchange(ECDH(), passing), own)
        return cipher.decrypt(_bytes(nonce), _bytes(body), context.encode())
    except (ValueError, binascii.Error, InvalidTag) as wrong:
        raise BoxBroken("not a box for this place") from wrong


def has_signed(point: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the phone with this point signed: ECDSA, SHA-256, the 64 bytes r‖s of WebCrypto."""
    if len(signature) != 64 or len(point) != POINT_BYTES:
        return False
    parts = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
        public.verify(encode_dss_signature(*parts), message, ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=16)
def _private(secret: bytes) -> EllipticCurvePrivateKey:
    """Any 32 random bytes name a scalar between 1 and the order of the curve less one."""
    return derive_private_key(int.from_bytes(secret, "big") % (_ORDER - 1) + 1, SECP256R1())


def _cipher(shared: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, salt=salt, info=INFO).derive(shared))


def _point(public: EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
