"""The algorithms under the seals: AES-256-GCM or SM4-GCM, HMAC with SHA-256 or SM3."""

import hmac as standard_hmac
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from guiyan.kernel.key_files import Algorithm, Key

NONCE_BYTES = 12
TAG_BYTES = 16


class AuthenticatedCipher(Protocol):
    """Encrypts and vouches for what stands beside the secret; raises InvalidTag."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class Sm4Gcm:
    """SM4 (GM/T 0002) in Galois counter mode (RFC 8998), in the shape of AESGCM."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """The ciphertext with its 16-byte tag behind it."""
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """The plaintext; raises InvalidTag when anything was changed."""
        if len(data) < TAG_BYTES:
            raise InvalidTag
        body, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(body) + decryptor.finalize()


def cipher_of(key: Key) -> AuthenticatedCipher:
    """The cipher of a sealing key; text meets only a working key derived from the stored one."""
    if key.algorithm is Algorithm.SM4_GCM:
        return Sm4Gcm(_derived(key, 16))
    return AESGCM(_derived(key, 32))


def keyed_digest(key: Key, message: bytes) -> bytes:
    """HMAC of the message under an index key, 32 bytes (RFC 2104; SM3: GM/T 0004)."""
    if key.algorithm is Algorithm.HMAC_SM3:
        digest = HMAC(key.secret, hashes.SM3())
        digest.update(message)
        return digest.finalize()
    return standard_hmac.digest(key.secret, message, "sha256")


def _derived(key: Key, length: int) -> bytes:
    label = f"guiyan seal {key.algorithm}".encode()
    return HKDF(hashes.SHA256(), length, salt=None, info=label).derive(key.secret)
