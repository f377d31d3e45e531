"""Members sign in by a code to their own phone; the pages say the same to everybody."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiyan.access import commands, member_codes, queries, sessions
from guiyan.access.forms import MemberCodeForm, PhoneForm
from guiyan.access.views.sign_in import own_path
from guiyan.platform.pages import Request, member_only, page, public, see_other

MEMBER_HOME = "/me/"


@public
@require_http_methods(["GET", "HEAD", "POST"])
def member_sign_in(request: Request) -> HttpResponse:
    form = PhoneForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        earlier = request.session.get(sessions.CODE)
        code_id = member_codes.ask_for_code(
            phone=form.cleaned_data["phone"],
            address=sessions.address_of(request),
            earlier=UUID(earlier) if earlier else None,
            known=sessions.known_member(request),
        )
        request.session[sessions.CODE] = str(code_id)
        request.session[sessions.THEN] = form.cleaned_data["next"]
        return see_other("access:member_code")
    return page(request, "access/member_sign_in.html", form=form)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def member_code(request: Request) -> HttpResponse:
    code_id = request.session.get(sessions.CODE)
    if code_id is None:
        return see_other("access:member_sign_in")
    form = MemberCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        member_id = member_codes.use_code(code_id=UUID(code_id), code=form.cleaned_data["code"])
        if member_id is not None:
            then = own_path(request, str(request.session.get(sessions.THEN, "")), MEMBER_HOME)
            sessions.begin_member(request, member_id)
            answer = HttpResponseRedirect(then)
            sessions.remember_member_browser(answer, member_id)
            return answer
        form.add_error("code", _("验证码不对、已用过或已过期。请核对短信，或返回重新获取。"))
    return page(request, "access/member_code.html", form=form)


@member_only
@require_GET
def member_devices(request: Request) -> HttpResponse:
    devices = queries.devices_of(request.actor, request.session.session_key or "")
    return page(request, "access/member_devices.html", devices=devices)


@member_only
@require_POST
def end_member_device(request: Request, device_id: UUID) -> HttpResponse:
    commands.end_device(by=request.actor, device_id=device_id)
    return see_other("access:member_devices")


@public
@require_GET
def demo_messages(request: Request) -> HttpResponse:
    """What the demo would have sent; in a real deployment there is no such page."""
    if not settings.DEMO:
        raise Http404
    return page(request, "access/demo_messages.html", messages=queries.development_messages())
