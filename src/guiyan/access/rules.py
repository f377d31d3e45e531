"""Who may hold which role, when sign-in locks, what a password must be, how long things last.

Sources: GB/T 22239-2019 (等保 2.0) level 3, 8.1.4.1 identity and 8.1.4.2 access control; the
figures of lockout and codes are this project's own (fault cases F33, F34, F37, F42).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from guiyan.access.types import GrantFacts
from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform.errors import Refusal

ADMINISTRATORS = frozenset(
    {"system_administrator", "security_administrator", "audit_administrator"}
)

# Who administers or approves could let anything in: two people answer for such a grant.
NEEDS_TWO = ADMINISTRATORS | {"approver"}
PROPOSAL_LASTS = timedelta(days=14)

FAILURES_BEFORE_LOCK = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)
SHORTEST_PASSWORD = 10
LONG_ENOUGH_FOR_ANY_SIGNS = 16
PASSWORD_LASTS = timedelta(days=180)
STALE_AFTER = timedelta(days=90)
CONFIRMED_LASTS = timedelta(minutes=5)  # ASVS 7.5.3: sensitive acts ask for the factors anew
ELEVATION_CHOICES_MIN = (15, 30, 60)
SHORTEST_REASON = 4
CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be asked for within a window."""

    times: int
    per: timedelta


# F37: at most one code in 60 s and five a day for a number, twenty an hour for an address.
CODES_PER_NUMBER = (Limit(1, timedelta(seconds=60)), Limit(5, timedelta(days=1)))
CODES_PER_ADDRESS = Limit(20, timedelta(hours=1))
# One stranger can't use up another's five; a browser that lately signed in as that member has
# five of its own, which no stranger reaches.
CODES_PER_NUMBER_AND_ADDRESS = Limit(3, timedelta(days=1))
CODES_PER_KNOWN_BROWSER = (Limit(1, timedelta(seconds=60)), Limit(5, timedelta(days=1)))
# F33: a whole office behind one address signs in with room to spare.
PASSWORDS_PER_ADDRESS = Limit(60, timedelta(minutes=15))
# F33: at most 100 evaluated for an account and day.
PASSWORDS_PER_LOGIN = Limit(100, timedelta(days=1))
PASSWORDS_PER_KNOWN_DEVICE = Limit(10, timedelta(minutes=15))
# 10 in 15 min and 40 a day leave a guesser of six digits, three of them valid, 0.012 % a day.
SECOND_FACTORS = (Limit(10, timedelta(minutes=15)), Limit(40, timedelta(days=1)))

SAME_PASSWORD = Refusal("password-same", _("新密码与原密码相同。请换一个。"))
LOGIN_TAKEN = Refusal("login-taken", _("这个登录名已有人使用。请换一个。"))
ASKED_ALREADY = Refusal(
    "asked-already", _("这项授权已经有人提出，正等第二位安全管理员同意。请不要重复提出。")
)
LAST_FACTOR = Refusal("last-factor", _("这是您唯一的第二重验证，不能删除。请先添加另一种再删除。"))


def may_grant(
    role: str,
    held: Iterable[GrantFacts],
    *,
    organisation_id: object,
    valid_from: date,
    valid_to: date | None,
    is_own_account: bool,
) -> Refusal | None:
    """System, security and audit administration exclude each other and all business (8.1.4.2).

    Grants that do not overlap in time do not exclude: yesterday's auditor may serve the desk.
    Nobody grants to themselves, and the same role at the same organisation is granted once.
    """
    if is_own_account:
        return Refusal("own-account", _("不能给自己授权。请由另一位安全管理员办理。"))
    if valid_to is not None and valid_to < valid_from:
        return Refusal("period", _("结束日期早于开始日期。请改正日期。"))
    for grant in held:
        if not grant.overlaps(valid_from, valid_to):
            continue
        if grant.role == role and grant.organisation_id == organisation_id:
            return Refusal("held-already", _("这个人在该组织已有这个角色。请先结束原有授权。"))
        if excludes(grant.role, role):
            return Refusal(
                "exclusive",
                _("系统、安全、审计三员互斥，也不能兼任业务角色。请先结束冲突的授权，或另选一人。"),
            )
    return None


def needs_second_person(role: str, *, is_operator: bool) -> bool:
    """Administrators and approvers need a second yes; the operator at the machine is that person."""
    return role in NEEDS_TWO and not is_operator


def may_confirm(*, is_own_account: bool, is_proposer: bool, stands_as_high: bool) -> Refusal | None:
    """The second person is neither the first nor the one who gains, nor set below the first."""
    if is_own_account:
        return Refusal("own-account", _("不能给自己授权。请由另一位安全管理员办理。"))
    if is_proposer:
        return Refusal(
            "same-person", _("这项授权是您提出的，要由另一位安全管理员同意。请告诉对方来办理。")
        )
    if not stands_as_high:
        return Refusal(
            "second-below", _("这项授权由上级安全管理员提出，要由同级或上级的另一位同意。")
        )
    return None


def may_end_grant(*, is_own_account: bool) -> Refusal | None:
    """Nobody ends their own grant: the last administrator of accounts must not lock all out."""
    if is_own_account:
        return Refusal("own-account", _("不能结束自己的授权。请由另一位安全管理员办理。"))
    return None


def excludes(one: str, other: str) -> bool:
    """Two roles that one person may not hold at the same time."""
    return one != other and (one in ADMINISTRATORS or other in ADMINISTRATORS)


def may_reset(held: Iterable[GrantFacts], *, low: str, high: str, on: date) -> Refusal | None:
    """Whoever resets an account could sign in as it, so all of its grants must lie below them.

    A grant that begins tomorrow counts: the factors that are set today still open it then.
    """
    still_to_come = [each for each in held if each.valid_to is None or each.valid_to >= on]
    if all(low <= grant.path < high for grant in still_to_come):
        return None
    return Refusal("above", _("这个账号在您的管理范围以外也有授权。请由上级安全管理员办理。"))


def lock_after(failures: int) -> timedelta | None:
    """Every fifth wrong try in a row locks: 15 minutes, then twice as long each time, to a day."""
    if failures <= 0 or failures % FAILURES_BEFORE_LOCK:
        return None
    doublings = min(failures // FAILURES_BEFORE_LOCK - 1, 7)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def folded_login(written: str) -> str:
    """A login is the same in any width and case, with no blanks around it."""
    return unicodedata.normalize("NFKC", written).strip().casefold()


def may_have_login(login: str) -> Refusal | None:
    """3–60 letters, digits, dots, hyphens: something that can be said over the telephone."""
    if re.fullmatch(r"[a-z0-9][a-z0-9._@-]{2,59}", login):
        return None
    return Refusal("login", _("登录名用3到60个小写字母、数字、点或横线，以字母或数字开头。"))


def may_have_name(name: str) -> Refusal | None:
    """Accounts are people, so they bear a person's name (8.1.4.2: none is shared)."""
    if 2 <= len(name) <= 80:
        return None
    return Refusal("name", _("请写这个人的姓名，2到80个字。账号只归一个人使用。"))


def may_have_password(password: str, *, login: str, name: str) -> Refusal | None:
    """At least 10 signs of three sorts, or 16 of any; without the login or name in it (8.1.4.1)."""
    if len(password) < SHORTEST_PASSWORD:
        return Refusal("password-short", _("密码至少10位。请换一个长一些的。"))
    lowered = password.casefold()
    if login.casefold() in lowered or (name and name in password):
        return Refusal("password-name", _("密码里不能有登录名或姓名。请换一个。"))
    if len(set(password)) < 5:
        return Refusal("password-plain", _("密码里重复的字符太多。请换一个。"))
    if len(password) < LONG_ENOUGH_FOR_ANY_SIGNS and _sorts_of_signs(password) < 3:
        return Refusal(
            "password-plain",
            _("密码要有大写字母、小写字母、数字、符号中的三种，或者长到16位。请换一个。"),
        )
    return None


def _sorts_of_signs(password: str) -> int:
    sorts = (r"[A-Z]", r"[a-z]", r"[0-9]", r"[^A-Za-z0-9]")
    return sum(bool(re.search(sort, password)) for sort in sorts)


def password_is_old(changed_at: datetime | None, now: datetime) -> bool:
    """Passwords are renewed twice a year (8.1.4.1: replaced regularly)."""
    return changed_at is not None and now - changed_at > PASSWORD_LASTS


def is_stale(last_signed_in_at: datetime | None, created_at: datetime, now: datetime) -> bool:
    """An account that nobody has used for 90 days is listed, so that somebody ends it (8.1.4.2)."""
    return now - (last_signed_in_at or created_at) > STALE_AFTER


def may_elevate(*, reason: str, minutes: int) -> Refusal | None:
    """An elevated session lasts 15, 30 or 60 minutes and bears a written reason."""
    if minutes not in ELEVATION_CHOICES_MIN:
        return Refusal("minutes", _("提权时间只能是15、30或60分钟。请重新选择。"))
    if len(reason.strip()) < SHORTEST_REASON:
        return Refusal("reason", _("请写明提权事由，至少4个字；它会随每次操作一起记录。"))
    return None


def is_fresh(confirmed_at: datetime, now: datetime) -> bool:
    """Whoever adds or removes a factor has given password and factor five minutes ago at most.

    Otherwise an unlocked screen, or a stolen session, would buy a way in for ever.
    """
    return timedelta(0) <= now - confirmed_at <= CONFIRMED_LASTS


def session_has_ended(
    *, signed_in_at: datetime, seen_at: datetime, now: datetime, idle_s: int, absolute_s: int
) -> bool:
    """A session ends when nothing was asked for `idle_s`, and in any case after `absolute_s`."""
    idle = (now - seen_at).total_seconds()
    age = (now - signed_in_at).total_seconds()
    return idle > idle_s or age > absolute_s
