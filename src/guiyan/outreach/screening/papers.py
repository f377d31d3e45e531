"""The printed list of a branch: everybody with a code and a box for the key."""

from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from guiyan.outreach.census import queries as census
from guiyan.outreach.screening import queries, words
from guiyan.outreach.screening.rules import KEYS
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.documents.render import render_pdf

_LIST: Final = Path(__file__).parent / "papers" / "list.typ"


@override(settings.LANGUAGE_CODE)
def printed_list(actor: Actor, standing_id: UUID) -> bytes:
    """Who has no line yet is not on paper: the list is made first (commands.make_list)."""
    found = queries.list_of(actor, standing_id)
    round_ = census.get_round_for(actor, found.standing.round_id)
    facts = {
        "title": _("%(round)s核对表") % {"round": round_.title},
        "branch": found.standing.name,
        "keys": [f"{key} {words.ANSWER[answer]}" for key, answer in KEYS.items()],
        "people": [
            {
                "code": one.code,
                "name": one.name,
                "note": str(words.ANSWER[one.answer])
                if one.answer
                else (_("已登记外出") if one.case_id else ""),
            }
            for one in found.people
            if one.line
        ],
        "watermark": {"viewer": actor.name, "unit": actor.organisation_name, "at": now()},
    }
    return render_pdf(_LIST, facts, tagged=False)
