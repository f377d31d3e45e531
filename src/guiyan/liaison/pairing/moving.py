"""A member moves, and nobody falls between two organisations: who kept in touch until now answers
until the new side names its own, and the new contact person finds the history.
"""

from typing import Any
from uuid import UUID, uuid4, uuid5

from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy

from guiyan.access import queries as access_queries
from guiyan.flows import panels
from guiyan.flows import queries as flow_queries
from guiyan.flows.events import MemberMovedOn, MemberPlaced
from guiyan.flows.types import CaseFacts
from guiyan.liaison.models import Contact, ContactPerson, HelpNote
from guiyan.liaison.pairing import queries
from guiyan.members import timeline
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor
from guiyan.platform.events import subscribe
from guiyan.platform.jobs import enqueue, job
from guiyan.platform.permissions import Permission


def join_lower_rooms() -> None:
    """Once, when the application is ready."""
    panels.register(history_panel)
    named = gettext_lazy("指定了联系人")
    timeline.SENTENCES.update({"liaison.commit_pairs": named, "liaison.commit_many": named})
    subscribe(MemberMovedOn, moved_on)
    subscribe(MemberPlaced, placed)


def history_panel(actor: Actor, case: CaseFacts) -> tuple[str, dict[str, Any]] | None:
    """Who kept in touch before, why, and what was handed over; nothing while there was but one."""
    keepings = queries.keepings_of(actor, case.id)
    if len(keepings) < 2 and not any(one.is_interim for one in keepings):
        return None
    return "liaison/pairing/history.html", {"keepings": keepings}


def moved_on(event: MemberMovedOn) -> None:
    enqueue(carry_along, case_id=str(event.case_id), next_case_id=str(event.next_case_id))


def placed(event: MemberPlaced) -> None:
    enqueue(mark_interim, case_id=str(event.case_id))


@job("liaison.carry_along")
def carry_along(*, case_id: str, next_case_id: str) -> None:
    """The history of contact persons and contacts stands in the next stay too; who keeps in touch
    now does so until the next host has named somebody. Running it twice changes nothing."""
    before, after = UUID(case_id), UUID(next_case_id)
    known = set(ContactPerson.objects.filter(case_id=after).values_list("account_id", "valid_from"))
    rows = ContactPerson.objects.filter(case_id=before).order_by("valid_from")
    carried = [row for row in rows if (row.account_id, row.valid_from) not in known]
    for row in carried:
        row.id, row.case_id = uuid4(), after
        row.is_interim = row.valid_to is None
        row.is_pinned = False
    ContactPerson.objects.bulk_create(carried)
    _copy_contacts(before, after)
    _copy_notes(before, after)


def _copy_contacts(before: UUID, after: UUID) -> None:
    """Each once, also where somebody at the new place was quicker than the worker. They are history:
    nobody takes a copy back as if it had been noted now."""
    rows = [_copy(row, after) for row in Contact.objects.filter(case_id=before)]
    Contact.objects.bulk_create(rows, ignore_conflicts=True)
    Contact.objects.filter(id__in=[row.id for row in rows]).update(noted_at=None)


def _copy_notes(before: UUID, after: UUID) -> None:
    """What the secretary wrote to the contact person, with the days on which it was written."""
    for row in HelpNote.objects.filter(case_id=before):
        at, note_id = row.at, uuid5(after, str(row.id))
        row.id, row.case_id = note_id, after
        HelpNote.objects.bulk_create([row], ignore_conflicts=True)
        HelpNote.objects.filter(id=note_id).update(at=at)


def _copy(row: Contact, case_id: UUID) -> Contact:
    facts = model_to_dict(row, exclude=["id", "case"])
    return Contact(id=uuid5(case_id, str(row.id)), case_id=case_id, **facts)


@job("liaison.mark_interim")
def mark_interim(*, case_id: str) -> None:
    """In another branch somebody else is to be named; until then who did it before still does."""
    row = ContactPerson.objects.filter(case_id=case_id, valid_to__isnull=True).first()
    case = flow_queries.cases_by_id(Actor.system("liaison"), [UUID(case_id)]).get(UUID(case_id))
    if row is None or case is None or case.host_path is None or row.is_interim:
        return
    staff = {
        person.account_id
        for place in org_queries.ancestors_of(case.host_path)
        for person in access_queries.staff_at(place.path, Permission.RECORD_CONTACT)
    }
    if row.account_id not in staff:
        row.is_interim = True
        row.save(update_fields=["is_interim"])
