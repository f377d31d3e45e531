"""Contact persons and contacts, seen with their case."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from guiyan.access import queries as access_queries
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseFacts, CaseState
from guiyan.kernel.keyset import decode_cursor, encode_cursor
from guiyan.liaison import rules
from guiyan.liaison.keeping import OWN_LIST, kept_by
from guiyan.liaison.models import Contact, ContactPerson
from guiyan.liaison.types import Candidate, ContactFacts, ContactPersonFacts
from guiyan.members import queries as member_queries
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission
from guiyan.platform.reading import read_once
from guiyan.platform.scope import beyond_scope

ON_A_LIST = 8
ON_A_PAGE = 50
_MINE = "liaison.mine"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # of whom nobody reached yet


def contact_person_of(actor: Actor, case_id: UUID) -> ContactPersonFacts | None:
    """Who keeps in touch now. Two queries."""
    for row in ever_of(actor, case_id):
        if row.valid_to is None:
            return ContactPersonFacts(
                row.account_id, row.name, row.why, row.valid_from, row.stand_in_name
            )
    return None


@read_once
def ever_of(actor: Actor, case_id: UUID) -> tuple[ContactPerson, ...]:
    """Everybody who has kept in touch with this member, the latest first; for this room. Two
    queries."""
    flow_queries.require_case(actor, case_id)
    rows = ContactPerson.objects.filter(case_id=case_id)
    return tuple(rows.order_by("-valid_from", "-valid_to"))


def contact_persons_of(actor: Actor, case_ids: Sequence[UUID]) -> dict[UUID, ContactPersonFacts]:
    """Present contact persons of many cases, one query: for the registers."""
    rows = ContactPerson.objects.filter(case_id__any=case_ids, valid_to__isnull=True)
    columns = rows.values_list(
        "case_id", "account_id", "name", "why", "valid_from", "stand_in_name"
    )
    return {row[0]: ContactPersonFacts(*row[1:]) for row in columns}


def reaching() -> QuerySet[Contact]:
    """Contacts that reached the member: what another person told is none of them."""
    rows = Contact.objects.filter(was_reached=True, withdrawn_at__isnull=True)
    return rows.exclude(how="told_by_other")


def last_contacts_of(actor: Actor, case_ids: Sequence[UUID]) -> dict[UUID, ContactFacts]:
    """The last contact that reached each member, one query."""
    rows = reaching().filter(case_id__in=case_ids).order_by("case_id", "-at").distinct("case_id")
    return {row.case_id: _facts(row) for row in rows}


def contacts_of(actor: Actor, case_id: UUID, *, limit: int = 50) -> list[ContactFacts]:
    """Contacts of one case, the newest first."""
    flow_queries.require_case(actor, case_id)
    rows = Contact.objects.filter(case_id=case_id, withdrawn_at__isnull=True).order_by("-at")
    return [_facts(row) for row in rows[:limit]]


def my_members(
    actor: Actor, cursor: str = "", *, limit: int = ON_A_PAGE
) -> tuple[list[CaseFacts], str]:
    """The cases whose contact person the actor is, who was not reached for longest first, and
    where the next page begins. Two queries. Raises CursorBroken."""
    with beyond_scope(OWN_LIST):
        return _my_members(actor, cursor, limit)


def _my_members(actor: Actor, cursor: str, limit: int) -> tuple[list[CaseFacts], str]:
    mine = ContactPerson.objects.filter(kept_by(actor.account_id))
    newest = reaching().filter(case_id=OuterRef("pk")).order_by("-at").values("at")[:1]
    rows = flow_queries.cases_for(actor).filter(
        id__in=mine.values("case_id"), ended_on__isnull=True
    )
    rows = rows.annotate(last=Coalesce(Subquery(newest), Value(_NEVER))).order_by("last", "id")
    if cursor:
        last, case_id = decode_cursor(cursor, of=_MINE, shape=(datetime, UUID))
        rows = rows.filter(Q(last__gt=last) | Q(last=last, id__gt=case_id))
    keys = list(rows.values_list("last", "id")[: limit + 1])
    cases = flow_queries.cases_by_id(actor, [case_id for _last, case_id in keys[:limit]])
    place = encode_cursor(keys[limit - 1], of=_MINE) if len(keys) > limit else ""
    return [cases[case_id] for _last, case_id in keys[:limit]], place


def is_contact_person(actor: Actor, member_id: UUID) -> bool:
    """Whether the actor keeps in touch with this member today. Two queries."""
    cases = flow_queries.cases_for(actor).filter(member_id=member_id, ended_on__isnull=True)
    rows = ContactPerson.objects.filter(kept_by(actor.account_id))
    return rows.filter(case_id__in=list(cases.values_list("id", flat=True))).exists()


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
