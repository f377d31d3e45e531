"""Writes of keeping in touch: a contact person is chosen, a contact is recorded."""

from uuid import UUID

from guiyan.field import commands as field_commands
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseState
from guiyan.liaison import naming, queries, rules
from guiyan.liaison.contacts import record_contact, undo_contact
from guiyan.liaison.models import ContactPerson
from guiyan.liaison.pairing import leaving
from guiyan.liaison.pairing.committing import release_interim
from guiyan.liaison.types import ContactPersonFacts
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Refused, refuse
from guiyan.platform.permissions import Permission

__all__ = ["assign_contact_person", "record_contact", "undo_contact"]


@command(Permission.ASSIGN_CONTACT_PERSON)
def assign_contact_person(
    *, by: Actor, case_id: UUID, account_id: UUID, hand_over_note: str = ""
) -> ContactPersonFacts:
    """One person of the suggested list keeps in touch from today; the one before hands over.

    Raises Refused "not-placed", "ended", "not-a-candidate" or "changed-meanwhile".
    """
    case = flow_queries.get_case_for(by, case_id)
    refuse(rules.may_assign(is_open=case.is_open, is_placed=case.state == CaseState.PLACED))
    candidates = {person.account_id: person for person in queries.candidates_for(by, case_id)}
    chosen = candidates.get(account_id)
    if chosen is None:
        raise Refused("not-a-candidate", "请从推荐名单里选择联系人。")
    present = ContactPerson.objects.select_for_update().filter(case_id=case_id, valid_to=None)
    present.update(valid_to=by.today, hand_over_note=hand_over_note[:300])
    row = ContactPerson(
        case_id=case_id,
        account_id=account_id,
        name=chosen.name,
        why=chosen.why_on_record,
        valid_from=by.today,
    )
    leaving.note_stand_ins([row])
    naming.name(row)
    field_commands.give_dues(by=by, owners={case_id: row.acting_account_id})
    release_interim([case_id], by)
    audit.note(
        subject_kind="case",
        subject_id=case_id,
        member_id=case.member_id,
        contact_person=str(account_id),
    )
    return ContactPersonFacts(row.account_id, row.name, row.why, row.valid_from)
