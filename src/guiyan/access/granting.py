"""Commands of grants: giving a role, the second person's yes to those that need one, and the end.

A role that lets its holder administer or approve takes effect only after a second security
administrator has said yes; the command line, run by the operator on the machine, is the second
person by itself (GB/T 22239-2019, 8.1.4.2; ASVS 2.3.5).
"""

from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from guiyan.access import rules
from guiyan.access.models import Account, Grant, GrantProposal
from guiyan.access.queries import grant_facts, grants_of, open_proposals, proposed_facts
from guiyan.access.roles import ROLES
from guiyan.access.types import GrantFacts
from guiyan.orgs import queries as orgs
from guiyan.platform import audit, clock
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, NotFound, Refused, refuse
from guiyan.platform.permissions import Permission


@command(Permission.ADMINISTER_ACCOUNTS)
def grant_role(
    *,
    by: Actor,
    account_id: UUID,
    role: str,
    organisation_id: UUID,
    valid_from: date,
    valid_to: date | None = None,
    reason: str = "",
) -> GrantFacts:
    """Give a role at an organisation in one's own part of the tree, on days from … to.

    Administrators and approvers wait for a second person (`awaits_second`), unless the operator
    grants from the command line. The account's row is locked first, so that two grants that
    exclude each other can't slip in side by side. Raises NotFound out of scope; Refused:
    asked-already, exclusive, own-account, period, held-already.
    """
    if role not in ROLES:
        raise NotFound(role)
    place = orgs.get_organisation_for(by, organisation_id)
    account = Account.objects.select_for_update().filter(id=account_id).first()
    held = grants_of(account_id)
    if account is None or not (not held or any(by.scope.covers(grant.path) for grant in held)):
        raise NotFound(account_id)
    refuse(
        rules.may_grant(
            role,
            held,
            organisation_id=organisation_id,
            valid_from=valid_from,
            valid_to=valid_to,
            is_own_account=account_id == by.account_id,
        )
    )
    wish = GrantProposal(
        account=account,
        role=role,
        organisation_id=place.id,
        path=place.path,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
    )
    awaits_second = rules.needs_second_person(role, is_operator=by.kind == "system")
    facts = _proposed(by, wish) if awaits_second else _granted(by, wish)
    audit.note(
        subject_kind="account",
        subject_id=account_id,
        role=role,
        organisation=place.code,
        valid_from=valid_from.isoformat(),
        valid_to=valid_to.isoformat() if valid_to else None,
        awaits_second=awaits_second,
    )
    return facts


@command(Permission.ADMINISTER_ACCOUNTS)
def confirm_grant(*, by: Actor, proposal_id: UUID) -> GrantFacts:
    """The second security administrator's yes; from now on the role counts, never earlier.

    Everything that stood against a grant is asked again: another one may have come between.
    Raises NotFound out of scope; Refused: own-account, same-person, second-below, and as granting.
    """
    account, wish = _open_proposal(by, proposal_id)
    refuse(
        rules.may_confirm(
            is_own_account=account.id == by.account_id,
            is_proposer=wish.proposed_by_id == by.account_id,
            stands_as_high=wish.proposed_by_path.startswith(by.path),
        )
    )
    wish.valid_from = max(wish.valid_from, by.today)
    refuse(
        rules.may_grant(
            wish.role,
            grants_of(account.id),
            organisation_id=wish.organisation_id,
            valid_from=wish.valid_from,
            valid_to=wish.valid_to,
            is_own_account=False,
        )
    )
    facts = _granted(by, wish)
    audit.note(
        subject_kind="account",
        subject_id=account.id,
        role=wish.role,
        reason=wish.reason,
        proposed_by=wish.proposed_by,
    )
    return facts


@command(Permission.ADMINISTER_ACCOUNTS)
def decline_grant(*, by: Actor, proposal_id: UUID, reason: str) -> None:
    """No, or taken back by who asked for it: the role never counted."""
    account, wish = _open_proposal(by, proposal_id)
    audit.note(
        subject_kind="account",
        subject_id=account.id,
        role=wish.role,
        proposed_by=wish.proposed_by,
    )
    wish.delete()


@command(Permission.ADMINISTER_ACCOUNTS)
def end_grant(*, by: Actor, grant_id: UUID, reason: str) -> None:
    """A role ends now; what was true on past days stays. It counts at the next request (F29).

    A grant that holds today ends yesterday, because today would still let its holder in.
    """
    grant = Grant.objects.select_for_update().filter(id=grant_id).first()
    if grant is None or not by.scope.covers(grant.path):
        raise NotFound(grant_id)
    refuse(rules.may_end_grant(is_own_account=grant.account_id == by.account_id))
    _end(by, grant)
    audit.note(subject_kind="account", subject_id=grant.account_id, role=grant.role)


def ask_anew(by: Actor, account: Account, reason: str) -> None:
    """Who resets an account could sign in as it: its strong roles wait for a second person again."""
    for grant in Grant.objects.select_for_update().filter(account=account):
        is_over = grant.valid_to is not None and grant.valid_to < by.today
        if is_over or not rules.needs_second_person(grant.role, is_operator=by.kind == "system"):
            continue
        wish = GrantProposal(
            account=account,
            role=grant.role,
            organisation_id=grant.organisation_id,
            path=grant.path,
            valid_from=max(grant.valid_from, by.today),
            valid_to=grant.valid_to,
            reason=reason,
        )
        _end(by, grant)
        _proposed(by, wish)


def _end(by: Actor, grant: Grant) -> None:
    yesterday = by.today - timedelta(days=1)
    if grant.valid_from > yesterday:
        grant.delete()
    elif grant.valid_to is None or grant.valid_to > yesterday:
        grant.valid_to = yesterday
        grant.save(update_fields=["valid_to"])


def _open_proposal(by: Actor, proposal_id: UUID) -> tuple[Account, GrantProposal]:
    """The account is locked before the wish, as in granting; out of scope is NotFound."""
    account_ids = GrantProposal.objects.filter(id=proposal_id).values("account_id")
    account = Account.objects.select_for_update().filter(id__in=account_ids).first()
    wish = open_proposals().select_for_update().filter(id=proposal_id).first()
    if account is None or wish is None or not by.scope.covers(wish.path):
        raise NotFound(proposal_id)
    return account, wish


def _proposed(by: Actor, wish: GrantProposal) -> GrantFacts:
    if by.account_id is None:
        raise Forbidden("propose")
    wish.proposed_by_id, wish.proposed_by, wish.proposed_by_path = by.account_id, by.name, by.path
    wish.proposed_at = clock.now()
    same = _same_wishes(wish)
    same.exclude(id__in=open_proposals().values("id")).delete()
    try:
        with transaction.atomic():
            wish.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(rules.ASKED_ALREADY.code, rules.ASKED_ALREADY.message) from error
    return proposed_facts(wish)


def _granted(by: Actor, wish: GrantProposal) -> GrantFacts:
    """The grant stands; whoever asked for the same has it with this."""
    names = [name for name in (wish.proposed_by, by.name) if name]
    grant = Grant.objects.create(
        account=wish.account,
        role=wish.role,
        organisation_id=wish.organisation_id,
        path=wish.path,
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        granted_by="、".join(names)[:80],
        reason=wish.reason,
    )
    _same_wishes(wish).delete()
    return grant_facts(grant, orgs.organisation(wish.organisation_id).name)


def _same_wishes(wish: GrantProposal) -> QuerySet[GrantProposal]:
    return GrantProposal.objects.filter(
        account=wish.account, role=wish.role, organisation_id=wish.organisation_id
    )
