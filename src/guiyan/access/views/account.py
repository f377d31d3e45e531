"""One's own account: devices, passkeys, password, which organisation to act for, elevation."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiyan.access import commands, passkeys, queries, sessions, signing_in
from guiyan.access.forms import ChangePasswordForm, ConfirmForm, ElevationForm, PasskeyForm
from guiyan.access.handsets import handsets_of
from guiyan.access.models import Account
from guiyan.access.roles import ROLES
from guiyan.access.views.sign_in import STAFF_HOME
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

_GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@staff()
@require_GET
def account(request: Request) -> HttpResponse:
    own = _own(request)
    return page(
        request,
        "access/account.html",
        roles=[ROLES[code] for code in request.actor.roles],
        devices=queries.devices_of(request.actor, request.session.session_key or ""),
        handsets=handsets_of(request.actor),
        passkeys=queries.passkeys_of(own.id),
        is_confirmed=sessions.is_confirmed(request),
        question=passkeys.ask_to_register(own),
        may_elevate=request.actor.may(Permission.ELEVATE),
        elevated_until=queries.elevation_ends_at(request.actor),
    )


@staff()
@_GET_POST
def choose_grant(request: Request) -> HttpResponse:
    """Which organisation to act for; roles at the same one add up."""
    grants = queries.own_grants(request.actor)
    if request.method == "POST":
        wished = request.POST.get("organisation", "")
        places = {str(grant.organisation_id): grant.organisation_id for grant in grants}
        if wished not in places:
            raise NotFound(wished)
        sessions.choose(request, places[wished])
        return HttpResponseRedirect(STAFF_HOME)
    offered: dict[UUID, tuple[str, list[str]]] = {}
    for grant in grants:
        _name, roles = offered.setdefault(grant.organisation_id, (grant.organisation_name, []))
        roles.append(str(ROLES[grant.role].name))
    return page(request, "access/choose_grant.html", offered=offered)


@staff()
@_GET_POST
def change_password(request: Request) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        own = _own(request)
        is_present = signing_in.own_password_is(
            account_id=own.id,
            password=form.cleaned_data["present"],
            browser=sessions.browser_of(request),
        )
        try:
            if is_present:
                signing_in.set_own_password(
                    account_id=own.id, password=form.cleaned_data["password"]
                )
                sessions.end_others(request, own.id)
                return see_other("access:account")
            form.add_error("present", _("现在的密码不对。请核对后重填。"))
        except Refused as refusal:
            form.add_error("password", _(refusal.message))
    return page(request, "access/change_password.html", form=form)


@staff()
@require_POST
def end_device(request: Request, device_id: UUID) -> HttpResponse:
    commands.end_device(by=request.actor, device_id=device_id)
    return see_other("access:account")


@staff()
@_GET_POST
def confirm_self(request: Request) -> HttpResponse:
    """Password and present factor anew, before factors may be changed for five minutes."""
    form = ConfirmForm(request.POST or None)
    own = _own(request)
    if request.method == "POST" and form.is_valid():
        browser = sessions.browser_of(request)
        is_password_right = signing_in.own_password_is(
            account_id=own.id, password=form.cleaned_data["password"], browser=browser
        )
        if not is_password_right:
            form.add_error("password", _("现在的密码不对。请核对后重填。"))
        elif signing_in.try_second_factor(account_id=own.id, given=form.factor(), browser=browser):
            sessions.remember_confirmed(request)
            return see_other("access:account")
        else:
            form.add_error("code", _("验证码不对、已用过或已过期。请等应用显示下一个再填。"))
    question = passkeys.ask_to_sign_in(own)
    return page(request, "access/confirm_self.html", form=form, question=question)


@staff()
@require_POST
def add_passkey(request: Request) -> HttpResponse:
    if not sessions.is_confirmed(request):
        return see_other("access:confirm_self")
    form = PasskeyForm(request.POST)
    own = _own(request)
    if not form.is_valid() or not signing_in.enrol_passkey(account_id=own.id, **form.cleaned_data):
        raise Refused("passkey", _("这台设备的通行密钥没有添加成功。请返回重试。"))
    return see_other("access:account")


@staff()
@require_POST
def remove_passkey(request: Request, passkey_id: UUID) -> HttpResponse:
    if not sessions.is_confirmed(request):
        return see_other("access:confirm_self")
    signing_in.remove_passkey(account_id=_own(request).id, passkey_id=passkey_id)
    return see_other("access:account")


@staff(Permission.ELEVATE)
@_GET_POST
def elevate(request: Request) -> HttpResponse:
    """A reason, a time, and the second factor anew; then the session has a new key."""
    form = ElevationForm(request.POST or None)
    own = _own(request)
    if request.method == "POST" and form.is_valid():
        is_right = signing_in.try_second_factor(
            account_id=own.id, given=form.factor(), browser=sessions.browser_of(request)
        )
        if is_right:
            elevation_id = commands.begin_elevation(
                by=request.actor,
                reason=form.cleaned_data["reason"],
                minutes=form.cleaned_data["minutes"],
            )
            sessions.elevate(request, elevation_id)
            return see_other("access:account")
        form.add_error("code", _("验证码不对、已用过或已过期。请等应用显示下一个再填。"))
    question = passkeys.ask_to_sign_in(own)
    return page(request, "access/elevate.html", form=form, question=question)


@staff()
@require_POST
def end_elevation(request: Request) -> HttpResponse:
    commands.end_elevation(by=request.actor)
    sessions.lower(request)
    return see_other("access:account")


def _own(request: Request) -> Account:
    return Account.objects.get(Q(id=request.actor.account_id))
