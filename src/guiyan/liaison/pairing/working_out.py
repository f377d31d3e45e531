"""A proposal is worked out: while somebody waits for a few members, by a job for many."""

from collections import Counter
from uuid import UUID

from django.db import transaction

from guiyan.flows import queries as flow_queries
from guiyan.kernel.assignment import SolverFailed
from guiyan.liaison.models import DraftPair, PairingDraft
from guiyan.liaison.pairing import matching, proposing, queries, rules
from guiyan.liaison.pairing.types import Carer
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.jobs import long_job
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import scoped

_ROWS_AT_ONCE = 2_000
NOT_SOLVED = "没有算出来，可能是机器内存不够。什么都没有改。请过一会儿重新提议，或按乡镇分别提议。"


@long_job("liaison.work_out", retries=2)
def work_out(*, draft_id: str) -> None:
    """Read, solve without a transaction, write: nobody waits for a lock meanwhile, and a proposal
    that was dropped in between stays dropped. Running it twice changes nothing."""
    by = Actor.system("liaison.work_out")
    with matching.solver() as ready:
        with transaction.atomic(), scoped(by.scope):
            draft = PairingDraft.objects.filter(id=draft_id, state="working").first()
            if draft is None:
                return
            try:
                asked = asked_for(by, draft)
            except Refused as refused:
                give_up(by=by, draft_id=draft.id, trouble=refused.message)
                return
        try:
            found = proposing.answered(asked, ready)
        except SolverFailed:
            give_up(by=by, draft_id=draft.id, trouble=NOT_SOLVED)
            return
    show(by=by, draft_id=draft.id, found=found)


def asked_for(by: Actor, draft: PairingDraft) -> proposing.Asked:
    """All placed members at and below the draft's organisation, or those of whoever leaves.

    Raises Refused "nobody-placed" or "nobody-there".
    """
    carers = [one for one in queries.carers_for(by, draft.path) if one.takes_members or one.is_away]
    cases = flow_queries.facts_of(queries.placed_at(by, draft.path))
    present = queries.present_rows([case.id for case in cases])
    loads = Counter[UUID]()
    if draft.leaving_account_id is not None:
        leaving = draft.leaving_account_id
        cases = [c for c in cases if c.id in present and present[c.id].account_id == leaving]
        present = {case.id: present[case.id] for case in cases}
        carers = [one for one in carers if one.account_id != leaving]
        loads = queries.loads_of(by, [one.account_id for one in carers])
        for row in present.values():
            row.is_pinned = False  # who leaves can't be kept
    refuse(rules.may_propose(members=len(cases), carers=len(carers)))
    return proposing.asked(by, cases, _each_once(carers), present, loads=loads)


def _each_once(carers: list[Carer]) -> list[Carer]:
    """Somebody with grants at two organisations is one person with one limit."""
    return list({one.account_id: one for one in reversed(carers)}.values())[::-1]


@command(Permission.PAIR_MEMBERS)
def show(*, by: Actor, draft_id: UUID, found: proposing.Proposal) -> None:
    """What was worked out stands in the proposal, to be looked at."""
    draft = PairingDraft.objects.select_for_update().filter(id=draft_id).first()
    if draft is None:
        raise NotFound("draft")
    if draft.state == "working":
        fill(draft, found)
        audit.note(subject_kind="pairing", subject_id=draft.id, members=len(found.pairs))


@command(Permission.PAIR_MEMBERS)
def give_up(*, by: Actor, draft_id: UUID, trouble: str) -> None:
    """Nothing could be proposed; the page says why."""
    PairingDraft.objects.filter(id=draft_id, state="working").update(
        state="failed", trouble=trouble[:200]
    )
    audit.note(subject_kind="pairing", subject_id=draft_id)


def fill(draft: PairingDraft, found: proposing.Proposal) -> None:
    """The lines of a proposal, and its figures."""
    DraftPair.objects.bulk_create(
        (_row(draft, pair) for pair in found.pairs), batch_size=_ROWS_AT_ONCE
    )
    draft.state, draft.gap, draft.total_km = "open", found.gap, found.total_km
    draft.save(update_fields=["state", "gap", "total_km"])


def _row(draft: PairingDraft, pair: proposing.Proposed) -> DraftPair:
    present = pair.present
    return DraftPair(
        draft=draft,
        case_id=pair.case.id,
        present_account_id=present.account_id if present and not present.is_interim else None,
        present_name=present.name if present else "",
        account_id=pair.carer.account_id if pair.carer else None,
        name=pair.carer.name if pair.carer else "",
        km=pair.km,
        why=queries.kept(pair.reasons),
        others=[
            {"account": str(one.account_id), "name": one.name, "why": queries.kept(one.reasons)}
            for one in pair.others
        ],
        is_pinned=pair.is_pinned,
    )
