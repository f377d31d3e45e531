"""Pages opened as one person of the cast, without the walk through sign-in."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, override_settings

from guiyan.platform.actor import Actor

_acting: ContextVar[Actor] = ContextVar("acting")
_SIGNED_IN = "guiyan.access.middleware.ActorMiddleware"


class ActingMiddleware:
    """Stands where the session is read, and puts the test's person on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = _acting.get()  # type: ignore[attr-defined]
        return self.get_response(request)


class Browser:
    """A browser in which one person is signed in; everything behind the sign-in is real."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.client = Client(raise_request_exception=False)

    def get(self, url: str) -> HttpResponse:
        return self._open(self.client.get, url, {})

    def post(self, url: str, fields: dict[str, Any] | None = None) -> HttpResponse:
        return self._open(self.client.post, url, fields or {})

    def _open(self, method: Callable[..., Any], url: str, fields: dict[str, Any]) -> HttpResponse:
        middleware = [
            "tests.acting.ActingMiddleware" if name == _SIGNED_IN else name
            for name in settings.MIDDLEWARE
        ]
        token = _acting.set(self.actor)
        try:
            with override_settings(MIDDLEWARE=middleware):
                self.client.handler.load_middleware()
                answer: HttpResponse = method(url, fields)
        finally:
            _acting.reset(token)
        return answer
