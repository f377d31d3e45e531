"""The top of the member's start page: how it stands, who looks after them, whom to telephone.

Upper rooms add what they know in `ready()`: `sentences` for how it stands, `carers` for people.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guiyan.members.showing import Line, side_name
from guiyan.members.types import MemberFacts
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import ServicePointFacts
from guiyan.platform.actor import Actor

sentences: list[Callable[[Actor, MemberFacts], str]] = []
carers: list[Callable[[Actor, MemberFacts], list[Line]]] = []
# What other rooms store about a person, with `name`, `purpose`, `readers`, `delete_after`.
further_fields: list[Sequence[Any]] = []
HOTLINES_SHOWN = 2


def standing_of(actor: Actor, facts: MemberFacts) -> str:
    """How it stands in one sentence; empty when no room has anything to say."""
    return " ".join(said for tell in sentences if (said := tell(actor, facts)))


def looked_after_by(actor: Actor, facts: MemberFacts) -> list[Line]:
    """The branch at home, the one where they live now, and the people of upper rooms."""
    home = side_name(facts.home_organisation_id, facts.home_text)
    host = side_name(facts.host_organisation_id, "")
    lines = [Line(_("流出地党组织"), home or _("还没有查明"))]
    if host:
        lines.append(Line(_("现在的党组织"), host))
    return lines + [line for carer in carers for line in carer(actor, facts)]


def hotlines_of(facts: MemberFacts) -> list[ServicePointFacts]:
    """The nearest hotlines of where the member is now, else of home. One query."""
    return orgs.hotlines_along(facts.host_path or facts.home_path or "")[:HOTLINES_SHOWN]
