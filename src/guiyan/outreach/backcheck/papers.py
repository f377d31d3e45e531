"""The sheet with which others go: nothing on it of what was found first."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from guiyan.outreach.backcheck import queries
from guiyan.outreach.census.types import RoundFacts
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.documents.render import render_pdf

_SHEET: Final = Path(__file__).parent / "papers" / "sheet.typ"


@override(settings.LANGUAGE_CODE)
def printed_sheet(actor: Actor, round_: RoundFacts, choices: list[str]) -> bytes:
    """What is left to look at again, by the team that goes."""
    teams: dict[str, list[dict[str, str]]] = {}
    for one in queries.checks_of(actor, round_.id, is_done=False):
        line = {
            "code": one.standing.code,
            "name": one.standing.name,
            "address": one.standing.address,
        }
        teams.setdefault(one.second_team_name, []).append(line)
    facts = {
        "title": _("%(round)s复核表") % {"round": round_.title},
        "choices": choices,
        "teams": [
            {"name": name or _("由另外的同志复核"), "doors": doors} for name, doors in teams.items()
        ],
        "watermark": {"viewer": actor.name, "unit": actor.organisation_name, "at": now()},
    }
    return render_pdf(_SHEET, facts, tagged=False)
