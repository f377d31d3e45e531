"""The code on a printed paper: what anybody may check who holds the paper, and nothing more."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from guiyan.flows.models import Letter
from guiyan.flows.types import VerifiedPaper
from guiyan.kernel.crypto import TokenBroken
from guiyan.platform.clock import today
from guiyan.platform.errors import NotFound
from guiyan.platform.keys import key_ring
from guiyan.platform.scope import beyond_scope

_USE = b"paper:"


def verify_url(letter_id: UUID) -> str:
    """The address in the paper's QR code; the signature stands for the right to ask."""
    token = key_ring().sign_token(_USE + letter_id.bytes)
    return settings.PUBLIC_URL + reverse("flows:verify", args=[token])


def verified_paper(token: str) -> VerifiedPaper:
    """Genuine, withdrawn or expired. Raises NotFound for a code that this site has not signed."""
    try:
        signed = key_ring().read_token(token)
    except TokenBroken as broken:
        raise NotFound("paper") from broken
    if not signed.startswith(_USE):
        raise NotFound("paper")
    with transaction.atomic(), beyond_scope("whoever holds the paper may ask whether it is real"):
        letter = (
            Letter.objects.select_related("case")
            .filter(id=UUID(bytes=signed.removeprefix(_USE)))
            .first()
        )
    if letter is None:
        raise NotFound("paper")
    return VerifiedPaper(
        standing=_standing(letter),
        kind=letter.kind,
        number=letter.number,
        issuer_name=letter.issuer_name,
        issued_on=letter.issued_on,
        valid_until=letter.valid_until,
        masked_name=mask_name(letter.case.member_name),
    )


def mask_name(name: str) -> str:
    """The first character, so that the holder can compare and nobody else learns a name."""
    return name[:1] + "*" * min(len(name) - 1, 3)


def _standing(letter: Letter) -> str:
    if letter.withdrawn_on is not None:
        return "withdrawn"
    if letter.valid_until is not None and letter.valid_until < today():
        return "expired"
    return "genuine"
