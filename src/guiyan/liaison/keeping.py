"""Whoever keeps in touch with a member opens and records on that stay, wherever the member's branch
lies in the tree.

A contact person may belong to the branch next door, or to the branch before while the new one has
not named its own, or stand in for somebody on leave. For that one stay, and for nothing else, they
act from the host's part of the tree.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.db.models import Q

from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseFacts
from guiyan.liaison.models import Contact, ContactPerson
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.scope import beyond_scope, scoped

OWN_LIST = "those whom somebody keeps in touch with may belong to another part of the tree"
_OWN_STAY = "whether the actor keeps in touch with this member, wherever the branch is"


def kept_by(account_id: UUID | None) -> Q:
    """A condition on contact persons: present ones whose part is this account's, as their own or
    standing in."""
    mine = account_id or UUID(int=0)
    return Q(valid_to__isnull=True) & (Q(account_id=mine) | Q(stand_in_account_id=mine))


def is_in_scope(actor: Actor, case: CaseFacts) -> bool:
    """Whether the actor's part of the tree holds a side of this stay."""
    return actor.scope.covers(case.host_path) or actor.scope.covers(case.home_path)


def own_cases(actor: Actor, case_ids: Collection[UUID]) -> dict[UUID, CaseFacts]:
    """Those of the open stays that lie in scope or are the actor's to keep in touch with. At most
    two queries, in whatever scope is set."""
    rows = flow_queries.cases_for(actor).filter(id__in=case_ids, ended_on__isnull=True)
    cases = {case.id: case for case in flow_queries.facts_of(rows)}
    beyond = [case.id for case in cases.values() if not is_in_scope(actor, case)]
    if beyond:
        mine = ContactPerson.objects.filter(kept_by(actor.account_id), case_id__in=beyond)
        for case_id in set(beyond) - set(mine.values_list("case_id", flat=True)):
            del cases[case_id]
    return cases


def acting_for(actor: Actor, case_id: UUID) -> Actor:
    """The actor, where the stay is in scope; else, where they keep in touch with the member, the
    same person in the host's part of the tree. Raises NotFound for everybody else's."""
    try:
        flow_queries.require_case(actor, case_id)
        return actor
    except NotFound:
        if not actor.is_staff:
            raise
    with beyond_scope(_OWN_STAY):
        if not ContactPerson.objects.filter(kept_by(actor.account_id), case_id=case_id).exists():
            raise NotFound("case")
        case = flow_queries.get_case_for(actor, case_id)
    path = case.host_path or case.home_path
    if path is None or not case.is_open:
        raise NotFound("case")
    return replace(actor, path=path)


def acting_for_member(actor: Actor, member_id: UUID) -> Actor | None:
    """As whom the actor acts for a member of another part of the tree; None for nobody of theirs."""
    with beyond_scope(_OWN_STAY):
        mine = ContactPerson.objects.filter(
            kept_by(actor.account_id), case__member_id=member_id, case__ended_on__isnull=True
        )
        case_id = mine.values_list("case_id", flat=True).first()
    if case_id is None or not actor.is_staff:
        return None
    return acting_for(actor, case_id)


@contextmanager
def acting_on(actor: Actor, case_id: UUID) -> Iterator[Actor]:
    """The block reads and writes as whoever may act on this stay."""
    acting = acting_for(actor, case_id)
    with scoped(acting.scope):
        yield acting


@contextmanager
def acting_on_contact(actor: Actor, contact_id: UUID) -> Iterator[Actor]:
    """The same for the stay of a contact that the actor recorded; of any other, as they are."""
    with beyond_scope(_OWN_STAY):
        rows = Contact.objects.filter(id=contact_id, by_account_id=actor.account_id or UUID(int=0))
        case_id = rows.values_list("case_id", flat=True).first()
    if case_id is None:
        yield actor
        return
    with acting_on(actor, case_id) as acting:
        yield acting
