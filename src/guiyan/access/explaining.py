"""Why can this person see or do this here: the grants that say so, as sentences."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.access.queries import account_for
from guiyan.access.roles import ROLES
from guiyan.access.sentences import permission_sentence
from guiyan.access.types import GrantFacts
from guiyan.orgs import queries as orgs
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission


@dataclass(frozen=True, slots=True)
class Explanation:
    """Yes or no, with the reasons for it."""

    is_allowed: bool
    sentences: tuple[str, ...]


def explain(
    actor: Actor, *, account_id: UUID, permission: Permission, organisation_id: UUID
) -> Explanation:
    """Each grant of the account in the actor's view, and what it says about this act at this place.

    Raises NotFound when the account is out of the actor's scope.
    """
    account = account_for(actor, account_id)
    place = orgs.organisation(organisation_id)
    if not account.is_active:
        return Explanation(False, (_("账号已停用，什么都看不到。"),))
    verdicts = [
        _verdict(grant, permission, path=place.path, name=place.name, on=actor.today)
        for grant in account.grants
    ]
    reasons = tuple(sentence for _allows, sentence in verdicts)
    return Explanation(
        any(allows for allows, _sentence in verdicts),
        reasons or (_("没有任何授权，什么都看不到。"),),
    )


def _verdict(
    grant: GrantFacts, permission: Permission, *, path: str, name: str, on: date
) -> tuple[bool, str]:
    role = ROLES[grant.role]
    words = {
        "role": role.name,
        "held_at": grant.organisation_name,
        "place": name,
        "what": permission_sentence(permission),
        "from": grant.valid_from.isoformat(),
        "by": grant.granted_by,
    }
    if not grant.holds_on(on):
        return False, _("“%(role)s”（%(held_at)s）今天不在有效期内，不起作用。") % words
    if not path.startswith(grant.path):
        return False, _("“%(role)s”只管%(held_at)s及其下级，%(place)s不在其中。") % words
    if permission in role.permissions:
        return True, _(
            "可以：自%(from)s起任%(held_at)s“%(role)s”（%(by)s授权），该角色可以%(what)s，"
            "%(place)s是%(held_at)s本级或下级。"
        ) % words
    if permission in role.elevated:
        return False, _(
            "平时不可以：“%(role)s”（%(held_at)s）要%(what)s，须写明事由临时提权。"
        ) % words
    return False, _("“%(role)s”（%(held_at)s）没有“%(what)s”这项权限。") % words
