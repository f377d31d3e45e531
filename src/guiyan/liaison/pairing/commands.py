"""Writes of pairing: what a contact person brings, a proposal, its correction, and its commit."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from guiyan.field import commands as field_commands
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseFacts, CaseState
from guiyan.kernel.findings import Phrase
from guiyan.liaison.models import Availability, ContactPerson, DraftPair, PairingDraft
from guiyan.liaison.pairing import leaving, proposing, queries, rules, working_out
from guiyan.liaison.pairing.types import Carer, PairLine
from guiyan.orgs import queries as org_queries
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.jobs import enqueue
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope

_ROWS_AT_ONCE = 2_000


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
    draft = _open_draft(draft_id)
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
def commit_pairs(*, by: Actor, draft_id: UUID) -> int:
    """What was proposed and corrected takes effect from today, all or nothing; returns for how
    many members something has changed.

    Raises Refused "decided"; "changed-meanwhile" when a member's stay or contact person is not what
    the proposal was made from; "carer-gone" when somebody who is to be named has no place here now.
    """
    draft = _open_draft(draft_id)
    lines = [line for line in queries.lines_of(by, draft.id) if line.account_id is not None]
    cases = flow_queries.cases_by_id(by, [line.case_id for line in lines])
    rows = {
        row.case_id: row
        for row in ContactPerson.objects.select_for_update()
        .filter(case_id__in=[line.case_id for line in lines], valid_to__isnull=True)
        .order_by("case_id")
    }
    meanwhile = sum(not _is_as_before(line, cases, rows) for line in lines)
    changed = [line for line in lines if line.account_id != line.present_account_id]
    there = {one.account_id for one in queries.carers_for(by, draft.path)} if changed else set()
    gone = sum(line.account_id not in there for line in changed)
    refuse(rules.may_commit(meanwhile=meanwhile, gone=gone))
    _repin(rows, lines)
    _end(by, [rows[line.case_id] for line in changed if line.case_id in rows], draft)
    named = _name(by, changed)
    owners = {row.case_id: row.acting_account_id for row in named}
    field_commands.give_dues(by=by, owners=owners)
    release_interim(list(owners), by)
    draft.state, draft.committed_at = "committed", now()
    draft.save(update_fields=["state", "committed_at"])
    for line in changed:
        audit.note(
            subject_kind="case",
            subject_id=line.case_id,
            member_id=line.member_id,
            contact_person=str(line.account_id),
        )
    audit.note(subject_kind="pairing", subject_id=draft.id, changed=len(changed))
    return len(changed)


def _name(by: Actor, lines: Sequence[PairLine]) -> list[ContactPerson]:
    """Whom nobody kept in touch with until now has no row to lock: of two proposals at the same
    moment the second finds the first one's."""
    named = [
        ContactPerson(
            case_id=line.case_id,
            account_id=account_id,
            name=line.name,
            why=line.why_on_record[:200],
            valid_from=by.today,
            is_pinned=line.is_pinned,
        )
        for line in lines
        if (account_id := line.account_id) is not None
    ]
    leaving.note_stand_ins(named)
    try:
        with transaction.atomic():
            ContactPerson.objects.bulk_create(named, batch_size=_ROWS_AT_ONCE)
    except IntegrityError:
        refuse(rules.may_commit(meanwhile=1))
    return named


def _is_as_before(
    line: PairLine,
    cases: Mapping[UUID, CaseFacts],
    rows: Mapping[UUID, ContactPerson],
) -> bool:
    case, row = cases.get(line.case_id), rows.get(line.case_id)
    present = row.account_id if row and not row.is_interim else None
    is_placed = case is not None and case.is_open and case.state == CaseState.PLACED
    return is_placed and present == line.present_account_id


def _repin(rows: Mapping[UUID, ContactPerson], lines: Sequence[PairLine]) -> None:
    for line in lines:
        row = rows.get(line.case_id)
        if row and row.account_id == line.account_id and row.is_pinned != line.is_pinned:
            row.is_pinned = line.is_pinned
            row.save(update_fields=["is_pinned"])


def _end(by: Actor, rows: Sequence[ContactPerson], draft: PairingDraft) -> None:
    for row in rows:
        row.valid_to = by.today
        if draft.hand_over_note and row.account_id == draft.leaving_account_id:
            row.hand_over_note = draft.hand_over_note
    ContactPerson.objects.bulk_update(
        rows, ["valid_to", "hand_over_note"], batch_size=_ROWS_AT_ONCE
    )


def release_interim(case_ids: Sequence[UUID], by: Actor) -> None:
    """Who answered for a member from the place before is free from today."""
    with beyond_scope("the stay before belongs to the organisation before"):
        before = flow_queries.previous_cases(case_ids)
        ContactPerson.objects.filter(case_id__in=before, valid_to__isnull=True).update(
            valid_to=by.today
        )


@command(Permission.PAIR_MEMBERS)
def drop_pairs(*, by: Actor, draft_id: UUID) -> None:
    """A proposal that nobody wants; nothing has changed for anybody."""
    draft = _draft(draft_id)
    if draft.state not in ("working", "failed"):
        refuse(rules.may_change_draft(draft.state))
    draft.state = "dropped"
    draft.save(update_fields=["state"])
    audit.note(subject_kind="pairing", subject_id=draft.id)


def _open_draft(draft_id: UUID) -> PairingDraft:
    draft = _draft(draft_id)
    refuse(rules.may_change_draft(draft.state))
    return draft


def _draft(draft_id: UUID) -> PairingDraft:
    draft = PairingDraft.objects.select_for_update().filter(id=draft_id).first()
    if draft is None:
        raise NotFound("draft")
    return draft
