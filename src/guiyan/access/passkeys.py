"""Passkeys (WebAuthn level 2): what the browser is asked, and whether its answer is good.

A challenge is signed, bound to one account and one use, lives five minutes and is taken once; so
asking for it writes nothing.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from django.conf import settings
from django.core import signing
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from guiyan.access.models import Account, Passkey
from guiyan.access.totp import ISSUER
from guiyan.platform import clock, limits

CHALLENGE_LASTS = timedelta(minutes=5)
Use = Literal["register", "sign-in"]
_SALT = "guiyan.access.passkey"


@dataclass(frozen=True, slots=True)
class Question:
    """What the page hands to the browser, and the signed challenge that comes back with it."""

    options: str
    challenge: str


def relying_party() -> str:
    """The host that passkeys are bound to. Browsers allow names only, no bare addresses."""
    return urlsplit(settings.PUBLIC_URL).hostname or ""


def ask_to_register(account: Account) -> Question:
    """Options for `navigator.credentials.create`."""
    challenge = secrets.token_bytes(32)
    options = webauthn.generate_registration_options(
        rp_id=relying_party(),
        rp_name=ISSUER,
        user_id=account.id.bytes,
        user_name=account.login,
        user_display_name=account.name,
        challenge=challenge,
        exclude_credentials=_descriptors(account),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return Question(webauthn.options_to_json(options), _signed(challenge, account.id, "register"))


def ask_to_sign_in(account: Account) -> Question | None:
    """Options for `navigator.credentials.get`; None when the account has no passkey."""
    allowed = _descriptors(account)
    if not allowed:
        return None
    challenge = secrets.token_bytes(32)
    options = webauthn.generate_authentication_options(
        rp_id=relying_party(), challenge=challenge, allow_credentials=allowed
    )
    return Question(webauthn.options_to_json(options), _signed(challenge, account.id, "sign-in"))


def register(account: Account, *, credential: str, challenge: str, name: str) -> Passkey | None:
    """Keep a new passkey when the browser's answer is good; None otherwise."""
    expected = _taken(challenge, account.id, "register")
    if expected is None:
        return None
    try:
        made = webauthn.verify_registration_response(
            credential=_read(credential),
            expected_challenge=expected,
            expected_rp_id=relying_party(),
            expected_origin=settings.PUBLIC_URL,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    if Passkey.objects.filter(credential_id=made.credential_id).exists():
        return None
    return Passkey.objects.create(
        account=account,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name.strip()[:60] or ISSUER,
    )


def is_good(account: Account, *, credential: str, challenge: str) -> bool:
    """Whether one of the account's passkeys signed this challenge; its counter may not go back."""
    expected = _taken(challenge, account.id, "sign-in")
    if expected is None:
        return False
    try:
        answer = _read(credential)
        raw_id = webauthn.base64url_to_bytes(str(answer["rawId"]))
        passkey = account.passkeys.select_for_update().filter(credential_id=raw_id).first()
        if passkey is None:
            return False
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=expected,
            expected_rp_id=relying_party(),
            expected_origin=settings.PUBLIC_URL,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return False
    passkey.sign_count = verified.new_sign_count
    passkey.last_used_at = clock.now()
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return True


def _descriptors(account: Account) -> list[PublicKeyCredentialDescriptor]:
    ids = account.passkeys.values_list("credential_id", flat=True)
    return [PublicKeyCredentialDescriptor(id=bytes(credential_id)) for credential_id in ids]


def _signed(challenge: bytes, account_id: UUID, use: Use) -> str:
    return signing.dumps([challenge.hex(), str(account_id), use], salt=_SALT)


def _taken(signed: str, account_id: UUID, use: Use) -> bytes | None:
    try:
        challenge, whose, for_what = signing.loads(signed, salt=_SALT, max_age=CHALLENGE_LASTS)
    except signing.BadSignature:
        return None
    if (whose, for_what) != (str(account_id), use):
        return None
    if not limits.take("passkey-challenge", challenge, limit=1, per=CHALLENGE_LASTS * 2):
        return None
    return bytes.fromhex(challenge)


def _read(credential: str) -> dict[str, Any]:
    answer = json.loads(credential)
    if not isinstance(answer, dict):
        raise TypeError("a credential is an object")
    return answer
