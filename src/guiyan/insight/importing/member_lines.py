"""What the three kinds that are about members share: who is known already, and opening files."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from guiyan.flows import commands as flow_commands
from guiyan.flows import many as flow_many
from guiyan.insight.importing.lines import Context, Line, Undone
from guiyan.insight.importing.persons import Person
from guiyan.kernel.names import fold_name
from guiyan.members import commands as member_commands
from guiyan.members import queries as member_queries
from guiyan.members.types import MemberFacts, NewMember
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor

R = TypeVar("R")


def known_members(
    lines: Sequence[Line[R]], person_of: Callable[[R], Person], context: Context
) -> dict[int, MemberFacts]:
    """By row number, the member in scope that the row is about: by ID number; where the row has
    none, by own phone and equal name. Four statements."""
    people = {line.number: person_of(line.row) for line in lines if line.row is not None}
    by_number = member_queries.find_by_id_numbers(
        context.by, [person.id_number for person in people.values() if person.id_number]
    )
    phones = [p.phone for p in people.values() if not p.id_number and p.phone]
    by_phone = member_queries.find_by_phones(context.by, phones) if phones else {}
    found: dict[int, MemberFacts] = {}
    for number, person in people.items():
        member = by_number.get(person.id_number) if person.id_number else None
        if not person.id_number and (other := by_phone.get(person.phone)) is not None:
            member = other if fold_name(other.name) == fold_name(person.name) else None
        if member is not None:
            found[number] = member
    return found


def new_member(
    person: Person,
    *,
    home: OrganisationFacts | None,
    host: OrganisationFacts | None,
    home_text: str,
    batch_id: UUID | None,
) -> NewMember:
    """The file that is opened for this person; both sides stand in it from the first day, so that
    the case which follows changes nothing in it and the import can be taken back."""
    return NewMember(
        name=person.name,
        id_number=person.id_number or None,
        phone=person.phone or None,
        address=person.address or None,
        ethnicity=person.ethnicity,
        category=person.category,
        joined_on=person.joined_on,
        joined_precision=person.joined_precision,
        trade=person.trade,
        languages=person.languages,
        reads=person.reads,
        reads_little=person.reads_little,
        has_phone=person.has_phone,
        sex=person.sex,
        born_on=person.born_on,
        home_organisation_id=home.id if home else None,
        home_text="" if home else home_text,
        host_organisation_id=host.id if host else None,
        import_batch_id=batch_id,
    )


def undo_members(*, by: Actor, batch_id: UUID, reason: str) -> Undone:
    """Cases that nobody has touched go; then the files that the import opened, where nothing else
    hangs on them."""
    cases = flow_commands.undo_batch(by=by, batch_id=batch_id, reason=reason)
    opened = [member.id for member in member_queries.members_of_batch(by, batch_id)]
    held = flow_many.members_with_cases(by, opened)
    files = member_commands.erase_imported(
        by=by, member_ids=[one for one in opened if one not in held], reason=reason
    )
    return Undone(
        removed=max(cases["removed"], files["removed"]),
        kept=max(cases["kept"], files["kept"] + len(held)),
    )
