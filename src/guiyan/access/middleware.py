"""Puts the actor on the request: who is signed in, under which grant; the public otherwise."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guiyan.platform.actor import Actor


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = Actor.public()  # type: ignore[attr-defined]
        return self.get_response(request)
