"""Which texts of a purpose hold at an organisation: its own newest version, or the nearest above."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings

from guiyan.messaging.models import MessageTemplate
from guiyan.messaging.purposes import TEXTS, Purpose, in_words_of, purpose_of
from guiyan.messaging.rules import Texts, gaps_in
from guiyan.orgs.queries import ancestor_paths

CODES = ("sms_template", "neutral_sms_template", "wechat_template")
DEMO_CODE = "DEMO"  # the fakes take any


def in_force(code: str, path: str) -> Purpose:
    """The purpose in the words of the nearest organisation that has its own. One query."""
    purpose = purpose_of(code)
    rows = MessageTemplate.objects.filter(purpose=code)
    if path:
        rows = rows.filter(path__in=ancestor_paths(path)).order_by("-path", "-version")
    else:  # no organisation in particular: the topmost that has written some
        rows = rows.order_by("path", "-version")
    row = rows.first()
    if row is None:
        codes = dict.fromkeys(CODES, DEMO_CODE if settings.DEMO else "")
        return in_words_of(purpose, purpose.texts, codes)
    texts = Texts(**{name: getattr(row, name) for name in TEXTS})
    return in_words_of(purpose, texts, {name: getattr(row, name) for name in CODES})


def as_written(purpose: Purpose, texts: Texts) -> dict[str, Any]:
    """What a saying keeps of its texts and codes, so that a later rung says the same; and which facts
    a provider's template of each SMS has room for."""
    asked = {of: gaps_in(getattr(purpose.texts, of)) for of in ("short", "neutral")}
    return asdict(texts) | {name: getattr(purpose, name) for name in CODES} | {"asked": asked}


def facts_for(
    written: Mapping[str, Any], facts: Mapping[str, str], *, is_own: bool
) -> dict[str, str]:
    """The facts that stand in this very SMS, in its order: a provider refuses more or others, and
    whoever else has the phone is told no more than its text says."""
    if "asked" not in written:  # said before this was kept
        return dict(facts)
    return {name: facts[name] for name in written["asked"]["short" if is_own else "neutral"]}


def read(code: str, written: Mapping[str, Any]) -> tuple[Purpose, Texts]:
    """Purpose and texts as they were when it was said."""
    texts = Texts(**{name: written[name] for name in TEXTS})
    purpose = purpose_of(code)
    return in_words_of(purpose, purpose.texts, {name: written[name] for name in CODES}), texts
