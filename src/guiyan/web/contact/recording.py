"""One contact with all that was learnt in it: the rooms' commands in one transaction."""

from uuid import UUID

from django.db import transaction

from guiyan.flows.types import CaseFacts
from guiyan.liaison import commands as liaison
from guiyan.liaison.six_clears import commands as six_clears
from guiyan.platform.actor import Actor
from guiyan.web.contact.forms import ContactForm


def record(by: Actor, case: CaseFacts, form: ContactForm) -> UUID:
    """All of it is kept or none. Raises Refused as the commands do; the form keeps what was typed."""
    typed = form.cleaned_data
    with transaction.atomic():
        contact_id = liaison.record_contact(
            by=by,
            case_id=case.id,
            how=form.way,
            was_reached=form.was_reached,
            note=typed["note"],
            was_talk=typed["was_talk"],
            why_not="" if form.was_reached else typed["why_not"],
            next_on=typed["next_on"],
        )
        if said := form.said():
            six_clears.note_clears(
                by=by,
                member_id=case.member_id,
                said=said,
                as_of=by.today,
                contact_id=contact_id,
                case_id=case.id,
            )
    return contact_id
