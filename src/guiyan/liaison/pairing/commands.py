"""Writes of pairing: what a contact person brings, a proposal, its correction, and its commit."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseFacts
from guiyan.kernel.findings import Phrase
from guiyan.liaison.models import Availability, DraftPair, PairingDraft
from guiyan.liaison.pairing import proposing, queries, rules, working_out
from guiyan.liaison.pairing.committing import commit_pairs, locked, open_draft, set_aside_changed
from guiyan.liaison.pairing.types import Carer
from guiyan.orgs import queries as org_queries
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Refused, refuse
from guiyan.platform.jobs import enqueue
from guiyan.platform.permissions import Permission

__all__ = [
    "commit_pairs",
    "correct_pairs",
    "drop_pairs",
    "propose_pairs",
    "set_aside_changed",
    "set_availability",
]


@command(Permission.PAIR_MEMBERS)
def set_availability(
    *,
    by: Actor,
    account_id: UUID,
    organisation_id: UUID,
    languages: Sequence[str],
    trade: str,
    limit: int | None,
    takes_members: bool,
    reads: Sequence[str] = (),
) -> None:
    """What somebody brings as a contact person at one organisation. Nobody is moved by it; the
    next proposal weighs it."""
    carer = queries.carer_for(by, account_id, organisation_id)
    Availability.objects.update_or_create(
        account_id=account_id,
        organisation_id=organisation_id,
        defaults={
            "path": carer.path,
            "languages": list(languages),
            "reads": list(reads),
            "trade": trade[:60],
            "limit": limit,
            "takes_members": takes_members,
        },
    )
    audit.note(
        subject_kind="account",
        subject_id=account_id,
        languages=list(languages),
        limit=limit,
        takes_members=takes_members,
    )


@command(Permission.PAIR_MEMBERS)
def propose_pairs(
    *,
    by: Actor,
    organisation_id: UUID,
    leaving_account_id: UUID | None = None,
    hand_over_note: str = "",
) -> UUID:
    """A proposal for all placed members at and below an organisation, or for those of one contact
    person who leaves. Nothing changes for anybody before it is committed.

    For a few members it is there when this returns; for many it is "working" until a job is done.
    Raises Refused "nobody-placed" or "nobody-there".
    """
    place = org_queries.get_organisation_for(by, organisation_id)
    theirs = queries.placed_at(by, place.path)
    leaving_name = ""
    if leaving_account_id is not None:
        theirs = theirs.filter(queries.is_kept_by(leaving_account_id))
        leaving_name = queries.name_of_carer(by, leaving_account_id, place.path)
    draft = PairingDraft.objects.create(
        organisation_id=place.id,
        path=place.path,
        made_by_id=by.account_id,
        made_by_name=by.name,
        leaving_account_id=leaving_account_id,
        leaving_name=leaving_name,
        hand_over_note=hand_over_note[:300],
        state="working",
    )
    if theirs[: rules.AT_ONCE + 1].count() > rules.AT_ONCE:
        enqueue(working_out.work_out, draft_id=str(draft.id))
        audit.note(subject_kind="pairing", subject_id=draft.id, is_later=True)
        return draft.id
    found = proposing.answered(working_out.asked_for(by, draft))
    working_out.fill(draft, found)
    audit.note(subject_kind="pairing", subject_id=draft.id, members=len(found.pairs))
    return draft.id


@command(Permission.PAIR_MEMBERS)
def correct_pairs(
    *, by: Actor, draft_id: UUID, chosen: Mapping[UUID, UUID | None], pinned: Collection[UUID]
) -> None:
    """People know better: another contact person for a line, or a line pinned for later runs.

    `chosen` says of each line shown who it is to be; lines that are not named stay. Raises
    Refused "decided", or "not-a-candidate" for somebody who takes no members here.
    """
    draft = open_draft(draft_id)
    carers = {one.account_id: one for one in queries.carers_for(by, draft.path)}
    rows = {row.id: row for row in DraftPair.objects.filter(draft_id=draft.id, id__in=chosen)}
    cases = flow_queries.cases_by_id(by, [row.case_id for row in rows.values()])
    changed = 0
    for row_id, row in rows.items():
        account_id, is_pinned = chosen[row_id], row_id in pinned
        if account_id == row.account_id and is_pinned == row.is_pinned:
            continue
        if account_id != row.account_id:
            _choose(by, row, account_id, carers, cases)
        row.is_pinned = is_pinned and account_id is not None
        changed += 1
        row.save()
    audit.note(subject_kind="pairing", subject_id=draft.id, changed=changed)


def _choose(
    by: Actor,
    row: DraftPair,
    account_id: UUID | None,
    carers: Mapping[UUID, Carer],
    cases: Mapping[UUID, CaseFacts],
) -> None:
    row.account_id, row.name, row.km, row.is_by_hand = account_id, "", None, True
    if account_id is None:
        row.why = queries.kept([Phrase(rules.LEFT_BY_HAND)])
        return
    carer, case = carers.get(account_id), cases.get(row.case_id)
    if carer is None or case is None:
        raise Refused("not-a-candidate", "请从名单里选择联系人。")
    row.name = carer.name
    row.why = queries.kept(proposing.reasons_by_hand(by, case, carer))


@command(Permission.PAIR_MEMBERS)
def drop_pairs(*, by: Actor, draft_id: UUID) -> None:
    """A proposal that nobody wants; nothing has changed for anybody."""
    draft = locked(draft_id)
    if draft.state not in ("working", "failed"):
        refuse(rules.may_change_draft(draft.state))
    draft.state = "dropped"
    draft.save(update_fields=["state"])
    audit.note(subject_kind="pairing", subject_id=draft.id)
