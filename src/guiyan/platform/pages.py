"""What every view needs: who may open it, how a page is rendered, where a write leads afterwards."""

import functools
import secrets
from collections.abc import Callable
from typing import Any, Protocol, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission


class Request(HttpRequest):
    """A request that the actor middleware has seen."""

    actor: Actor


class View(Protocol):
    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def staff(permission: Permission | None = None) -> Callable[[View], View]:
    """Staff with this permission; with None, any signed-in member of staff."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.actor.is_staff:
                return _to_sign_in(request, "access:sign_in")
            if permission is not None and not request.actor.may(permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        guarded.audience = f"staff:{permission or 'any'}"  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def member_only(view: View) -> View:
    """The signed-in member, on their own file."""

    @functools.wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.actor.is_member:
            return _to_sign_in(request, "access:member_sign_in")
        return view(request, *args, **kwargs)

    guarded.audience = "member"  # type: ignore[attr-defined]
    return cast(View, guarded)


def public(view: View) -> View:
    """Anybody, without an account. The mark says that this was meant."""
    view.audience = "public"  # type: ignore[attr-defined]
    return view


def ready(answer: Callable[..., HttpResponse | None]) -> Callable[[View], View]:
    """Asks `answer` first, outside the transaction: it reads no database, and gives None when it
    has nothing ready. For public pages that are the same for everybody."""

    def decorate(view: View) -> View:
        view.ready_answer = answer  # type: ignore[attr-defined]
        return view

    return decorate


def _to_sign_in(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")


def page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page at once, inside the transaction: a lazy one would read without a scope."""
    return render(request, template, context, status=status)


def see_other(name: str, *args: Any, **kwargs: Any) -> HttpResponse:
    """303 after an accepted write, so that a reload repeats nothing."""
    return HttpResponse(status=303, headers={"Location": reverse(name, args=args, kwargs=kwargs)})


def see_other_with(name: str, *args: Any, **query: Any) -> HttpResponse:
    """The same to a list, with what it should speak of first. Never personal data in `query`."""
    address = f"{reverse(name, args=args)}?{urlencode(query)}"
    return HttpResponse(status=303, headers={"Location": address})


def addresses(name: str) -> Callable[[UUID], str]:
    """The addresses of many things of one kind: the pattern is looked up once, not for each."""
    before, after = reverse(name, args=[UUID(int=0)]).split(str(UUID(int=0)))
    return lambda thing_id: f"{before}{thing_id}{after}"


def refused_page(request: HttpRequest, code: str, message: str, status: int) -> HttpResponse:
    """A refusal without a form to stand beside: what happened, what to do, and the way back."""
    back = request.headers.get("Referer", "")
    own = back.startswith((f"{request.scheme}://{request.get_host()}/", "/"))
    return render(
        request,
        "shell/refused.html",
        {"code": code, "message": _(message), "back": back if own else "/"},
        status=status,
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _("这个页面打开得太久了，或浏览器没有保存登录信息。请返回上一页，刷新后重新提交。")
    return refused_page(request, "csrf", message, status=403)


def shell_context(request: HttpRequest) -> dict[str, Any]:
    """What the shell of every page shows: the actor, the text size, and a fresh key for its forms."""
    return {
        "actor": getattr(request, "actor", None),
        "is_large": request.COOKIES.get("guiyan_large") == "1",
        "is_demo": settings.DEMO,
        "once": secrets.token_urlsafe(16),
    }
