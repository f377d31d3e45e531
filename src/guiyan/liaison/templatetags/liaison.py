"""Words of this room's codes."""

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext as _

from guiyan.kernel.languages import LANGUAGE_NAMES
from guiyan.liaison.rules import WAYS, WHY_NOT

register = template.Library()


@register.filter
def way(code: str) -> str:
    """`call` → 打电话."""
    return _(WAYS.get(code, code))


@register.filter
def why_not(code: str) -> str:
    """`no_answer` → 没人接、没有回."""
    return _(WHY_NOT.get(code, code))


@register.filter
def languages(codes: Sequence[str]) -> str:
    """`("yi", "han")` → 彝语、汉语."""
    return _("、").join(_(LANGUAGE_NAMES.get(code, code)) for code in codes)
