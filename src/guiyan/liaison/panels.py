"""What this room adds to the page of a case: the contact person and the latest contacts."""

from typing import Any

from guiyan.flows.types import CaseFacts
from guiyan.liaison import queries
from guiyan.liaison.rules import WAYS
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission


def contact_panel(actor: Actor, case: CaseFacts) -> tuple[str, dict[str, Any]]:
    """A template and its context. Four queries."""
    return "liaison/panel.html", {
        "case": case,
        "contact_person": queries.contact_person_of(actor, case.id),
        "contacts": queries.contacts_of(actor, case.id, limit=5),
        "ways": WAYS,
        "may_assign": actor.may(Permission.ASSIGN_CONTACT_PERSON) and case.state == "placed",
        "may_record": actor.may(Permission.RECORD_CONTACT) and case.is_open,
    }
