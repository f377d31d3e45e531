"""Codes of an authenticator app (RFC 6238): six digits, 30 seconds, one step of leeway each way."""

import hmac
from datetime import datetime
from uuid import UUID

import pyotp

STEP_S = 30
LEEWAY_STEPS = 1
ISSUER = "归雁"


def new_secret() -> str:
    """160 random bits in base32, as apps expect them."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, login: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def accepted_step(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """The step whose code this is, if it is near `at` and later than `after`, the last one taken.

    A code counts once (RFC 6238 § 5.2): the caller keeps the step and hands it in as `after`.
    """
    digits = "".join(code.split())
    now = int(at.timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    for step in range(now - LEEWAY_STEPS, now + LEEWAY_STEPS + 1):
        # Bytes, because compare_digest refuses text with anything but ASCII in it.
        expected = totp.at(step * STEP_S).encode()
        if hmac.compare_digest(expected, digits.encode()) and step > after:
            return step
    return None


def seal_context(account_id: UUID) -> str:
    return f"access_totpdevice.sealed_secret.{account_id}"
