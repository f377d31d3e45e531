"""A phone's operations are taken in: once each, whoever brings them and however often."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guiyan.access import handsets
from guiyan.field import receipts
from guiyan.field.commands.holding import hold, hold_followers
from guiyan.field.commands.speaking import await_notes, open_notes
from guiyan.field.commands.unpacking import Sent, read_again, read_one
from guiyan.field.commands.working import (
    BOOKKEEPING,
    Work,
    close_superseded,
    keep_waiting,
    results_of,
    with_codes,
    work_through,
)
from guiyan.field.models import DeviceState, WaitingOperation
from guiyan.field.rules import reading
from guiyan.field.rules.routing import IS_DONE, Standing
from guiyan.field.types import Answer, Batch, Sender
from guiyan.orgs.commands import keep_tree_still
from guiyan.platform import audit, clock
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import ComeLater, Refusal
from guiyan.platform.keys import key_ring
from guiyan.platform.scope import beyond_scope
from guiyan.platform.turns import wait_for_turn

# 200 means done, 202 that it was taken in and waits, 409 that the id was used for something else.
STATUS = {"applied": 200, "merged": 200, "superseded": 200, "refused": 422, "different": 409}
TAKEN_IN = 202
_PURPOSE = "field-operation"
_PHONE = "field.phone."  # its own push, and a file of it that somebody carries, one after the other


@command(None)
def receive(*, by: Actor, sender: Sender, batch: Batch) -> list[Answer]:
    """Each operation has one outcome, however often and from how many sides it comes (F11, F12).

    The receipt is written in the same transaction as the effect. What may not be applied waits for
    a person; what can't be read stays on the phone and uses up no receipt.
    """
    now = clock.now()
    skew = reading.skew_s(batch.clock, now)
    sent, answers = _read(batch, now, skew)
    _stand_still(sender)
    wait_for_turn(f"{_PHONE}{sender.device_id}")
    fresh, repeated = _claim(sent, sender, skew, now)
    hold(fresh)
    work = Work(by, sender, now, batch.packets)
    waiting = work_through(work, fresh)
    keep_waiting(waiting)
    await_notes(sender, [sent for sent in fresh if sent.id in work.states])
    closed = close_superseded(work, fresh)
    with beyond_scope(BOOKKEEPING):
        receipts.give_back(s.id for s in fresh if s.id not in work.states)
        receipts.settle(with_codes(results_of(work, fresh), waiting) | closed)
        _heard_of(sender, batch, skew, now)
    for row in waiting:
        audit.note(subject_kind="operation", subject_id=row.id, state=row.state, code=row.code)
    audit.note(subject_kind="handset", subject_id=sender.device_id, received=len(fresh),
               repeated=len(repeated), carried=sender.carried)  # fmt: skip
    release_followers(by=by, of=[s.id for s in fresh if work.states.get(s.id) in IS_DONE])
    codes = {row.id: row.code for row in waiting}
    for place, each in sent:
        if place in repeated:
            answers[place] = repeated[place]
        elif each.id in work.states:
            answers[place] = _taken(place, each.id, work, codes.get(each.id, ""))
        else:
            answers[place] = _refused(place, each.id, work)
    return [answers[place] for place in sorted(answers)]


def _stand_still(sender: Sender) -> None:
    """Nothing moves under a batch; a phone whose place has just moved comes again from there."""
    keep_tree_still()
    if handsets.handset(sender.device_id).path != sender.path:
        raise ComeLater(1)


def _read(
    batch: Batch, now: datetime, skew: int
) -> tuple[list[tuple[int, Sent]], dict[int, Answer]]:
    """Each operation by itself, in the order in which they came; refusals are answered at once."""
    read: list[tuple[int, Sent]] = []
    answers: dict[int, Answer] = {}
    for place, given in enumerate(batch.operations):
        sent = read_one(given, now, skew)
        if isinstance(sent, Refusal):
            status = 413 if sent is reading.TOO_LARGE else 422
            answers[place] = Answer(
                place, reading.id_of(given), status, "refused", sent.code, _(sent.message)
            )
        else:
            read.append((place, sent))
    return read, answers


def _claim(
    sent: Sequence[tuple[int, Sent]], sender: Sender, skew: int, now: datetime
) -> tuple[list[Sent], dict[int, Answer]]:
    """Those that nobody took up before; the others get the first answer, or 409."""
    digests = {place: _digests(each) for place, each in sent}
    first: dict[UUID, int] = {}
    for place, each in sent:
        first.setdefault(each.id, place)
    claims = [
        receipts.Claim(s.id, digests[p][0], s.kind.code, reading.moment(s.envelope.at_device))
        for p, s in sent
        if first[s.id] == p
    ]
    with beyond_scope(BOOKKEEPING):
        own = receipts.claim(claims, sender=sender, batch_id=uuid4(), skew_s=skew, now=now)
        before = receipts.known({each.id for _, each in sent} - own)
    fresh: list[Sent] = []
    repeated: dict[int, Answer] = {}
    for place, each in sent:
        if each.id in own and first[each.id] == place:
            fresh.append(each)
        else:
            known = before.get(each.id)
            same = known.digest if known else digests[first[each.id]][0]
            repeated[place] = _repeat(place, each.id, known, is_same=same in digests[place])
    return fresh, repeated


def _repeat(
    place: int, operation_id: UUID, known: receipts.Known | None, *, is_same: bool
) -> Answer:
    if not is_same:
        refusal = reading.DIFFERENT
        return Answer(place, operation_id, 409, "different", refusal.code, _(refusal.message))
    if known is None:  # twice in one batch: the first stands there with its outcome
        return Answer(place, operation_id, 200, "repeated", is_replay=True)
    status = STATUS.get(known.state, TAKEN_IN)
    return Answer(
        place, operation_id, status, known.state, known.code, version=known.version, is_replay=True
    )


def _taken(place: int, operation_id: UUID, work: Work, code: str) -> Answer:
    state, outcome = work.states[operation_id], work.outcomes.get(operation_id)
    return Answer(
        place,
        operation_id,
        STATUS.get(state, TAKEN_IN),
        state,
        code or (outcome.detail_code if outcome else ""),
        version=outcome.version if outcome else None,
        kept=dict(outcome.kept) if outcome else {},
    )


def _refused(place: int, operation_id: UUID, work: Work) -> Answer:
    outcome = work.outcomes[operation_id]
    message = str(outcome.kept.get("message", reading.INVALID.message))
    return Answer(place, operation_id, 422, "refused", outcome.detail_code, _(message))


def _digests(sent: Sent) -> tuple[bytes, ...]:
    """Keyed hashes, under the newest key first: what was sent can't be guessed back from a receipt."""
    return key_ring().blind_indexes(reading.canonical(sent.given).decode(), purpose=_PURPOSE)


def _heard_of(sender: Sender, batch: Batch, skew: int, now: datetime) -> None:
    if sender.carried:
        return
    note_phone(sender, now, pushed_at=now, skew_s=skew, unsent=batch.unsent)


def note_phone(sender: Sender, now: datetime, **heard: object) -> None:
    """That a phone was heard of, for those who answer for its work. One statement or two."""
    DeviceState.objects.update_or_create(
        id=sender.device_id,
        defaults={
            "organisation_id": sender.organisation_id,
            "path": sender.path,
            "account_id": sender.account_id,
            "account_name": sender.account_name,
            "description": sender.description,
            "heard_at": now,
            **heard,
        },
    )


def release_followers(*, by: Actor, of: Sequence[UUID]) -> int:
    """Operations that were held for these are applied now, each as its own sender. Chains go on
    until nothing is released any more. Answers how many were applied."""
    hold_followers(of)
    released, done = 0, list(of)
    while done:
        with beyond_scope(BOOKKEEPING):
            rows = list(
                WaitingOperation.objects.select_for_update(skip_locked=True)
                .filter(state="held", after__in=done)
                .order_by("received_at", "id")
            )
        done = []
        for device_id in dict.fromkeys(row.device_id for row in rows):
            done += _release(device_id, [row for row in rows if row.device_id == device_id])
        released += len(done)
    return released


def _release(device_id: UUID, rows: Sequence[WaitingOperation]) -> list[UUID]:
    sender, actor = sender_of(device_id)
    readable = [(row, read_again(row)) for row in rows]
    sent = [each for _row, each in readable if isinstance(each, Sent)]
    work = Work(actor, sender, clock.now(), None)
    with beyond_scope(BOOKKEEPING):
        WaitingOperation.objects.filter(id__in=[each.id for each in sent]).delete()
    waiting = work_through(work, sent)
    refused = [s for s in sent if s.id not in work.states]
    waiting += [_before_a_person(row, work) for row, each in readable if each in refused]
    keep_waiting(waiting)
    work.states.update({row.id: row.state for row in waiting})
    closed = close_superseded(work, sent)
    with beyond_scope(BOOKKEEPING):
        receipts.settle(with_codes(results_of(work, sent), waiting) | closed)
    open_notes([each.id for each in sent])
    return [s.id for s in sent if work.states.get(s.id) in IS_DONE]


def _before_a_person(row: WaitingOperation, work: Work) -> WaitingOperation:
    """Refused after it had been taken in: the phone let it go, so a person decides."""
    row.state, row.code = "quarantined", work.outcomes[row.id].detail_code
    row._state.adding = True
    return row


def sender_of(device_id: UUID) -> tuple[Sender, Actor]:
    """The phone's holder as they stand today, for work that was taken in before."""
    phone = handsets.handset(device_id)
    actor = handsets.bearer_actor(phone) if phone.revoked_at is None else None
    standing: Standing = "live" if actor else "revoked" if phone.revoked_at else "without_role"
    sender = Sender(
        device_id=phone.id,
        account_id=phone.account_id,
        account_name=phone.account_name,
        organisation_id=phone.organisation_id,
        path=phone.path,
        description=phone.description,
        standing=standing,
    )
    return sender, actor or without_rights(sender)


def without_rights(sender: Sender) -> Actor:
    """Named in the audit, standing where the phone belongs, with no permission at all."""
    nobody = Actor.public().standing_for(sender.organisation_id, sender.path, "")
    return replace(nobody, name=sender.account_name)
