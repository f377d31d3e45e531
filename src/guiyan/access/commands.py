"""Commands of access: accounts and grants, elevated sessions, and one's own devices."""

import secrets
from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from guiyan.access import granting, handsets, queries, rules, sessions
from guiyan.access.granting import confirm_grant, decline_grant, end_grant, grant_role
from guiyan.access.member_codes import allow_more_codes
from guiyan.access.models import Account, Device, Elevation, Passkey, TotpDevice
from guiyan.access.queries import account_for, grants_of
from guiyan.access.signing_in import keep_totp_secret
from guiyan.access.types import AccountFacts, OpenedAccount
from guiyan.platform import audit, clock
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, NotFound, Refused, refuse
from guiyan.platform.permissions import Permission

__all__ = [
    "allow_more_codes",
    "begin_elevation",
    "close_account",
    "confirm_grant",
    "create_account",
    "decline_grant",
    "end_device",
    "end_elevation",
    "end_grant",
    "end_member_devices",
    "grant_role",
    "open_account",
    "provision_sign_in",
    "reopen_account",
    "reset_sign_in",
    "unlock_account",
]

# No signs that are mistaken for one another when a password is read from paper.
_PASSWORD_SIGNS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105


def new_password() -> str:
    """An initial password: four groups of four, 92 bits."""
    return "-".join("".join(secrets.choice(_PASSWORD_SIGNS) for _ in range(4)) for _ in range(4))


@command(Permission.ADMINISTER_ACCOUNTS)
def create_account(*, by: Actor, login: str, name: str, password: str) -> UUID:
    """An account is one person's; its initial password is changed at the first sign-in (8.1.4.1).

    It may do nothing until a role is granted. Raises Refused: login, login-taken, name.
    """
    login, name = rules.folded_login(login), name.strip()
    refuse(rules.may_have_login(login))
    refuse(rules.may_have_name(name))
    try:
        with transaction.atomic():
            account = Account.objects.create(
                login=login, name=name, password=make_password(password)
            )
    except IntegrityError as error:
        raise Refused(rules.LOGIN_TAKEN.code, rules.LOGIN_TAKEN.message) from error
    audit.note(subject_kind="account", subject_id=account.id)
    return account.id


@command(Permission.ADMINISTER_ACCOUNTS)
def open_account(
    *,
    by: Actor,
    login: str,
    name: str,
    role: str,
    organisation_id: UUID,
    valid_from: date,
    valid_to: date | None = None,
    reason: str = "",
) -> OpenedAccount:
    """A new person of staff: account, first role and initial password in one act."""
    password = new_password()
    account_id = create_account(by=by, login=login, name=name, password=password)
    grant = grant_role(
        by=by,
        account_id=account_id,
        role=role,
        organisation_id=organisation_id,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
    )
    audit.note(subject_kind="account", subject_id=account_id)
    return OpenedAccount(
        account_id,
        rules.folded_login(login),
        name.strip(),
        password,
        awaits_second=grant.awaits_second,
    )


@command(Permission.ADMINISTER_ACCOUNTS)
def reset_sign_in(*, by: Actor, account_id: UUID, reason: str) -> OpenedAccount:
    """A lost phone or password: a new initial password, no second factor, all devices out.

    Both go together: an account without a second factor would let in whoever knows its password.
    Roles that need a second person's yes need it anew, or a reset would be the way around it.
    """
    account = _account_to_reset(by, account_id)
    granting.ask_anew(by, account, reason)
    password = new_password()
    account.password = make_password(password)
    account.must_change_password = True
    account.failed_attempts = 0
    account.locked_until = None
    account.save()
    TotpDevice.objects.filter(account=account).delete()
    Passkey.objects.filter(account=account).delete()
    sessions.end_sessions(Device.objects.filter(account=account))
    handsets.revoke_all(by, account_id)
    audit.note(subject_kind="account", subject_id=account_id)
    return OpenedAccount(account_id, account.login, account.name, password)


@command(Permission.ADMINISTER_ACCOUNTS)
def unlock_account(*, by: Actor, account_id: UUID) -> None:
    """Let a person try again at once after too many wrong passwords."""
    account = _account_to_reset(by, account_id)
    account.failed_attempts = 0
    account.locked_until = None
    account.save(update_fields=["failed_attempts", "locked_until"])
    audit.note(subject_kind="account", subject_id=account_id)


@command(Permission.ADMINISTER_ACCOUNTS)
def close_account(*, by: Actor, account_id: UUID, reason: str) -> None:
    """Nobody signs in with it any more, and whoever is signed in is out (8.1.4.2: remove stale)."""
    account = _account_to_reset(by, account_id)
    account.is_active = False
    account.save(update_fields=["is_active"])
    sessions.end_sessions(Device.objects.filter(account=account))
    handsets.revoke_all(by, account_id)
    audit.note(subject_kind="account", subject_id=account_id)


@command(Permission.ADMINISTER_ACCOUNTS)
def reopen_account(*, by: Actor, account_id: UUID, reason: str) -> None:
    """The person is back; their grants decide what they may do."""
    account = _account_to_reset(by, account_id)
    account.is_active = True
    account.save(update_fields=["is_active"])
    audit.note(subject_kind="account", subject_id=account_id)


@command(Permission.ADMINISTER_ACCOUNTS)
def provision_sign_in(*, by: Actor, account_id: UUID, password: str, totp_secret: str) -> None:
    """Give an account its password and authenticator secret ready-made, without first sign-in.

    For the demo and for set-up from the command line only: an administrator at a page would
    otherwise know another person's factors.
    """
    if by.kind != "system":
        raise Forbidden("provision_sign_in")
    account = Account.objects.select_for_update().get(id=account_id)
    account.password = make_password(password)
    account.password_changed_at = clock.now()
    account.must_change_password = False
    account.save(update_fields=["password", "password_changed_at", "must_change_password"])
    keep_totp_secret(account, totp_secret)
    audit.note(subject_kind="account", subject_id=account_id)


@command(Permission.ELEVATE)
def begin_elevation(*, by: Actor, reason: str, minutes: int) -> UUID:
    """More than the everyday role for at most an hour; each act until then bears the reason.

    The caller has taken a fresh second factor. An earlier session of the same person ends.
    """
    refuse(rules.may_elevate(reason=reason, minutes=minutes))
    if by.account_id is None or by.organisation_id is None:
        raise Forbidden("begin_elevation")
    now = clock.now()
    Elevation.objects.filter(account_id=by.account_id, ended_at__isnull=True).update(ended_at=now)
    elevation = Elevation.objects.create(
        account_id=by.account_id,
        organisation_id=by.organisation_id,
        reason=reason.strip(),
        started_at=now,
        ends_at=now + timedelta(minutes=minutes),
    )
    audit.note(subject_kind="elevation", subject_id=elevation.id, minutes=minutes)
    return elevation.id


@command(None)
def end_elevation(*, by: Actor) -> None:
    """Back to the everyday role before the time is over."""
    if by.account_id is not None:
        open_ones = Elevation.objects.filter(account_id=by.account_id, ended_at__isnull=True)
        open_ones.update(ended_at=clock.now())


@command(Permission.CHANGE_MEMBERS)
def end_member_devices(*, by: Actor, member_id: UUID) -> None:
    """All browsers of a member are signed out: the number that they came in with is no longer theirs."""
    sessions.end_sessions(Device.objects.filter(member_id=member_id))
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)


@command(None)
def end_device(*, by: Actor, device_id: UUID) -> None:
    """Sign out one's own browser somewhere else; it is out at its next request (F34)."""
    whose = {"account_id": by.account_id} if by.is_staff else {"member_id": by.member_id}
    if not any(whose.values()):
        raise NotFound(device_id)
    devices = Device.objects.filter(id=device_id, **whose)
    if not devices.exists():
        raise NotFound(device_id)
    sessions.end_sessions(devices)
    audit.note(subject_kind="device", subject_id=device_id)


def _account_to_reset(by: Actor, account_id: UUID) -> Account:
    """Locked for writing; out of scope is NotFound, above the administrator is Refused."""
    facts: AccountFacts = account_for(by, account_id)
    scope = by.scope
    held = [*grants_of(facts.id), *queries.asked_for(facts.id)]
    refuse(rules.may_reset(held, low=scope.low, high=scope.high, on=by.today))
    return Account.objects.select_for_update().get(id=account_id)
