"""What goes wrong in the API is told as problem JSON (RFC 9457): a stable code, words that say what
to do, and nothing written."""

import json
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from guiyan.platform.errors import ComeLater, Conflict, Forbidden, NotFound, Refused

CONTENT_TYPE = "application/problem+json"


def problem(status: int, code: str, detail: str, **headers: str) -> HttpResponse:
    """One refusal as RFC 9457 writes it."""
    said = {
        "type": "about:blank",
        "title": _TITLES.get(status, ""),
        "status": status,
        "code": code,
        "detail": detail,
    }
    body = json.dumps({**said, "title": str(_(str(said["title"])))}, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)


_TITLES = {
    400: gettext_noop("请求不完整"),
    401: gettext_noop("需要登录"),
    403: gettext_noop("没有权限"),
    404: gettext_noop("没有找到"),
    409: gettext_noop("与先前的冲突"),
    413: gettext_noop("太大"),
    422: gettext_noop("没有收下"),
    429: gettext_noop("请稍后再来"),
}


def undone(answer: HttpResponse) -> HttpResponse:
    """The transaction of the request ends without a trace: the framework swallowed the error."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    return answer


def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return undone(problem(422, error.code, error.message))


def _not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    return undone(problem(404, "not-found", _("没有找到，或者不在您的范围内。")))


def _forbidden(request: HttpRequest, error: Forbidden) -> HttpResponse:
    return undone(problem(403, "forbidden", _("您的岗位现在不能做这件事。请与管理员联系。")))


def _conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    return undone(problem(409, "conflict", str(error)))


def _come_later(request: HttpRequest, error: ComeLater) -> HttpResponse:
    """Told when to come, each at another moment; what was counted for it stays counted."""
    detail = _("现在同步的手机太多，请在 %(seconds)s 秒后再来；数据还在手机上。") % {
        "seconds": error.retry_s
    }
    return problem(429, "come-later", detail, **{"Retry-After": str(error.retry_s)})


def _unread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Where it went wrong, never what was sent: that could identify somebody."""
    places = "; ".join(".".join(str(part) for part in one["loc"]) for one in error.errors)
    detail = _("请求的写法不对：%(places)s。请对照接口说明改正。") % {"places": places[:300]}
    return undone(problem(422, "malformed", detail))


def _not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    bearer = getattr(request, "bearer", None)
    code = f"device-{bearer.standing}" if bearer else "not-signed-in"
    detail = _("这台手机要重新登录后才能下载；没传的记录还在手机上，登录后会传上来。")
    return undone(problem(401, code.replace("_", "-"), detail, **{"WWW-Authenticate": "Bearer"}))


def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = {403: "forbidden", 400: "malformed", 404: "not-found"}.get(error.status_code, "refused")
    detail = _("请求没有办成。请检查后重试；若一直这样，请与管理员联系。")
    return undone(problem(error.status_code, code, detail))


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return undone(problem(413, "too-large", _("一次传得太多。请分成小批再传。")))


def install(api: NinjaAPI) -> None:
    """Every error that a router may raise has its answer here."""
    answers: dict[type[Exception], Callable[..., HttpResponse]] = {
        Refused: _refused,
        NotFound: _not_found,
        Http404: _not_found,
        Forbidden: _forbidden,
        Conflict: _conflict,
        ComeLater: _come_later,
        ValidationError: _unread,
        AuthenticationError: _not_signed_in,
        HttpError: _other,
        RequestDataTooBig: _too_big,
    }
    for error, answer in answers.items():
        api.add_exception_handler(error, answer)
