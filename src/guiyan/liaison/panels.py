"""Contact person and contacts on the case's page, in the file's timeline, on the member's page."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.flows import hanging, panels
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseFacts
from guiyan.liaison import queries
from guiyan.liaison.hanging import what_hangs_on
from guiyan.liaison.rules import WAYS
from guiyan.members import own_page, timeline
from guiyan.members.showing import Line
from guiyan.members.types import Entry, MemberFacts
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission


def join_lower_rooms() -> None:
    """Once, when the application is ready."""
    panels.register(contact_panel)
    hanging.register(what_hangs_on)
    timeline.sources.append(contact_entries)
    own_page.carers.append(contact_person_line)
    timeline.SENTENCES.update(
        {"liaison.assign_contact_person": gettext_lazy("指定了联系人")},
    )


def contact_entries(actor: Actor, member_id: UUID) -> list[Entry]:
    """The contacts of all stays that the actor sees, for the file's timeline."""
    entries = []
    for case in flow_queries.cases_of_member(actor, member_id):
        for contact in queries.contacts_of(actor, case.id):
            text = _("联系上了") if contact.was_reached else _("没联系上")
            entries.append(
                Entry(
                    contact.at,
                    f"{_(WAYS[contact.how])} · {text}",
                    contact.by_name,
                    "",
                    contact.note,
                )
            )
    return entries


def contact_person_line(actor: Actor, member: MemberFacts) -> list[Line]:
    """The contact person by name, for the member's start page; nothing before a branch is found."""
    case = flow_queries.open_case_of_member(actor, member.id)
    if case is None or case.placed_on is None:
        return []
    person = queries.contact_person_of(actor, case.id)
    name = (person.stand_in_name or person.name) if person else _("支部正在为您指定")
    return [Line(_("联系人"), name)]


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
