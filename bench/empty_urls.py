"""Two empty pages, of the staff's layout and of the public's; the rest so that links resolve."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from guiyan.access.roles import permissions_of
from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.web.urls import urlpatterns as real


def _template(shell: str) -> Any:
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)
    return engine.from_string(f'{{% extends "shell/{shell}.html" %}}')


def staff(request: HttpRequest) -> HttpResponse:
    role = ("county_officer",)
    request.actor = Actor(  # type: ignore[attr-defined]
        "staff", "空", today(), organisation_name="空", roles=role, permissions=permissions_of(role)
    )
    return HttpResponse(_template("staff").render({}, request))


@csrf_exempt
def public(request: HttpRequest) -> HttpResponse:
    request.actor = Actor.public()  # type: ignore[attr-defined]
    return HttpResponse(_template("public").render({}, request))


urlpatterns = [path("bench/staff", staff), path("bench/public", public), *real]
