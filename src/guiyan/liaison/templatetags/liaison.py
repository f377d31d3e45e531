"""Words of this room's codes."""

from django import template
from django.utils.translation import gettext as _

from guiyan.liaison.rules import WAYS

register = template.Library()


@register.filter
def way(code: str) -> str:
    """`call` → 打电话."""
    return _(WAYS.get(code, code))
