"""Queries of who is of staff at and below an organisation, for rooms that spread work over many."""

from django.db.models import Q

from guiyan.access.models import Grant
from guiyan.access.roles import ROLES
from guiyan.access.types import StaffFacts
from guiyan.orgs import queries as orgs
from guiyan.platform import clock
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import ABOVE_EVERY_PATH


def staff_under(actor: Actor, path: str, permission: Permission) -> list[StaffFacts]:
    """Who holds this permission today at an organisation at or below `path`, within the actor's
    part of the tree; somebody with grants at two organisations stands there twice. Two queries."""
    codes = [role.code for role in ROLES.values() if permission in role.permissions]
    day = clock.today()
    held = (
        Grant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
        .filter(path__gte=path, path__lt=path + ABOVE_EVERY_PATH)
        .filter(path__gte=actor.scope.low, path__lt=actor.scope.high)
        .filter(role__in=codes, account__is_active=True)
        .select_related("account")
        .order_by("path", "account__name", "account_id", "role")
    )
    people: dict[tuple[object, object], list[Grant]] = {}
    for grant in held:
        people.setdefault((grant.account_id, grant.organisation_id), []).append(grant)
    places = orgs.organisations_by_id({grants[0].organisation_id for grants in people.values()})
    return [
        StaffFacts(
            account_id=grants[0].account_id,
            name=grants[0].account.name,
            organisation_id=grants[0].organisation_id,
            organisation_name=places[grants[0].organisation_id].name,
            roles=tuple(grant.role for grant in grants),
            languages=places[grants[0].organisation_id].languages,
        )
        for grants in people.values()
        if grants[0].organisation_id in places
    ]
