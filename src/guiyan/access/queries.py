"""What is asked of access: who acts, who is of staff somewhere, which accounts an officer sees."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from guiyan.access import rules
from guiyan.access.models import (
    Account,
    DevelopmentMessage,
    Device,
    Elevation,
    Grant,
    GrantProposal,
    Passkey,
    TotpDevice,
)
from guiyan.access.roles import ROLES
from guiyan.access.sessions import actor_of
from guiyan.access.types import (
    AccountFacts,
    DeviceFacts,
    GrantFacts,
    PasskeyFacts,
    ProposalFacts,
    StaffFacts,
)
from guiyan.orgs import queries as orgs
from guiyan.platform import clock
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.permissions import Permission

__all__ = [
    "account_for",
    "account_id_of_login",
    "accounts_for",
    "actor_of",
    "asked_for",
    "development_messages",
    "devices_of",
    "elevation_ends_at",
    "grants_of",
    "not_active",
    "own_grants",
    "own_places",
    "passkeys_of",
    "paths_with_staff",
    "proposals_for",
    "staff_at",
]


def staff_at(path: str, permission: Permission) -> list[StaffFacts]:
    """Who holds this permission today at exactly this organisation. Two queries."""
    codes = [role.code for role in ROLES.values() if permission in role.permissions]
    held = (
        Grant.objects.filter(_holds_on(clock.today()), path=path, role__in=codes)
        .filter(account__is_active=True)
        .select_related("account")
        .order_by("account__name", "account_id", "role")
    )
    people: dict[UUID, list[Grant]] = {}
    for grant in held:
        people.setdefault(grant.account_id, []).append(grant)
    if not people:
        return []
    place = orgs.organisation(next(iter(people.values()))[0].organisation_id)
    return [
        StaffFacts(
            account_id=account_id,
            name=grants[0].account.name,
            organisation_id=place.id,
            organisation_name=place.name,
            roles=tuple(grant.role for grant in grants),
            languages=tuple(place.languages),
        )
        for account_id, grants in people.items()
    ]


def not_active(account_ids: Collection[UUID]) -> set[UUID]:
    """Those of the accounts that are closed: their people work here no longer. One query."""
    rows = Account.objects.filter(id__in=account_ids, is_active=False)
    return set(rows.values_list("id", flat=True))


def paths_with_staff(paths: Collection[str], permission: Permission) -> set[str]:
    """Of these organisations those at which somebody holds the permission today. One query."""
    codes = [role.code for role in ROLES.values() if permission in role.permissions]
    held = Grant.objects.filter(
        _holds_on(clock.today()), path__in=list(paths), role__in=codes, account__is_active=True
    )
    return set(held.values_list("path", flat=True))


def accounts_for(
    actor: Actor, *, text: str = "", only_stale: bool = False, limit: int = 200
) -> list[AccountFacts]:
    """Accounts with a grant, past or present, in the actor's part of the tree. Three queries."""
    now = clock.now()
    accounts = _visible(actor)
    if text:
        accounts = accounts.filter(Q(name__startswith=text) | Q(login__startswith=text.casefold()))
    if only_stale:
        before = now - rules.STALE_AFTER
        accounts = accounts.filter(is_active=True).filter(
            Q(last_signed_in_at__lt=before)
            | Q(last_signed_in_at__isnull=True, created_at__lt=before)
        )
    return [_facts(account, now, _names(account)) for account in accounts.order_by("login")[:limit]]


def account_for(actor: Actor, account_id: UUID) -> AccountFacts:
    """One account; NotFound when none of its grants lies in the actor's part of the tree."""
    account = _visible(actor).filter(id=account_id).first()
    if account is None:
        raise NotFound(account_id)
    places = orgs.organisations_by_id(grant.organisation_id for grant in account.grants.all())
    names = {place.id: place.name for place in places.values()}
    return _facts(account, clock.now(), names)


def account_id_of_login(login: str) -> UUID:
    """For the command line. Raises NotFound."""
    account = Account.objects.filter(login=rules.folded_login(login)).first()
    if account is None:
        raise NotFound(login)
    return account.id


def grants_of(account_id: UUID) -> list[GrantFacts]:
    """All grants of an account, past and future ones too, wherever they lie; for the rules."""
    return [grant_facts(grant) for grant in Grant.objects.filter(account_id=account_id)]


def asked_for(account_id: UUID) -> list[GrantFacts]:
    """Grants of an account that wait for a second person, wherever they lie; for the rules."""
    return [proposed_facts(wish) for wish in open_proposals().filter(account_id=account_id)]


def proposals_for(
    actor: Actor, *, account_id: UUID | None = None, limit: int = 50
) -> list[ProposalFacts]:
    """What waits for a second security administrator in the actor's part of the tree. Two queries."""
    if not actor.may(Permission.ADMINISTER_ACCOUNTS):
        return []
    scope = actor.scope
    wishes = open_proposals().filter(path__gte=scope.low, path__lt=scope.high)
    if account_id is not None:
        wishes = wishes.filter(account_id=account_id)
    listed = list(wishes.select_related("account").order_by("proposed_at", "id")[:limit])
    places = orgs.organisations_by_id(wish.organisation_id for wish in listed)
    return [
        ProposalFacts(
            id=wish.id,
            account_id=wish.account_id,
            account_name=wish.account.name,
            login=wish.account.login,
            role=wish.role,
            organisation_name=places[wish.organisation_id].name,
            valid_from=wish.valid_from,
            valid_to=wish.valid_to,
            proposed_by=wish.proposed_by,
            proposed_at=wish.proposed_at,
            reason=wish.reason,
            is_own=actor.account_id in (wish.proposed_by_id, wish.account_id),
        )
        for wish in listed
        if wish.organisation_id in places
    ]


def open_proposals() -> QuerySet[GrantProposal]:
    """A wish that nobody answered for two weeks has lapsed."""
    return GrantProposal.objects.filter(proposed_at__gt=clock.now() - rules.PROPOSAL_LASTS)


def proposed_facts(wish: GrantProposal) -> GrantFacts:
    return GrantFacts(
        role=wish.role,
        organisation_id=wish.organisation_id,
        path=wish.path,
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        id=wish.id,
        granted_by=wish.proposed_by,
        reason=wish.reason,
        awaits_second=True,
    )


def own_grants(actor: Actor) -> list[GrantFacts]:
    """What a person may act as today, with the organisations' names, in the tree's order."""
    held = list(
        Grant.objects.filter(_holds_on(clock.today()), Q(account_id=actor.account_id)).order_by(
            "path", "role"
        )
    )
    places = orgs.organisations_by_id(grant.organisation_id for grant in held)
    return [
        grant_facts(grant, places[grant.organisation_id].name)
        for grant in held
        if grant.organisation_id in places and places[grant.organisation_id].is_open
    ]


def own_places(account_id: UUID) -> list[UUID]:
    """The organisations at which an account holds a role today. One query."""
    held = Grant.objects.filter(_holds_on(clock.today()), account_id=account_id)
    return list(held.order_by("path").values_list("organisation_id", flat=True).distinct())


def devices_of(actor: Actor, session_key: str) -> list[DeviceFacts]:
    """The browsers in which this person is signed in, the last used first. One query."""
    whose = Q(account_id=actor.account_id) if actor.is_staff else Q(member_id=actor.member_id)
    devices = Device.objects.filter(whose, ended_at__isnull=True).order_by("-seen_at")
    return [
        DeviceFacts(
            id=device.id,
            description=device.description,
            signed_in_at=device.signed_in_at,
            seen_at=device.seen_at,
            is_this_one=device.session_key == session_key,
        )
        for device in devices
    ]


def passkeys_of(account_id: UUID) -> list[PasskeyFacts]:
    """One query."""
    return [
        PasskeyFacts(key.id, key.name, key.created_at, key.last_used_at)
        for key in Passkey.objects.filter(account_id=account_id).order_by("created_at")
    ]


def elevation_ends_at(actor: Actor) -> datetime | None:
    """When the present elevated session ends."""
    now = clock.now()
    return (
        Elevation.objects.filter(Q(account_id=actor.account_id), ended_at__isnull=True)
        .filter(Q(organisation_id=actor.organisation_id), started_at__lte=now, ends_at__gt=now)
        .values_list("ends_at", flat=True)
        .last()
    )


def development_messages(limit: int = 50) -> Sequence[DevelopmentMessage]:
    """What the demo would have sent, the latest first."""
    return list(DevelopmentMessage.objects.order_by("-id")[:limit])


def grant_facts(grant: Grant, organisation_name: str = "") -> GrantFacts:
    return GrantFacts(
        role=grant.role,
        organisation_id=grant.organisation_id,
        path=grant.path,
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
        id=grant.id,
        organisation_name=organisation_name,
        granted_by=grant.granted_by,
        reason=grant.reason,
    )


def _holds_on(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def _visible(actor: Actor) -> QuerySet[Account]:
    """Grants outside the actor's part of the tree are not shown, though they count in the rules."""
    scope = actor.scope
    below = Grant.objects.filter(path__gte=scope.low, path__lt=scope.high)
    asked = open_proposals().filter(path__gte=scope.low, path__lt=scope.high)
    return (
        Account.objects.filter(
            Exists(below.filter(account_id=OuterRef("id")))
            | Exists(asked.filter(account_id=OuterRef("id")))
        )
        .annotate(has_app=Exists(TotpDevice.objects.filter(account_id=OuterRef("id"))))
        .annotate(has_passkey=Exists(Passkey.objects.filter(account_id=OuterRef("id"))))
        .prefetch_related(Prefetch("grants", queryset=below.order_by("-valid_from", "path")))
    )


def _names(account: Account) -> dict[UUID, str]:
    """Lists show roles only; the account's own page adds the organisations."""
    return dict.fromkeys((grant.organisation_id for grant in account.grants.all()), "")


def _facts(account: Account, now: datetime, names: dict[UUID, str]) -> AccountFacts:
    grants: Iterable[Grant] = account.grants.all()
    return AccountFacts(
        id=account.id,
        login=account.login,
        name=account.name,
        is_active=account.is_active,
        is_locked=account.locked_until is not None and account.locked_until > now,
        is_stale=rules.is_stale(account.last_signed_in_at, account.created_at, now),
        has_second_factor=bool(account.has_app or account.has_passkey),  # type: ignore[attr-defined]
        created_at=account.created_at,
        last_signed_in_at=account.last_signed_in_at,
        grants=tuple(grant_facts(grant, names[grant.organisation_id]) for grant in grants),
    )
