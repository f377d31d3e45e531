"""The number on a paper receipt: short enough to be read out, enough to find the stay at the desk."""

import re
from uuid import UUID

from guiyan.flows.queries import case_facts, cases_for
from guiyan.flows.types import CaseFacts
from guiyan.platform.actor import Actor

_NUMBER = re.compile(r"([0-9A-Fa-f]{4})[-－ ]?([0-9A-Fa-f]{4})")


def case_number(case_id: UUID) -> str:
    """Eight characters in two groups: 3F0A-91C2."""
    text = case_id.hex[:8].upper()
    return f"{text[:4]}-{text[4:]}"


def find_by_number(actor: Actor, text: str) -> list[CaseFacts]:
    """The stays in scope with this number, seldom more than one; none for what is no number.

    One query by primary key.
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return []
    stem = match[1] + match[2]
    low, high = UUID(stem.ljust(32, "0")), UUID(stem.ljust(32, "f"))
    return [case_facts(case) for case in cases_for(actor).filter(id__gte=low, id__lte=high)[:5]]
