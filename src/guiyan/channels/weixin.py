"""How WeChat and WeCom sign and encrypt what they call back with (their "WXBizMsgCrypt" scheme).

AES-256-CBC with key = base64(EncodingAESKey + "="), IV = its first 16 bytes, PKCS#7 to 32 bytes;
plain = 16 random bytes · length (4, big-endian) · message · receiver id. The signature is SHA-1
over the sorted token, timestamp, nonce and ciphertext. Pure: no clock, no framework.
Source: developer.work.weixin.qq.com/document/path/90968.
"""

import base64
import binascii
import hashlib
import hmac
import re
import struct
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
KEY_TEXT = re.compile(r"[A-Za-z0-9+/]{43}")
WITHIN_S = 300  # a call older or younger than this is a replay, or a clock that stands wrong


class Forged(Exception):
    """Not from the provider, not for us, or changed on the way."""


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def is_signed(given: str, *parts: str) -> bool:
    return hmac.compare_digest(signature(*parts).encode(), given.encode())


def is_fresh(timestamp: str, now_s: float) -> bool:
    return timestamp.isascii() and timestamp.isdigit() and abs(now_s - int(timestamp)) <= WITHIN_S


def encrypt(encoding_aes_key: str, message: str, receiver: str, *, random: bytes) -> str:
    text = message.encode()
    plain = random + struct.pack(">I", len(text)) + text + receiver.encode()
    more = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(encoding_aes_key).encryptor()
    sealed = encryptor.update(plain + bytes([more]) * more) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def decrypt(encoding_aes_key: str, encrypted: str, receiver: str) -> str:
    """The message; raises Forged for anything that is not one for `receiver`."""
    try:
        sealed = base64.b64decode(encrypted, validate=True)
        decryptor = _cipher(encoding_aes_key).decryptor()
        plain = decryptor.update(sealed) + decryptor.finalize()
    except (binascii.Error, ValueError) as unreadable:
        raise Forged("cipher") from unreadable
    more = plain[-1] if plain else 0
    if not 1 <= more <= BLOCK or plain[-more:] != bytes([more]) * more:
        raise Forged("padding")
    body = plain[16:-more]
    length = int.from_bytes(body[:4], "big")
    if len(body) < 4 + length:
        raise Forged("length")
    message, whose = body[4 : 4 + length], body[4 + length :]
    if not hmac.compare_digest(whose, receiver.encode()):
        raise Forged("receiver")
    try:
        return message.decode()
    except UnicodeDecodeError as error:
        raise Forged("encoding") from error


def read_xml(text: str) -> ElementTree.Element:
    """An element of a provider's message. A document that declares anything is refused: these
    messages never do, and declarations are how XML is turned against its reader."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Forged("declaration")
    try:
        return ElementTree.fromstring(text)  # noqa: S314 - declarations are refused above
    except ElementTree.ParseError as error:
        raise Forged("xml") from error


def envelope(encrypted: str, signed: str, timestamp: str, nonce: str) -> str:
    return (
        f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
        f"<MsgSignature><![CDATA[{signed}]]></MsgSignature>"
        f"<TimeStamp>{escape(timestamp)}</TimeStamp><Nonce><![CDATA[{escape(nonce)}]]></Nonce></xml>"
    )


def _cipher(encoding_aes_key: str) -> "Cipher[modes.CBC]":
    if not KEY_TEXT.fullmatch(encoding_aes_key):
        raise Forged("key")
    # Its last character carries two spare bits, which providers' own examples do not keep zero.
    key = base64.b64decode(encoding_aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
