"""Staff sign in: password and second factor; at the first time they choose their own.

The steps keep no secret in the page but what is sealed for this account, and write nothing on GET.
"""

import base64
import binascii
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from guiyan.access import passkeys, queries, sessions, signing_in, totp
from guiyan.access.forms import CodeForm, EnrolForm, PasskeyForm, PasswordForm, SignInForm
from guiyan.access.models import Account
from guiyan.kernel.crypto import SealBroken
from guiyan.platform import audit
from guiyan.platform.errors import Refused
from guiyan.platform.keys import key_ring
from guiyan.platform.pages import Request, page, public, see_other

STAFF_HOME = "/w/"
_PAGE_OF_STEP = {
    "second": "access:second_factor",
    "password": "access:set_password",
    "enrol": "access:enrol",
}
_GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def own_path(request: HttpRequest, wished: str, default: str) -> str:
    """Where to go next: a page of this site only, never another's (F38)."""
    is_own = url_has_allowed_host_and_scheme(
        wished, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wished if wished and is_own else default


@public
@_GET_POST
def sign_in(request: Request) -> HttpResponse:
    form = SignInForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        account_id = signing_in.try_password(
            login=form.cleaned_data["login"],
            password=form.cleaned_data["password"],
            browser=sessions.browser_of(request),
        )
        if account_id is not None:
            sessions.remember_password_given(request, account_id, then=form.cleaned_data["next"])
            return _go_on(request, account_id, factor_done=False)
        form.add_error(
            None,
            _(
                "登录名或密码不对，或者这个账号暂时不能登录。请核对后重试；连续多次不对会锁定"
                "一段时间，急用请联系本单位安全管理员。"
            ),
        )
    return page(request, "access/sign_in.html", form=form)


@public
@_GET_POST
def second_factor(request: Request) -> HttpResponse:
    who = sessions.pending(request)
    if who is None:
        return see_other("access:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_right = signing_in.try_second_factor(
            account_id=who.account_id,
            given=form.factor(),
            browser=sessions.browser_of(request),
        )
        if is_right:
            sessions.remember_factor_given(request)
            return _go_on(request, who.account_id, factor_done=True)
        form.add_error("code", _("验证码不对、已用过或已过期。请等应用显示下一个再填。"))
    question = passkeys.ask_to_sign_in(Account.objects.get(id=who.account_id))
    return page(request, "access/second_factor.html", form=form, question=question)


@public
@_GET_POST
def set_password(request: Request) -> HttpResponse:
    who = sessions.pending(request)
    if who is None or signing_in.next_step(who.account_id, factor_done=who.factor_done) == "second":
        return see_other("access:sign_in")
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signing_in.set_own_password(
                account_id=who.account_id, password=form.cleaned_data["password"]
            )
            return _go_on(request, who.account_id, factor_done=who.factor_done)
        except Refused as refusal:
            form.add_error("password", _(refusal.message))
    return page(request, "access/set_password.html", form=form)


@public
@never_cache
@_GET_POST
def enrol(request: Request) -> HttpResponse:
    """The secret travels sealed in the form until a code shows that the app has it."""
    who = sessions.pending(request)
    if who is None or signing_in.next_step(who.account_id, factor_done=who.factor_done) != "enrol":
        return see_other("access:sign_in")
    account = Account.objects.get(id=who.account_id)
    context = f"access_totpdevice.enrolment.{account.id}"
    form = EnrolForm(request.POST or None)
    secret = _opened(request.POST.get("sealed_secret", ""), context) or totp.new_secret()
    if request.method == "POST" and form.is_valid():
        if signing_in.enrol_totp(
            account_id=account.id, secret=secret, code=form.cleaned_data["code"]
        ):
            return _go_on(request, account.id, factor_done=True)
        form.add_error("code", _("验证码不对。请确认手机时间准确，等下一个验证码再填。"))
    return page(
        request,
        "access/enrol.html",
        form=form,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        sealed_secret=_sealed(secret, context),
        qr=segno.make(totp.provisioning_uri(secret, account.login)).svg_data_uri(scale=5),
        question=passkeys.ask_to_register(account),
    )


@public
@require_POST
def enrol_passkey(request: Request) -> HttpResponse:
    who = sessions.pending(request)
    if who is None or signing_in.next_step(who.account_id, factor_done=who.factor_done) != "enrol":
        return see_other("access:sign_in")
    form = PasskeyForm(request.POST)
    if form.is_valid() and signing_in.enrol_passkey(account_id=who.account_id, **form.cleaned_data):
        return _go_on(request, who.account_id, factor_done=True)
    return see_other("access:enrol")


@public
@require_POST
def sign_out(request: Request) -> HttpResponse:
    if request.actor.is_staff or request.actor.is_member:
        audit.record(request.actor, "access.sign_out")
    was_member = request.actor.is_member
    sessions.sign_out(request)
    return see_other("access:member_sign_in" if was_member else "access:sign_in")


def _go_on(request: Request, account_id: UUID, *, factor_done: bool) -> HttpResponse:
    """To the next step that is left, or in."""
    account = Account.objects.get(id=account_id)
    step = signing_in.next_step(account.id, factor_done=factor_done)
    if step:
        return see_other(_PAGE_OF_STEP[step])
    then = own_path(request, str(request.session.get(sessions.THEN, "")), STAFF_HOME)
    signing_in.note_signed_in(account.id)
    sessions.begin_staff(request, account.id)
    places = queries.own_places(account.id)
    if len(places) == 1:
        sessions.choose(request, places[0])
        response: HttpResponse = HttpResponseRedirect(then)
    else:
        response = see_other("access:choose_grant")
    sessions.remember_device(response, account.id)
    return response


def _sealed(secret: str, context: str) -> str:
    return base64.urlsafe_b64encode(key_ring().seal(secret.encode(), context=context)).decode()


def _opened(sealed: str, context: str) -> str:
    try:
        plain = base64.urlsafe_b64decode(sealed)
        return key_ring().open_sealed(plain, context=context).decode() if plain else ""
    except (SealBroken, binascii.Error, ValueError, LookupError):
        return ""
