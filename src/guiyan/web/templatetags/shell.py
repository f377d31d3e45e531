"""What the shell asks for: the menu, the languages, the page to go home to."""

from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from guiyan.platform.actor import Actor
from guiyan.web import inline_css as styles
from guiyan.web import navigation

register = template.Library()


@register.simple_tag(takes_context=True, name="navigation")
def navigation_entries(context: dict[str, Any]) -> list[navigation.ShownGroup]:
    """The menu of the person who acts."""
    actor: Actor | None = context.get("actor")
    return list(navigation.menu_for(actor, context["request"].path)) if actor else []


@register.simple_tag
def member_css() -> SafeString:
    """The style of members' and public pages, to stand inside the page."""
    return mark_safe(styles.inline_css("member.css"))  # noqa: S308 - a file of this package


@register.simple_tag
def own_url(name: str) -> str:
    """The address of a named page, empty where there is none."""
    return navigation.own_url(name)


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any]) -> str:
    """The address of this page, to come back to; "/" where nothing is, since what was typed there
    may be somebody's number and is not said again."""
    request = context.get("request")
    return request.path if request and request.resolver_match else "/"


@register.simple_tag(takes_context=True)
def languages(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Each language under its own name, with the link that switches to it."""
    came_from = urlencode({"next": here(context)})
    return [
        {
            "code": code,
            "name": name,
            "is_current": code == get_language(),
            "url": f"{_switch_to(code)}?{came_from}",
        }
        for code, name in settings.LANGUAGES
    ]


@cache
def _switch_to(code: str) -> str:
    return reverse("web:language", args=[code])


@register.simple_tag(takes_context=True)
def start_page(context: dict[str, Any]) -> str:
    """Where this person starts: their work, their own file, or the public page."""
    actor: Actor | None = context.get("actor")
    if actor is not None and actor.is_staff:
        return reverse("web:work")
    if actor is not None and actor.is_member:
        return navigation.own_url("members:me") or "/"
    return "/"
