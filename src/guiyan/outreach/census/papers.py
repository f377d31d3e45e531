"""What a census prints: sheets for the door, the opening letter, the poster."""

from collections import defaultdict
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from guiyan.flows.papers import printed_open_letter
from guiyan.orgs import queries as orgs
from guiyan.outreach.census import queries, words
from guiyan.outreach.census.rules import KEYS
from guiyan.outreach.census.types import AreaFacts, RoundFacts, StandingFacts
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.documents.qr import qr_svg
from guiyan.platform.documents.render import render_pdf

_SHEET: Final = Path(__file__).parent / "papers" / "sheet.typ"


@override(settings.LANGUAGE_CODE)
def printed_sheet(actor: Actor, area: AreaFacts) -> bytes:
    """The premises of an area street by street, each with its code, and room for a key."""
    round_ = queries.get_round_for(actor, area.round_id)
    streets: dict[str, list[StandingFacts]] = defaultdict(list)
    for one in queries.standings_of_area(actor, area.id):
        streets[one.street].append(one)
    facts = {
        "title": _("%(round)s走访表") % {"round": round_.title},
        "place": f"{orgs.organisation(area.organisation_id).name}　{words.area_name(area.number, area.name)}",
        "team": area.team_name,
        "keys": [f"{key} {words.STATE[state]}" for key, state in KEYS.items() if int(key) < 8],
        "streets": [
            {"name": street or _("没有写街道"), "doors": [_line(one) for one in doors]}
            for street, doors in streets.items()
        ],
        "watermark": {"viewer": actor.name, "unit": actor.organisation_name, "at": now()},
    }
    return render_pdf(_SHEET, facts, tagged=False)


def _line(one: StandingFacts) -> dict[str, str]:
    notes = [
        str(words.NOTED.get(one.noted, "")),
        "" if one.is_left else str(words.STATE[one.state]),
    ]
    return {
        "code": one.code,
        "qr": qr_svg(one.code),
        "name": one.name,
        "address": one.address,
        "note": "；".join(note for note in notes if note),
    }


@override(settings.LANGUAGE_CODE)
def printed_letter(actor: Actor, round_: RoundFacts) -> bytes:
    """The opening letter of a round, with the organisation's own code, hotline and address."""
    text = round_.letter or str(words.LETTER)
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    return printed_open_letter(
        actor,
        orgs.organisation(round_.organisation_id),
        title=round_.title,
        salutation=_("各位店主、经营者和员工："),
        paragraphs=paragraphs,
    )
