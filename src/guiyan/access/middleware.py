"""Puts the actor on the request: who is signed in, under which grant; the public otherwise."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guiyan.access.handsets import bearer_of
from guiyan.access.sessions import actor_of
from guiyan.platform.actor import Actor

API = "/api/"
SCHEME = "bearer "


class ActorMiddleware:
    """Runs outside the request's transaction: these tables are unscoped, and nothing else is.

    A call of the API that bears a token is the token's alone: no cookie is read with it, so no
    browser can be led to make one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        actor = request.actor = _actor(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if actor.is_staff or actor.is_member:
            # On a shared computer nobody leafs back to a file after its reader has signed out.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _actor(request: HttpRequest) -> Actor:
    authorization = request.headers.get("Authorization", "")
    if not (authorization and request.path_info.startswith(API)):
        return actor_of(request)
    bearer = None
    if authorization[: len(SCHEME)].lower() == SCHEME:
        bearer = bearer_of(authorization[len(SCHEME) :].strip()[:100].replace("\0", ""))
    request.bearer = bearer  # type: ignore[attr-defined]
    return bearer.actor if bearer else Actor.public()
