"""Contact persons and contacts, seen with their case."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from guiyan.access import queries as access_queries
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseFacts, CaseState
from guiyan.liaison import rules
from guiyan.liaison.models import Contact, ContactPerson
from guiyan.liaison.types import Candidate, ContactFacts, ContactPersonFacts
from guiyan.members import queries as member_queries
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission

ON_A_LIST = 8


def contact_person_of(actor: Actor, case_id: UUID) -> ContactPersonFacts | None:
    """Two queries."""
    flow_queries.require_case(actor, case_id)
    return contact_persons_of(actor, [case_id]).get(case_id)


def contact_persons_of(actor: Actor, case_ids: Sequence[UUID]) -> dict[UUID, ContactPersonFacts]:
    """Present contact persons of many cases, one query: for the registers."""
    rows = ContactPerson.objects.filter(case_id__any=case_ids, valid_to__isnull=True)
    columns = rows.values_list("case_id", "account_id", "name", "why", "valid_from")
    return {row[0]: ContactPersonFacts(*row[1:]) for row in columns}


def last_contacts_of(actor: Actor, case_ids: Sequence[UUID]) -> dict[UUID, ContactFacts]:
    """The last contact that reached each member, one query."""
    rows = (
        Contact.objects.filter(case_id__in=case_ids, was_reached=True, withdrawn_at__isnull=True)
        .order_by("case_id", "-at")
        .distinct("case_id")
    )
    return {row.case_id: _facts(row) for row in rows}


def contacts_of(actor: Actor, case_id: UUID, *, limit: int = 50) -> list[ContactFacts]:
    """Contacts of one case, the newest first."""
    flow_queries.require_case(actor, case_id)
    rows = Contact.objects.filter(case_id=case_id, withdrawn_at__isnull=True).order_by("-at")
    return [_facts(row) for row in rows[:limit]]


def my_members(actor: Actor, *, limit: int = 100) -> list[CaseFacts]:
    """The cases whose contact person the actor is."""
    rows = ContactPerson.objects.filter(account_id=actor.account_id or UUID(int=0), valid_to=None)
    ids = list(rows.values_list("case_id", flat=True)[:limit])
    cases = flow_queries.cases_for(actor).filter(id__in=ids, ended_on__isnull=True)
    return flow_queries.facts_of(cases.order_by("pinyin", "id"))


def candidates_for(actor: Actor, case_id: UUID) -> list[Candidate]:
    """Who could keep in touch with this member: staff of the branch and of the body above it."""
    case = flow_queries.get_case_for(actor, case_id)
    if case.host_path is None or case.state != CaseState.PLACED:
        return []
    member = member_queries.get_member_for(actor, case.member_id)
    above = org_queries.ancestors_of(case.host_path)[-1:]
    staff = access_queries.staff_at(case.host_path, Permission.RECORD_CONTACT)
    for organisation in above:
        staff += [
            person
            for person in access_queries.staff_at(organisation.path, Permission.RECORD_CONTACT)
            if person.organisation_id == organisation.id
        ]
    loads = Counter(
        ContactPerson.objects.filter(
            account_id__in=[person.account_id for person in staff], valid_to__isnull=True
        ).values_list("account_id", flat=True)
    )
    weighed = [
        (
            rules.CandidateFacts(
                name=person.name,
                is_of_the_branch=person.organisation_id == case.host_organisation_id,
                languages=person.languages,
                load=loads[person.account_id],
            ),
            person.account_id,
        )
        for person in {person.account_id: person for person in staff}.values()
    ]
    weighed.sort(key=lambda pair: (*rules.candidate_order(member.languages, pair[0]), pair[0].name))
    return [
        Candidate(
            account_id=account_id,
            name=facts.name,
            reasons=tuple(rules.candidate_reason(member.languages, facts)),
            load=facts.load,
        )
        for facts, account_id in weighed[:ON_A_LIST]
    ]


def _facts(row: Contact) -> ContactFacts:
    return ContactFacts(
        row.at,
        row.how,
        row.was_reached,
        row.by_name,
        row.note,
        id=row.id,
        by_account_id=row.by_account_id,
        was_talk=row.was_talk,
        why_not=row.why_not,
        next_on=row.next_on,
        noted_at=row.noted_at,
    )
