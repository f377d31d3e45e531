"""Commands of signing in: the password, the second factor, enrolment, and getting out again.

Nobody is signed in yet, so these are not `@command`s of an actor; each opens its transaction and
leaves its audit row under the account's own organisation. They answer, they don't raise: counts of
wrong tries must be kept. An unknown login costs the same work and gets the same words as a known.
"""

import functools
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from guiyan.access import passkeys, rules, totp
from guiyan.access.models import Account, Passkey, TotpDevice
from guiyan.platform import audit, clock, limits
from guiyan.platform.actor import Actor
from guiyan.platform.errors import refuse
from guiyan.platform.keys import key_ring


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a try comes from: the address, and the device's own proof that an account used it."""

    address: str
    description: str = ""
    known_account_id: UUID | None = None
    known_device: str = ""

    def is_known_to(self, account_id: UUID) -> bool:
        return self.known_account_id == account_id


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What was given as a second factor: a code, or a passkey's answer to a challenge."""

    code: str = ""
    credential: str = ""
    challenge: str = ""


@functools.cache
def _nobody_s_password() -> str:
    """Hashed once, so that an unknown login takes as long as a known one."""
    return make_password(secrets.token_urlsafe(16))


def try_password(*, login: str, password: str, browser: Browser) -> UUID | None:
    """The account whose password this is, or None, without saying why not (F33).

    Not more than 100 passwords a day are compared for one account by strange devices, none while
    it is locked. A device that the account has used before has a limit of its own, so that
    strangers can lock nobody out. One address may try 60 times in 15 minutes.
    """
    login = rules.folded_login(login)
    with transaction.atomic():
        if not _take("sign-in-address", browser.address, rules.PASSWORDS_PER_ADDRESS):
            return None
        account = Account.objects.select_for_update().filter(login=login).first()
        is_known = account is not None and browser.is_known_to(account.id)
        if is_known:
            is_free = _take(
                "sign-in-device", browser.known_device, rules.PASSWORDS_PER_KNOWN_DEVICE
            )
        else:
            # Tries at a locked account don't use up its day.
            is_free = not _is_locked(account) and _take(
                "sign-in-login", login, rules.PASSWORDS_PER_LOGIN
            )
        is_open = account is not None and account.is_active and is_free
        stored = account.password if account is not None and is_open else _nobody_s_password()
        is_right = check_password(password, stored)
        if account is None or not is_open:
            return None
        if not is_right:
            _count_failure(account, is_known=is_known)
            return None
        return account.id


def try_second_factor(*, account_id: UUID, given: SecondFactor, browser: Browser) -> bool:
    """Whether the second factor is right; a code and a challenge count once each (F42).

    Ten tries in 15 minutes, forty a day; known and strange devices are counted apart.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(id=account_id, is_active=True).first()
        if account is None:
            return False
        is_known = browser.is_known_to(account_id)
        who = f"{account_id}:{browser.known_device if is_known else ''}"
        is_free = all(
            _take(f"second-factor-{position}", who, limit)
            for position, limit in enumerate(rules.SECOND_FACTORS)
        )
        if is_free and (is_known or not _is_locked(account)) and _is_right(account, given):
            return True
        _count_failure(account, is_known=is_known)
        return False


def next_step(account_id: UUID, *, factor_done: bool) -> str:
    """What stands between this account and its work: second, password, enrol, or nothing ("")."""
    account = Account.objects.get(id=account_id)
    if _has_second_factor(account) and not factor_done:
        return "second"
    if account.must_change_password:
        return "password"
    if rules.password_is_old(account.password_changed_at, clock.now()):
        return "password"
    return "" if _has_second_factor(account) else "enrol"


def set_own_password(*, account_id: UUID, password: str) -> None:
    """A person chooses their own password; the initial one, or an old one, ends with it.

    Raises Refused when it is too simple, or the one that they have.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        refuse(rules.may_have_password(password, login=account.login, name=account.name))
        if check_password(password, account.password):
            refuse(rules.SAME_PASSWORD)
        account.password = make_password(password)
        account.password_changed_at = clock.now()
        account.must_change_password = False
        account.save(update_fields=["password", "password_changed_at", "must_change_password"])
        audit.record(witness(account), "access.set_own_password", subject_kind="account")


def own_password_is(*, account_id: UUID, password: str, browser: Browser) -> bool:
    """Whether a signed-in person knows their present password; counted like signing in."""
    login = Account.objects.values_list("login", flat=True).get(id=account_id)
    return try_password(login=login, password=password, browser=browser) == account_id


def enrol_totp(*, account_id: UUID, secret: str, code: str) -> bool:
    """Keep the secret of an authenticator app once a code shows that the app has it."""
    now = clock.now()
    step = totp.accepted_step(secret, code, at=now, after=0)
    if step is None:
        return False
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        keep_totp_secret(account, secret, last_step=step)
        audit.record(witness(account), "access.enrol_totp", subject_kind="account")
    return True


def keep_totp_secret(account: Account, secret: str, *, last_step: int = 0) -> None:
    """Seal the secret for this account's row; one app for each account."""
    sealed = key_ring().seal(secret.encode(), context=totp.seal_context(account.id))
    TotpDevice.objects.update_or_create(
        account=account,
        defaults={
            "sealed_secret": sealed,
            "confirmed_at": clock.now(),
            "last_step": last_step,
        },
    )


def enrol_passkey(*, account_id: UUID, credential: str, challenge: str, name: str) -> bool:
    """Keep a new passkey when the browser's answer is good."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        passkey = passkeys.register(account, credential=credential, challenge=challenge, name=name)
        if passkey is None:
            return False
        audit.record(witness(account), "access.enrol_passkey", subject_kind="account")
    return True


def remove_passkey(*, account_id: UUID, passkey_id: UUID) -> None:
    """Take away one's own passkey, unless it is the only second factor."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        has_other = (
            TotpDevice.objects.filter(account=account).exists()
            or account.passkeys.exclude(id=passkey_id).exists()
        )
        if not has_other:
            refuse(rules.LAST_FACTOR)
        Passkey.objects.filter(account=account, id=passkey_id).delete()
        audit.record(witness(account), "access.remove_passkey", subject_kind="account")


def note_signed_in(account_id: UUID) -> None:
    """The end of signing in: the count of wrong tries starts again, the time is kept."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        account.failed_attempts = 0
        account.locked_until = None
        account.last_signed_in_at = clock.now()
        account.save(update_fields=["failed_attempts", "locked_until", "last_signed_in_at"])
        audit.record(witness(account), "access.sign_in", subject_kind="account")


def witness(account: Account) -> Actor:
    """The account's person without any permission, for rows written before they are signed in."""
    grant = account.grants.order_by("-valid_from").first()
    return Actor(
        kind="staff",
        name=account.name,
        today=clock.today(),
        account_id=account.id,
        organisation_id=grant.organisation_id if grant else None,
        path=grant.path if grant else "",
    )


def _is_right(account: Account, given: SecondFactor) -> bool:
    if given.credential:
        return passkeys.is_good(account, credential=given.credential, challenge=given.challenge)
    device = TotpDevice.objects.filter(account=account, confirmed_at__isnull=False).first()
    if device is None:
        return False
    context = totp.seal_context(account.id)
    secret = key_ring().open_sealed(bytes(device.sealed_secret), context=context).decode()
    step = totp.accepted_step(secret, given.code, at=clock.now(), after=device.last_step)
    if step is None:
        return False
    # The condition makes two parallel tries with one code one success at most.
    taken = TotpDevice.objects.filter(account=account, last_step__lt=step).update(last_step=step)
    return taken == 1


def _has_second_factor(account: Account) -> bool:
    has_app = TotpDevice.objects.filter(account=account, confirmed_at__isnull=False).exists()
    return has_app or account.passkeys.exists()


def _is_locked(account: Account | None) -> bool:
    locked_until = account.locked_until if account else None
    return locked_until is not None and locked_until > clock.now()


def _count_failure(account: Account, *, is_known: bool) -> None:
    """A known device has its own limit; only strangers' wrong tries lock strangers out."""
    if not is_known:
        account.failed_attempts += 1
        lock = rules.lock_after(account.failed_attempts)
        if lock is not None:
            account.locked_until = clock.now() + lock
        account.save(update_fields=["failed_attempts", "locked_until"])
    audit.record(witness(account), "access.sign_in_refused", subject_kind="account")


def _take(what: str, who: str, limit: rules.Limit) -> bool:
    return limits.take(what, who, limit=limit.times, per=limit.per)
