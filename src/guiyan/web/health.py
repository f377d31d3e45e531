"""Whether the process lives and whether it can serve, answered before anything else is asked."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

PATHS = frozenset({"/livez", "/readyz"})


class HealthMiddleware:
    """`/livez`: the process answers. `/readyz`: the database answers too; 503 when it does not.

    A middleware, because a probe has no host name, no session and, when it matters, no database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/livez":
            return _answer("ok")
        if request.path == "/readyz":
            return _answer("ok") if _database_answers() else _answer("no database", status=503)
        return self.get_response(request)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return False
    return True


def _answer(text: str, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(text, content_type="text/plain", status=status, headers=headers)
