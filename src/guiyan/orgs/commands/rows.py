"""Rows for writing: within the actor's scope, locked, and the history that every act leaves."""

from datetime import date
from uuid import UUID

from guiyan.orgs import rules
from guiyan.orgs.models import Organisation, OrganisationInterval
from guiyan.orgs.queries.organisations import facts_of
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound


def locked(by: Actor, organisation_id: UUID) -> Organisation:
    """The row within the actor's scope, locked until the transaction ends. Raises NotFound."""
    row = (
        Organisation.objects.select_for_update(of=("self",))
        .select_related("kind")
        .filter(id=organisation_id)
        .first()
    )
    if row is None or not by.scope.covers(row.path):
        raise NotFound("organisation")
    return row


def tree_facts(row: Organisation) -> rules.TreeFacts:
    """What the rules ask of a row."""
    return rules.TreeFacts(row.path, row.kind_id, row.closed_on is None)


def begin_interval(row: Organisation, act: str, on: date, reason: str) -> OrganisationInterval:
    """From this day on the organisation is called and hangs as the row says."""
    return OrganisationInterval(
        organisation=row,
        name=row.name,
        kind_code=row.kind_id,
        parent_id_then=row.parent_id,
        path=row.path,
        version=row.version,
        act=act,
        reason=reason,
        valid_from=on,
        valid_to=on if act in {"closed", "merged"} else None,
    )


def turn_interval(row: Organisation, act: str, on: date, reason: str) -> None:
    """End what held until now and begin what holds from now on. Two statements."""
    OrganisationInterval.objects.filter(organisation=row, valid_to=None).update(valid_to=on)
    begin_interval(row, act, on, reason).save(force_insert=True)


def fresh(organisation_id: UUID) -> OrganisationFacts:
    """The facts after a write. One query."""
    return facts_of(Organisation.objects.select_related("kind").get(id=organisation_id))
