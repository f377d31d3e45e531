"""Members sign in with a code to their own phone: asking for one, and using it.

The page, its words and its work are the same whether a number belongs to a member or to nobody
(F39): a row is written either way, and only a number that stands once, as the member's own, gets
a code that can be used. A relative's or shared number never signs in (design § 7.6).
"""

import hmac
import secrets
from dataclasses import dataclass
from typing import cast
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F, Q

from guiyan.access import rules
from guiyan.access.delivery import deliver_code
from guiyan.access.models import MemberCode
from guiyan.access.types import PHONE_INDEX_PURPOSE
from guiyan.kernel.phones import Phone
from guiyan.platform import audit, clock, limits
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission

_CODE_PURPOSE = "access_membercode.code_hash"


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser's own proof that this member has lately signed in with it."""

    member_id: UUID
    device: str


def ask_for_code(
    *,
    phone: Phone,
    address: str,
    earlier: UUID | None = None,
    known: KnownBrowser | None = None,
) -> UUID:
    """Send a code if the number is one member's own; the answer is an id either way.

    At most one in 60 seconds and five a day for a number, three of them for one address, twenty
    an hour for an address (F37); the member's own browser has a count of its own, so that nobody
    can use up another's day from afar. Beyond that nothing is sent and the answer is the same.
    `earlier` is what the same browser was answered before: asked again too soon for the same
    number, it stays good.
    """
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    with transaction.atomic():
        blinds = key_ring().blind_indexes(phone.normal, purpose=PHONE_INDEX_PURPOSE)
        member_id = _member_by_phone(blinds) if phone.kind == "mobile" else None
        is_own_browser = known is not None and known.member_id == member_id
        if known is not None and is_own_browser:
            is_free = _take_each("code-browser", known.device, rules.CODES_PER_KNOWN_BROWSER)
        else:
            is_free = _is_free(blinds[0].hex(), address)
        if not is_free and _is_open_for(earlier, blinds):
            return cast(UUID, earlier)
        row = MemberCode(
            id=uuid4(),
            phone_blind=blinds[0],
            member_id=member_id if is_free else None,
            expires_at=clock.now() + rules.CODE_LASTS,
        )
        row.code_hash = _hash_of(row.id, code)
        row.save(force_insert=True)
        if row.member_id is not None:
            deliver_code(phone.normal, code)
    return row.id


def use_code(*, code_id: UUID, code: str) -> UUID | None:
    """The member whose code this is; None when it is wrong, late, used, or tried five times.

    One success at most under any number of parallel tries: each try is counted by an update that
    locks the row, and the row is used by a second one that only an unused row lets through (F42).
    """
    digits = "".join(code.split())
    with transaction.atomic():
        still_open = MemberCode.objects.filter(
            id=code_id, used_at__isnull=True, expires_at__gt=clock.now()
        )
        counted = still_open.filter(tries__lt=rules.CODE_TRIES).update(tries=F("tries") + 1)
        row = MemberCode.objects.filter(id=code_id).first() if counted else None
        if row is None:
            return None
        if not _is_code(row, digits):
            return None
        if row.member_id is None or not still_open.update(used_at=clock.now()):
            return None
        audit.record(
            Actor.member(row.member_id, name_of_member(row.member_id) or ""),
            "access.member_sign_in",
            subject_kind="member",
        )
        return row.member_id


def name_of_member(member_id: UUID) -> str | None:
    """The name in the file; None when the file is gone or was merged into another one."""
    with connection.cursor() as cursor:
        cursor.execute("select access_member_name(%s)", [member_id])
        (name,) = cursor.fetchone()
    return str(name) if name is not None else None


@command(Permission.CHANGE_MEMBERS)
def allow_more_codes(*, by: Actor, member_id: UUID, blinds: tuple[bytes, ...], reason: str) -> None:
    """At the desk, for the person who stands there: the number's day begins anew.

    The code itself goes to the member's phone only, never to the clerk.
    """
    for blind in blinds:
        for position in range(len(rules.CODES_PER_NUMBER)):
            limits.give_back(f"code-number-{position}", blind.hex())
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)


def _is_free(number: str, address: str) -> bool:
    """The address first: one that asks too much can't use up the day of other people's numbers."""
    return (
        _take_each("code-address", address, (rules.CODES_PER_ADDRESS,))
        and _take_each("code-pair", f"{number} {address}", (rules.CODES_PER_NUMBER_AND_ADDRESS,))
        and _take_each("code-number", number, rules.CODES_PER_NUMBER)
    )


def _take_each(what: str, who: str, several: tuple[rules.Limit, ...]) -> bool:
    return all(
        limits.take(f"{what}-{position}", who, limit=limit.times, per=limit.per)
        for position, limit in enumerate(several)
    )


def _is_open_for(code_id: UUID | None, blinds: tuple[bytes, ...]) -> bool:
    return MemberCode.objects.filter(
        Q(id=code_id), phone_blind__in=blinds, used_at__isnull=True, expires_at__gt=clock.now()
    ).exists()


def _member_by_phone(blinds: tuple[bytes, ...]) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("select access_member_by_phone(%s)", [list(blinds)])
        (member_id,) = cursor.fetchone()
    return member_id if isinstance(member_id, UUID) else None


def _is_code(row: MemberCode, code: str) -> bool:
    """Under any active key: keys may turn while the code is on its way."""
    hashes = key_ring().blind_indexes(f"{row.id}\n{code}", purpose=_CODE_PURPOSE)
    return sum(hmac.compare_digest(bytes(row.code_hash), each) for each in hashes) > 0


def _hash_of(code_id: UUID, code: str) -> bytes:
    """Keyed, since a million codes are tried in a second otherwise; bound to the row."""
    return key_ring().blind_index(f"{code_id}\n{code}", purpose=_CODE_PURPOSE)
