"""Keys on disk: one file a key, readable by its owner only, never half written."""

import base64
import binascii
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from guiyan.kernel.findings import gettext_noop as _

KEY_BYTES = 32
KEY_ID_BYTES = 4


class KeyUse(StrEnum):
    """What a key is for; a key is never used for two things."""

    SEAL = "seal"
    INDEX = "index"
    SIGN = "sign"
    FIELD = "field"  # what is typed at a door is sealed to it, and opened only by the server


class KeyState(StrEnum):
    """An active key reads; the newest active one of its use also writes; a retired one rests."""

    ACTIVE = "active"
    RETIRED = "retired"


class Algorithm(StrEnum):
    """International algorithms by default, the national ones (GM/T 0002, GM/T 0004) by choice."""

    AES_256_GCM = "aes-256-gcm"
    SM4_GCM = "sm4-gcm"
    HMAC_SHA256 = "hmac-sha256"
    HMAC_SM3 = "hmac-sm3"
    ED25519 = "ed25519"
    ECDH_P256 = "ecdh-p256"


ALGORITHMS = {
    KeyUse.SEAL: (Algorithm.AES_256_GCM, Algorithm.SM4_GCM),
    KeyUse.INDEX: (Algorithm.HMAC_SHA256, Algorithm.HMAC_SM3),
    KeyUse.SIGN: (Algorithm.ED25519,),
    KeyUse.FIELD: (Algorithm.ECDH_P256,),
}


class KeyMissing(Exception):
    """The key that is needed is not in the key directory, or is retired."""


class KeyFileUnsafe(Exception):
    """A key file or its directory can be read by others, or cannot be understood."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key; its secret never shows in a traceback."""

    id: str
    use: KeyUse
    algorithm: Algorithm
    serial: int
    created: datetime
    state: KeyState
    secret: bytes = field(repr=False)


def new_key(use: KeyUse, algorithm: Algorithm, *, serial: int, created: datetime) -> Key:
    """A random key of 256 bits, whatever it is for."""
    return Key(
        id=secrets.token_hex(KEY_ID_BYTES),
        use=use,
        algorithm=algorithm,
        serial=serial,
        created=created,
        state=KeyState.ACTIVE,
        secret=secrets.token_bytes(KEY_BYTES),
    )


def make_directory(directory: Path) -> None:
    """The directory is the owner's alone (0700)."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)


def write_key(directory: Path, key: Key) -> None:
    """A key file appears whole or not at all, mode 0600, and is on the disk when this returns."""
    content = json.dumps(
        {
            "id": key.id,
            "use": key.use,
            "algorithm": key.algorithm,
            "serial": key.serial,
            "created": key.created.isoformat(),
            "state": key.state,
            "key": base64.b64encode(key.secret).decode("ascii"),
        },
        indent=1,
    ).encode()
    unfinished = directory / f".{key.id}.{secrets.token_hex(4)}"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(directory / f"{key.id}.json")
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _sync(directory)


def read_keys(directory: Path) -> Iterator[Key]:
    """Every key of the directory; files that group or others may read are refused.

    Raises KeyMissing without a directory, KeyFileUnsafe for a wrong mode or a broken file.
    """
    if not directory.is_dir():
        raise KeyMissing(_("没有密钥目录；请先创建密钥，或检查密钥目录的设置。"))
    _refuse_readable_by_others(directory, "chmod 700")
    for path in sorted(directory.glob("*.json")):
        _refuse_readable_by_others(path, "chmod 600")
        yield _key_of(path)


def _refuse_readable_by_others(path: Path, remedy: str) -> None:
    if path.stat().st_mode & 0o077:
        raise KeyFileUnsafe(f"{_('密钥可被其他用户读取，请执行：')}{remedy} {path}")


def _key_of(path: Path) -> Key:
    try:
        fields = json.loads(path.read_bytes())
        key = Key(
            id=str(fields["id"]),
            use=KeyUse(fields["use"]),
            algorithm=Algorithm(fields["algorithm"]),
            serial=int(fields["serial"]),
            created=datetime.fromisoformat(fields["created"]),
            state=KeyState(fields["state"]),
            secret=base64.b64decode(fields["key"], validate=True),
        )
    except (ValueError, KeyError, TypeError, binascii.Error) as broken:
        raise KeyFileUnsafe(f"{_('密钥文件已损坏，请从备份恢复：')}{path}") from broken
    is_whole = (
        path.stem == key.id
        and len(bytes.fromhex(key.id)) == KEY_ID_BYTES
        and len(key.secret) == KEY_BYTES
        and key.algorithm in ALGORITHMS[key.use]
    )
    if not is_whole:
        raise KeyFileUnsafe(f"{_('密钥文件内容不一致，请从备份恢复：')}{path}")
    return key


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
