"""Puts the actor on the request: who is signed in, under which grant; the public otherwise."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guiyan.access.sessions import actor_of


class ActorMiddleware:
    """Runs outside the request's transaction: these tables are unscoped, and nothing else is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)
