"""Phones that work without a line: each is signed in by a token of its own (issue 3, "Sync protocol").

A token says who and at which organisation; what these may do is read anew at each call, so a role
taken away or a phone reported lost counts at once. Only a keyed hash of the token is stored.
"""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Q

from guiyan.access.models import Account, Grant, Handset
from guiyan.access.roles import permissions_of
from guiyan.kernel.findings import gettext_noop as _
from guiyan.orgs import queries as orgs
from guiyan.platform import audit, clock
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission

LASTS = timedelta(days=21)  # issue 3: three weeks without a line
SEEN_EVERY = timedelta(seconds=60)
MOST_AT_ONCE = 5
POINT_BYTES = 65  # an uncompressed point of P-256
_PURPOSE = "handset-token"

Standing = Literal["live", "revoked", "expired", "without_role"]


@dataclass(frozen=True, slots=True)
class HandsetFacts:
    """A phone as its owner and the administrators see it."""

    id: UUID
    account_id: UUID
    account_name: str
    organisation_id: UUID
    path: str
    description: str
    issued_at: datetime
    seen_at: datetime
    revoked_at: datetime | None
    public_key: bytes
    revoked_by: str = ""

    @property
    def ends_at(self) -> datetime:
        return self.seen_at + LASTS

    @property
    def is_in_use(self) -> bool:
        return self.revoked_at is None and clock.now() < self.ends_at


@dataclass(frozen=True, slots=True)
class IssuedHandset:
    """The token is shown to the phone this once and kept nowhere."""

    facts: HandsetFacts
    token: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever holds a phone's token. Unless the phone is live, its actor may do nothing."""

    handset: HandsetFacts
    standing: Standing
    actor: Actor


def is_field_worker(actor: Actor) -> bool:
    return actor.may(Permission.CANVASS) or actor.may(Permission.RECORD_CONTACT)


@command(None)
def issue_handset(*, by: Actor, description: str, public_key: bytes = b"") -> IssuedHandset:
    """A phone is signed in by its signed-in holder, who canvasses or keeps in touch.

    It stands for the organisation that they act for now. Raises Refused: too-many, public-key.
    """
    if not (by.is_staff and is_field_worker(by) and by.account_id and by.organisation_id):
        raise Forbidden("access.issue_handset")
    if public_key and not (len(public_key) == POINT_BYTES and public_key[0] == 4):
        raise Refused("public-key", _("手机的公钥写法不对，应是65字节的P-256点。"))
    # The account's row is locked, so that two phones at once can't slip past the number allowed.
    Account.objects.select_for_update().get(id=by.account_id)
    own = Handset.objects.filter(Q(account_id=by.account_id), revoked_at__isnull=True)
    if own.filter(seen_at__gt=clock.now() - LASTS).count() >= MOST_AT_ONCE:
        raise Refused(
            "too-many", _("您已有5台手机在用离线工具。请先在“我的账号”里注销不用的手机。")
        )
    token = secrets.token_urlsafe(32)
    handset = Handset.objects.create(
        account_id=by.account_id,
        organisation_id=by.organisation_id,
        path=by.path,
        token_hash=_hash(token),
        public_key=public_key,
        description=description[:120],
        seen_at=clock.now(),
    )
    audit.note(subject_kind="handset", subject_id=handset.id)
    return IssuedHandset(_facts(handset), token)


@command(None)
def revoke_handset(*, by: Actor, handset_id: UUID) -> None:
    """One's own phone is out at its next call; what it still sends waits for a person."""
    if not by.is_staff:
        raise Forbidden("access.revoke_handset")
    _revoke(by, Handset.objects.filter(Q(account_id=by.account_id), id=handset_id).first())


@command(Permission.ADMINISTER_ACCOUNTS)
def revoke_handset_of(*, by: Actor, account_id: UUID, handset_id: UUID) -> None:
    """A phone that was lost or stolen, ended by the administrator of accounts."""
    handset = Handset.objects.filter(id=handset_id, account_id=account_id).first()
    _revoke(by, handset if handset and by.scope.covers(handset.path) else None)


@command(Permission.MANAGE_CENSUS)
def revoke_field_handset(*, by: Actor, handset_id: UUID, workers: Collection[UUID]) -> None:
    """A phone of the field that was lost, ended by who answers for the work on it: `workers` are the
    accounts that go for them, as field knows. What the phone still sends waits for a person."""
    handset = Handset.objects.filter(id=handset_id).first()
    is_theirs = handset and handset.account_id in workers and by.scope.covers(handset.path)
    _revoke(by, handset if is_theirs else None)


def revoked_among(actor: Actor, handset_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these phones are out, for a list of phones that the actor has got already."""
    rows = Handset.objects.filter(id__in=list(handset_ids), revoked_at__isnull=False)
    return set(rows.values_list("id", flat=True))


def revoke_all(by: Actor, account_id: UUID) -> None:
    """With a reset or a closing: whoever has one of the person's phones is out with it."""
    for handset in Handset.objects.filter(account_id=account_id, revoked_at__isnull=True):
        _revoke(by, handset)


def _revoke(by: Actor, handset: Handset | None) -> None:
    if handset is None:
        raise NotFound("handset")
    if handset.revoked_at is None:
        handset.revoked_at = clock.now()
        handset.revoked_by = by.name
        handset.save(update_fields=["revoked_at", "revoked_by"])
    audit.note(subject_kind="handset", subject_id=handset.id)


def handsets_of(actor: Actor) -> list[HandsetFacts]:
    """One's own phones that are in use, the last used first. One query."""
    return _in_use(Q(account_id=actor.account_id))


def handsets_of_account(actor: Actor, account_id: UUID) -> list[HandsetFacts]:
    """For the administrator of accounts: phones of a person, in the actor's part of the tree."""
    scope = actor.scope
    return _in_use(Q(account_id=account_id, path__gte=scope.low, path__lt=scope.high))


def handset(handset_id: UUID) -> HandsetFacts:
    """One phone by its id; the caller has checked who asks. Raises NotFound."""
    found = Handset.objects.select_related("account").filter(id=handset_id).first()
    if found is None:
        raise NotFound(handset_id)
    return _facts(found)


def bearer_of(token: str) -> Bearer | None:
    """Who holds this token; None when no phone has it. At most three queries.

    Runs outside the request's transaction: these tables are unscoped.
    """
    hashes = key_ring().blind_indexes(token, purpose=_PURPOSE)
    found = Handset.objects.select_related("account").filter(token_hash__in=hashes).first()
    if found is None:
        return None
    facts = _facts(found)
    if not facts.is_in_use:
        standing: Standing = "revoked" if facts.revoked_at else "expired"
        return Bearer(facts, standing, Actor.public())
    if clock.now() - found.seen_at > SEEN_EVERY or bytes(found.token_hash) != hashes[0]:
        # Only the holder knows the token, so its hash follows a new key when it is used.
        Handset.objects.filter(id=found.id).update(seen_at=clock.now(), token_hash=hashes[0])
    actor = bearer_actor(facts)
    return Bearer(facts, "live" if actor else "without_role", actor or Actor.public())


def bearer_actor(facts: HandsetFacts) -> Actor | None:
    """What the phone's holder may do today at its organisation; None when nothing. Two queries."""
    today = clock.today()
    grants = Grant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        valid_from__lte=today,
        account_id=facts.account_id,
        account__is_active=True,
        organisation_id=facts.organisation_id,
    )
    roles = tuple(sorted(set(grants.values_list("role", flat=True))))
    if not roles:
        return None
    try:
        place = orgs.organisation(facts.organisation_id)
    except NotFound:
        return None
    if not place.is_open:
        return None
    return Actor(
        kind="staff",
        name=facts.account_name,
        today=today,
        account_id=facts.account_id,
        organisation_id=place.id,
        organisation_name=place.name,
        path=place.path,
        roles=roles,
        permissions=permissions_of(roles),
    )


def _in_use(whose: Q) -> list[HandsetFacts]:
    since = clock.now() - LASTS
    found = Handset.objects.filter(whose, revoked_at__isnull=True, seen_at__gt=since)
    return [_facts(one) for one in found.select_related("account").order_by("-seen_at")]


def _facts(found: Handset) -> HandsetFacts:
    return HandsetFacts(
        id=found.id,
        account_id=found.account_id,
        account_name=found.account.name,
        organisation_id=found.organisation_id,
        path=found.path,
        description=found.description,
        issued_at=found.issued_at,
        seen_at=found.seen_at,
        revoked_at=found.revoked_at,
        public_key=bytes(found.public_key),
        revoked_by=found.revoked_by,
    )


def _hash(token: str) -> bytes:
    return key_ring().blind_index(token, purpose=_PURPOSE)
