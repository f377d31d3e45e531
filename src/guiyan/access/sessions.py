"""The session of a browser: begun with a new key, bound to a device row, read anew each request.

Nothing in the session grants anything: it names an account and an organisation (or a member), and
each request asks the database what these may do now. So a role taken away, an account closed or a
device ended elsewhere counts from the next request on.
"""

import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token

from guiyan.access import rules
from guiyan.access.member_codes import KnownBrowser, name_of_member
from guiyan.access.models import Device, Elevation
from guiyan.access.roles import permissions_of
from guiyan.access.signing_in import Browser
from guiyan.kernel.crypto import TokenBroken
from guiyan.orgs import queries as orgs
from guiyan.platform import clock
from guiyan.platform.actor import Actor
from guiyan.platform.keys import key_ring

ACCOUNT, ORGANISATION, ELEVATION = "account", "organisation", "elevation"
MEMBER, CODE, PENDING, THEN = "member", "code", "pending", "then"
CONFIRMED = "confirmed"
PENDING_LASTS = timedelta(minutes=10)
SEEN_EVERY = timedelta(seconds=60)  # the idle clock is written at most this often
KNOWN_COOKIE = "guiyan_device"
KNOWN_LASTS = timedelta(days=180)
KNOWN_MEMBER_COOKIE = "guiyan_member"
KNOWN_MEMBER_LASTS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody who gave the right password and has steps left before they are signed in."""

    account_id: UUID
    factor_done: bool


def actor_of(request: HttpRequest) -> Actor:
    """Who acts: staff under one organisation, a member, or the public.

    The session and two short queries; one more in an elevated session.
    """
    session = request.session
    if ACCOUNT in session:
        return _staff(request) or _ended(request)
    if MEMBER in session:
        return _member(request) or _ended(request)
    return Actor.public()


def _staff(request: HttpRequest) -> Actor | None:
    session = request.session
    grants = _grants_now(session)
    if not grants or not _is_alive(request, grants[0]):
        return None
    account = Actor(
        kind="staff", name=grants[0].name, today=clock.today(), account_id=grants[0].account_id
    )
    chosen = [g for g in grants if str(g.organisation_id) == session.get(ORGANISATION)]
    place = orgs.standing_of(chosen[0].organisation_id) if chosen else None
    if place is None or not place.is_open:
        return account
    roles = tuple(sorted({grant.role for grant in chosen}))
    reason = _reason_of_elevation(session, chosen[0])
    return replace(
        account,
        organisation_id=place.id,
        organisation_name=place.name,
        path=place.path,
        roles=roles,
        permissions=permissions_of(roles, is_elevated=bool(reason)),
        elevation_reason=reason,
    )


class _GrantNow(NamedTuple):
    """A grant of today, with the account's name and the device behind the session."""

    account_id: UUID
    name: str
    role: str
    organisation_id: UUID
    device_id: UUID
    signed_in_at: datetime
    seen_at: datetime


# Every request of staff begins with it; built by the ORM it costs five times the processor time.
_GRANTS_NOW = """
    select account.id, account.name, held.role, held.organisation_id,
           device.id, device.signed_in_at, device.seen_at
      from access_device device
      join access_account account on account.id = device.account_id and account.is_active
      join access_grant held on held.account_id = account.id
     where device.session_key = %s and device.ended_at is null and account.id = %s
       and held.valid_from <= %s and (held.valid_to is null or held.valid_to >= %s)
"""


def _grants_now(session: Any) -> list[_GrantNow]:
    """The grants of today of the account that is signed in on this device, in one statement."""
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS_NOW, [session.session_key, session[ACCOUNT], today, today])
        return [_GrantNow(*row) for row in cursor.fetchall()]


def _reason_of_elevation(session: Any, grant: _GrantNow) -> str:
    """Why more than the everyday role is held; empty, and not asked for, where it is not."""
    if ELEVATION not in session:
        return ""
    rows = Elevation.objects.filter(
        id=session[ELEVATION],
        account_id=grant.account_id,
        organisation_id=grant.organisation_id,
        ended_at__isnull=True,
        ends_at__gt=clock.now(),
    )
    return rows.values_list("reason", flat=True).first() or ""


def _member(request: HttpRequest) -> Actor | None:
    member_id = UUID(request.session[MEMBER])
    device = (
        Device.objects.filter(
            member_id=member_id, session_key=request.session.session_key, ended_at__isnull=True
        )
        .annotate(device_id=F("id"))
        .first()
    )
    if device is None or not _is_alive(request, device):
        return None
    name = name_of_member(member_id)
    return Actor.member(member_id, name) if name is not None else None


def _is_alive(request: HttpRequest, row: Any) -> bool:
    """Whether the device behind this session is still in; its idle clock moves on."""
    if row.device_id is None:
        return False
    now = clock.now()
    if rules.session_has_ended(
        signed_in_at=row.signed_in_at,
        seen_at=row.seen_at,
        now=now,
        idle_s=settings.SESSION_IDLE_S,
        absolute_s=settings.SESSION_COOKIE_AGE,
    ):
        return False
    if now - row.seen_at > SEEN_EVERY:
        Device.objects.filter(id=row.device_id).update(seen_at=now)
    return True


def _ended(request: HttpRequest) -> Actor:
    """The session no longer stands for anybody, so it goes."""
    sign_out(request)
    return Actor.public()


def remember_password_given(request: HttpRequest, account_id: UUID, *, then: str = "") -> None:
    """The first step of signing in; the key changes, as at every step up (F34)."""
    sign_out(request)
    request.session[THEN] = then
    request.session[PENDING] = {
        "account": str(account_id),
        "factor_done": False,
        "until": (clock.now() + PENDING_LASTS).isoformat(),
    }


def remember_factor_given(request: HttpRequest) -> None:
    request.session[PENDING] = {**request.session[PENDING], "factor_done": True}


def pending(request: HttpRequest) -> Pending | None:
    """Who is half-way in; None when nobody is, or ten minutes have passed."""
    kept = request.session.get(PENDING)
    if not kept or kept["until"] < clock.now().isoformat():
        return None
    return Pending(UUID(kept["account"]), kept["factor_done"])


def begin_staff(request: HttpRequest, account_id: UUID) -> None:
    """Sign this browser in under a key that nobody has seen before."""
    _begin(request)
    request.session[ACCOUNT] = str(account_id)
    request.session[CONFIRMED] = clock.now().isoformat()
    Device.objects.create(
        account_id=account_id,
        session_key=request.session.session_key or "",
        description=described(request),
        seen_at=clock.now(),
    )


def begin_member(request: HttpRequest, member_id: UUID) -> None:
    _begin(request)
    request.session[MEMBER] = str(member_id)
    Device.objects.create(
        member_id=member_id,
        session_key=request.session.session_key or "",
        description=described(request),
        seen_at=clock.now(),
    )


def _begin(request: HttpRequest) -> None:
    sign_out(request)
    request.session.create()
    rotate_token(request)


def rotate(request: HttpRequest) -> None:
    """A new key for the same device, when what it may do changes."""
    before = request.session.session_key
    request.session.cycle_key()
    Device.objects.filter(session_key=before).update(session_key=request.session.session_key)


def choose(request: HttpRequest, organisation_id: UUID) -> None:
    """Act for this organisation from now on; an elevated session does not go along."""
    request.session.pop(ELEVATION, None)
    request.session[ORGANISATION] = str(organisation_id)
    rotate(request)


def elevate(request: HttpRequest, elevation_id: UUID) -> None:
    request.session[ELEVATION] = str(elevation_id)
    rotate(request)


def remember_confirmed(request: HttpRequest) -> None:
    """Password and second factor were given anew just now; the key changes, as at every step up."""
    request.session[CONFIRMED] = clock.now().isoformat()
    rotate(request)


def is_confirmed(request: HttpRequest) -> bool:
    """Whether both factors were given in this session within the last five minutes (F34)."""
    at = str(request.session.get(CONFIRMED, ""))
    return bool(at) and rules.is_fresh(datetime.fromisoformat(at), clock.now())


def lower(request: HttpRequest) -> None:
    request.session.pop(ELEVATION, None)
    rotate(request)


def sign_out(request: HttpRequest) -> None:
    end_sessions(Device.objects.filter(session_key=request.session.session_key or ""))
    request.session.flush()


def end_others(request: HttpRequest, account_id: UUID) -> None:
    """Whoever knew the old password is out everywhere else; this browser goes on under a new key."""
    rotate(request)
    devices = Device.objects.filter(account_id=account_id)
    end_sessions(devices.exclude(session_key=request.session.session_key))


def end_sessions(devices: Any) -> None:
    """End these devices on the server, at once: the row says when, the session is gone."""
    keys = list(devices.filter(ended_at__isnull=True).values_list("session_key", flat=True))
    devices.filter(ended_at__isnull=True).update(ended_at=clock.now())
    Session.objects.filter(session_key__in=keys).delete()


def address_of(request: HttpRequest) -> str:
    """The browser's address. Behind PROXY_HOPS proxies of one's own it is so many from the end."""
    hops = int(getattr(settings, "PROXY_HOPS", 0))
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if hops and len(forwarded) >= hops and forwarded[-hops]:
        return forwarded[-hops]
    return str(request.META.get("REMOTE_ADDR", ""))


def browser_of(request: HttpRequest) -> Browser:
    """Where this request comes from, with the proof of an earlier sign-in if it has one."""
    address = address_of(request)
    try:
        plain = key_ring().read_token(request.COOKIES.get(KNOWN_COOKIE, ""))
        kept = json.loads(plain)
        if kept["use"] != KNOWN_COOKIE or kept["until"] < clock.now().isoformat():
            return Browser(address)
        return Browser(address, "", UUID(kept["account"]), str(kept["device"]))
    except (TokenBroken, ValueError, KeyError, TypeError):
        return Browser(address)


def remember_device(response: HttpResponse, account_id: UUID) -> None:
    """A signed cookie, so that strangers' wrong tries don't lock this device out (F33)."""
    kept = {
        "use": KNOWN_COOKIE,
        "account": str(account_id),
        "device": secrets.token_urlsafe(12),
        "until": (clock.now() + KNOWN_LASTS).isoformat(),
    }
    response.set_cookie(
        KNOWN_COOKIE,
        key_ring().sign_token(json.dumps(kept).encode()),
        max_age=KNOWN_LASTS,
        path="/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def known_member(request: HttpRequest) -> KnownBrowser | None:
    """The member who lately signed in with this browser, by the browser's own proof."""
    try:
        plain = key_ring().read_token(request.COOKIES.get(KNOWN_MEMBER_COOKIE, ""))
        kept = json.loads(plain)
        if kept["use"] != KNOWN_MEMBER_COOKIE or kept["until"] < clock.now().isoformat():
            return None
        return KnownBrowser(UUID(kept["member"]), str(kept["device"]))
    except (TokenBroken, ValueError, KeyError, TypeError):
        return None


def remember_member_browser(response: HttpResponse, member_id: UUID) -> None:
    """A signed cookie, so that strangers who ask for codes don't use up this member's."""
    kept = {
        "use": KNOWN_MEMBER_COOKIE,
        "member": str(member_id),
        "device": secrets.token_urlsafe(12),
        "until": (clock.now() + KNOWN_MEMBER_LASTS).isoformat(),
    }
    response.set_cookie(
        KNOWN_MEMBER_COOKIE,
        key_ring().sign_token(json.dumps(kept).encode()),
        max_age=KNOWN_MEMBER_LASTS,
        path="/me/in",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def described(request: HttpRequest) -> str:
    """Browser and system in a word each: enough to know one's own device again."""
    agent = request.headers.get("User-Agent", "")
    systems = ("HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    programs = ("MicroMessenger", "Edg", "Firefox", "Chrome", "Safari")
    system = next((word for word in systems if word in agent), "")
    program = next((word for word in programs if word in agent), "")
    named = {"MicroMessenger": "微信", "Edg": "Edge", "Mac OS": "Mac"}
    words = [named.get(word, word) for word in (system, program) if word]
    return " · ".join(words) or "—"
