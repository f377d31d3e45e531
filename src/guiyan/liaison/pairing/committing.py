"""A proposal takes effect: all of it or nothing, while somebody waits for a few members, by a job
for many; and what changed since it was looked at is shown instead."""

from collections.abc import Iterator, Sequence
from itertools import islice
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from guiyan.access.roles import permissions_of
from guiyan.field import commands as field_commands
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseState
from guiyan.kernel.findings import Phrase
from guiyan.liaison.models import ContactPerson, DraftPair, PairingDraft
from guiyan.liaison.pairing import leaving, queries, rules
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_rows, update_rows
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.jobs import enqueue, long_job
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope, scoped
from guiyan.platform.wording import on_record

AT_ONCE = 5_000
_NOBODY = Value(UUID(int=0))


@command(Permission.PAIR_MEMBERS)
def commit_pairs(*, by: Actor, draft_id: UUID) -> int | None:
    """What was proposed and corrected takes effect from today, all or nothing; returns for how
    many members something has changed, None where a job does it because there are many.

    Raises Refused "decided"; "changed-meanwhile" when a member's stay or contact person is not what
    the proposal was made from; "carer-gone" when somebody who is to be named has no place here now.
    """
    if PairingDraft.objects.filter(id=draft_id, state="committing").exists():
        enqueue(commit_later, draft_id=str(draft_id))  # the worker before may have been killed
        audit.note(subject_kind="pairing", subject_id=draft_id, is_later=True)
        return None
    draft = open_draft(draft_id)
    if _named_in(draft)[: rules.COMMITTED_AT_ONCE + 1].count() <= rules.COMMITTED_AT_ONCE:
        return _take_effect(by, draft)
    draft.state, draft.acting, draft.trouble = "committing", by.kept(), ""
    draft.save(update_fields=["state", "acting", "trouble"])
    enqueue(commit_later, draft_id=str(draft.id))
    audit.note(subject_kind="pairing", subject_id=draft.id, is_later=True)
    return None


@long_job("liaison.commit_later", retries=3)
def commit_later(*, draft_id: str) -> None:
    """In one transaction, in the name of whoever committed: a worker that is killed leaves nothing
    half done, and the job that comes next does it all. Running it twice changes nothing."""
    system = Actor.system("liaison.commit_later")
    with transaction.atomic(), scoped(system.scope):
        draft = PairingDraft.objects.filter(id=draft_id, state="committing").first()
    if draft is None:
        return
    by = Actor.of_kept(draft.acting, permissions_of(draft.acting["roles"]))
    try:
        commit_many(by=by, draft_id=draft.id)
    except Refused:
        set_aside_changed(by=by, draft_id=draft.id)


@command(Permission.PAIR_MEMBERS)
def commit_many(*, by: Actor, draft_id: UUID) -> int:
    """The commit of many, as it was asked for; nothing where another worker is at it, or was."""
    asked = PairingDraft.objects.filter(id=draft_id, state="committing")
    draft = asked.select_for_update(skip_locked=True).first()
    if draft is not None:
        return _take_effect(by, draft)
    audit.note(subject_kind="pairing", subject_id=draft_id, changed=0)
    return 0


@command(Permission.PAIR_MEMBERS)
def set_aside_changed(*, by: Actor, draft_id: UUID) -> int:
    """Lines that are not what they were when they were looked at stand first in the proposal and
    name nobody; all others stay as they were proposed and corrected. Nothing has changed for
    anybody, and the rest can be committed."""
    draft = locked(draft_id)
    if draft.state not in ("open", "committing"):
        refuse(rules.may_change_draft(draft.state))
    lines = {row.id: row for row in _named_in(draft)}
    gone = _gone(by, draft)
    changed = set(lines) - set(_as_before(draft).values_list("id", flat=True))
    aside = [row for row in lines.values() if row.id in changed or row.account_id in gone]
    present = queries.present_rows([row.case_id for row in aside])
    for row in aside:
        now_kept = present.get(row.case_id)
        is_own = now_kept is not None and not now_kept.is_interim
        row.present_account_id = now_kept.account_id if now_kept and is_own else None
        row.present_name = now_kept.name if now_kept else ""
        row.account_id, row.name, row.km, row.is_pinned = None, "", None, False
        why = rules.CHANGED_MEANWHILE if row.id in changed else rules.CARER_GONE
        row.why = queries.kept([Phrase(why)])
    update_rows(
        aside,
        ["present_account_id", "present_name", "account_id", "name", "km", "is_pinned", "why"],
    )
    draft.state, draft.trouble = "open", rules.LOOK_ONCE_MORE
    draft.save(update_fields=["state", "trouble"])
    audit.note(subject_kind="pairing", subject_id=draft.id, set_aside=len(aside))
    return len(aside)


def _take_effect(by: Actor, draft: PairingDraft) -> int:
    """Rows are compared and ended in the database; only what is new is made here."""
    _lock_present(draft)
    meanwhile = _named_in(draft).count() - _as_before(draft).count()
    refuse(rules.may_commit(meanwhile=meanwhile, gone=len(_gone(by, draft))))
    _repin(draft)
    _end(by, draft)
    rows, named = _new_rows(by, draft), 0
    while some := list(islice(rows, AT_ONCE)):
        _name(some)
        field_commands.give_dues(by=by, owners={row.case_id: row.acting_account_id for row in some})
        release_interim([row.case_id for row in some], by)
        named += len(some)
    draft.state, draft.committed_at, draft.trouble = "committed", now(), ""
    draft.save(update_fields=["state", "committed_at", "trouble"])
    audit.note(subject_kind="pairing", subject_id=draft.id, changed=named)
    return named


def _named_in(draft: PairingDraft) -> QuerySet[DraftPair]:
    """Its lines that name somebody: who is left over stays as they are."""
    return DraftPair.objects.filter(draft_id=draft.id, account_id__isnull=False)


def _changing_in(draft: PairingDraft) -> QuerySet[DraftPair]:
    return _named_in(draft).exclude(
        present_account_id__isnull=False, account_id=F("present_account_id")
    )


def _as_before(draft: PairingDraft) -> QuerySet[DraftPair]:
    """Those of them whose stay and contact person are what the proposal was made from."""
    present = ContactPerson.objects.filter(
        case_id=OuterRef("case_id"), valid_to__isnull=True, is_interim=False
    )
    return (
        _named_in(draft)
        .filter(case__state=CaseState.PLACED, case__ended_on__isnull=True)
        .annotate(
            kept_by=Coalesce(Subquery(present.values("account_id")), _NOBODY),
            was_kept_by=Coalesce(F("present_account_id"), _NOBODY),
        )
        .filter(kept_by=F("was_kept_by"))
    )


def _gone(by: Actor, draft: PairingDraft) -> set[UUID]:
    """Who is to be named and has no place here any more."""
    chosen = set(_changing_in(draft).values_list("account_id", flat=True).distinct())
    if not chosen:
        return set()
    return {one for one in chosen if one} - {
        one.account_id for one in queries.carers_for(by, draft.path)
    }


def _present_of(lines: QuerySet[DraftPair]) -> QuerySet[ContactPerson]:
    """The present contact persons of the members of these lines."""
    of_line = Exists(lines.filter(case_id=OuterRef("case_id")))
    return ContactPerson.objects.filter(of_line, valid_to__isnull=True)


def _lock_present(draft: PairingDraft) -> None:
    rows = _present_of(_named_in(draft)).order_by("case_id").select_for_update()
    list(rows.values_list("id", flat=True))


def _repin(draft: PairingDraft) -> None:
    """Who stays is pinned, or no longer, as the proposal says."""
    for is_pinned in (True, False):
        lines = _named_in(draft).filter(is_pinned=is_pinned)
        same = Exists(lines.filter(case_id=OuterRef("case_id"), account_id=OuterRef("account_id")))
        rows = ContactPerson.objects.filter(same, valid_to__isnull=True, is_pinned=not is_pinned)
        rows.update(is_pinned=is_pinned)


def _end(by: Actor, draft: PairingDraft) -> None:
    ending = _present_of(_changing_in(draft))
    if draft.hand_over_note and draft.leaving_account_id:
        of_leaver = ending.filter(account_id=draft.leaving_account_id)
        of_leaver.update(hand_over_note=draft.hand_over_note)
    ending.update(valid_to=by.today)


def _name(named: Sequence[ContactPerson]) -> None:
    """Whom nobody kept in touch with until now has no row to lock: of two proposals at the same
    moment the second finds the first one's."""
    leaving.note_stand_ins(named)
    try:
        with transaction.atomic():
            insert_rows(named)
    except IntegrityError:
        refuse(rules.may_commit(meanwhile=1))


def _new_rows(by: Actor, draft: PairingDraft) -> Iterator[ContactPerson]:
    columns = ("case_id", "case__member_id", "account_id", "name", "why", "is_pinned")
    lines = _changing_in(draft).order_by("case_id").values_list(*columns)
    # A few at a time, so that memory does not follow the lines.
    for case_id, member_id, account_id, name, why, is_pinned in lines.iterator(AT_ONCE):
        audit.note(
            subject_kind="case",
            subject_id=case_id,
            member_id=member_id,
            contact_person=str(account_id),
        )
        yield ContactPerson(
            case_id=case_id,
            account_id=account_id,
            name=name,
            why=on_record(queries.phrases(why))[:200],
            valid_from=by.today,
            is_pinned=is_pinned,
        )


def release_interim(case_ids: Sequence[UUID], by: Actor) -> None:
    """Who answered for a member from the place before is free from today."""
    with beyond_scope("the stay before belongs to the organisation before"):
        before = flow_queries.previous_cases(case_ids)
        rows = ContactPerson.objects.filter(case_id__any=before, valid_to__isnull=True)
        rows.update(valid_to=by.today)


def open_draft(draft_id: UUID) -> PairingDraft:
    """A proposal that is still looked at, locked. Raises Refused "working" or "decided"."""
    draft = locked(draft_id)
    refuse(rules.may_change_draft(draft.state))
    return draft


def locked(draft_id: UUID) -> PairingDraft:
    draft = PairingDraft.objects.select_for_update().filter(id=draft_id).first()
    if draft is None:
        raise NotFound("draft")
    return draft
