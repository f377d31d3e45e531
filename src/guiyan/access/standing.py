"""As whom a command line acts: a person of staff under their grants at one organisation."""

from guiyan.access import queries
from guiyan.access.roles import permissions_of
from guiyan.orgs import queries as orgs
from guiyan.platform import clock
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused


def actor_of_login(login: str, organisation_code: str) -> Actor:
    """Whoever types the name must be able to act there on a page: the grants of today count, and
    nothing of an elevated session. Raises NotFound, or Refused "no-grant"."""
    account_id = queries.account_id_of_login(login)
    place = orgs.organisation_by_code(organisation_code)
    day = clock.today()
    held = [
        grant
        for grant in queries.grants_of(account_id)
        if grant.organisation_id == place.id and grant.holds_on(day) and not grant.awaits_second
    ]
    if not held or account_id in queries.not_active([account_id]) or not place.is_open:
        raise Refused("no-grant", "这个账号今天在这个组织没有岗位。请换一个账号或组织。")
    roles = tuple(sorted({grant.role for grant in held}))
    return Actor(
        kind="staff",
        name=queries.account_for(Actor.system("cli"), account_id).name,
        today=day,
        account_id=account_id,
        organisation_id=place.id,
        organisation_name=place.name,
        path=place.path,
        roles=roles,
        permissions=permissions_of(roles),
    )
