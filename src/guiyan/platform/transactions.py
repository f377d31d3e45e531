"""Each request runs in one transaction, under the actor's scope; each accepted write answers once.

The middleware runs the view itself, because the scope lives as long as the transaction and must
be set inside it. It always sets a scope, also the empty one: `SET LOCAL` outlives a savepoint.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guiyan.platform.actor import Actor
from guiyan.platform.errors import Conflict, Forbidden, NotFound, Refused
from guiyan.platform.pages import refused_page
from guiyan.platform.reading import reading
from guiyan.platform.scope import scoped_to_the_end

READING = frozenset({"GET", "HEAD", "OPTIONS"})
View = Callable[..., HttpResponseBase]


class TransactionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        without_database = getattr(view, "ready_answer", None)
        if without_database and (ready := without_database(request, *args, **kwargs)):
            return ready  # type: ignore[no-any-return]
        try:
            with transaction.atomic(), scoped_to_the_end(actor.scope):
                if request.method in READING:
                    with reading():
                        return view(request, *args, **kwargs)
                return _answer_once(request, actor, lambda: view(request, *args, **kwargs))
        except NotFound as error:
            raise Http404 from error
        except Forbidden as error:
            raise PermissionDenied from error
        except Refused as error:
            return refused_page(request, error.code, error.message, status=422)
        except Conflict as error:
            return refused_page(request, "conflict", str(error), status=409)


def once_key(request: HttpRequest) -> str:
    """The key that the form or the API client sent with its write; empty when there is none."""
    key = str(request.headers.get("Idempotency-Key") or request.POST.get("once") or "")
    return key.replace("\0", "")[:64]  # which PostgreSQL keeps in no text


def _answer_once(
    request: HttpRequest, actor: Actor, run: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Give a retried write its first answer.

    The key is claimed in the transaction of the write, so a write cut off by a crash leaves no
    key behind, and a second request with the same key waits for the first. A refused write
    (the form comes back, or an error) gives its key back: a corrected form is not a conflict.
    """
    key = once_key(request)
    if not key:
        return run()
    who = str(actor.account_id or actor.member_id or "public")
    digest = _body_digest(request)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into platform_idempotencykey (key, who, body_digest, location, body, at)"
            " values (%s, %s, %s, '', '', now()) on conflict (key) do nothing",
            [key, who, digest],
        )
        if cursor.rowcount == 0:
            cursor.execute(
                "select who, body_digest, status, location, body"
                " from platform_idempotencykey where key = %s",
                [key],
            )
            return _first_answer(who, digest, cursor.fetchone())
        response = run()
        if _is_accepted(response):
            body = _json_of(response)
            cursor.execute(
                "update platform_idempotencykey set status = %s, location = %s, body = %s"
                " where key = %s",
                [response.status_code, response.headers.get("Location", "")[:500], body, key],
            )
        else:
            cursor.execute("delete from platform_idempotencykey where key = %s", [key])
    return response


def _first_answer(who: str, digest: bytes, row: tuple[Any, ...]) -> HttpResponse:
    first_who, first_digest, status, location, body = row
    if first_who != who or not hmac.compare_digest(bytes(first_digest), digest):
        raise Conflict(_("这次提交与先前用同一编号的提交内容不同。请刷新页面后重新填写。"))
    response = HttpResponse(body, status=status)
    if location:
        response.headers["Location"] = location
    if body:
        response.headers["Content-Type"] = "application/json; charset=utf-8"
    return response


def _is_accepted(response: HttpResponseBase) -> bool:
    """Pages answer an accepted write with a redirect, the API with 2xx JSON."""
    return 300 <= response.status_code < 400 or (response.status_code < 300 and _is_json(response))


def _json_of(response: HttpResponseBase) -> str:
    is_whole = isinstance(response, HttpResponse) and _is_json(response)
    return response.content.decode() if is_whole else ""  # type: ignore[attr-defined]


def _is_json(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith("application/json")


def _body_digest(request: HttpRequest) -> bytes:
    """A keyed hash: an unkeyed one of a form with an ID number could be reversed in seconds."""
    digest = hmac.new(settings.SECRET_KEY.encode(), request.path.encode(), hashlib.sha256)
    if request.content_type == "application/json":
        digest.update(request.body)
        return digest.digest()
    for name in sorted(request.POST):
        if name not in {"csrfmiddlewaretoken", "once"}:
            digest.update(f"{name}={request.POST.getlist(name)}\n".encode())
    for name, upload in sorted(request.FILES.items()):
        digest.update(f"{name}:".encode())
        for chunk in upload.chunks():  # type: ignore[union-attr]
            digest.update(chunk)
        upload.seek(0)  # type: ignore[union-attr]
    return digest.digest()
