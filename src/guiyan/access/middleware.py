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
        actor = request.actor = actor_of(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if actor.is_staff or actor.is_member:
            # On a shared computer nobody leafs back to a file after its reader has signed out.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
