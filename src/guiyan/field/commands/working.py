"""Operations that have been read go their way: applied kind by kind, held, or before a person."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from guiyan.field import receipts
from guiyan.field.commands.unpacking import Sent
from guiyan.field.models import WaitingOperation
from guiyan.field.offline import (
    AreaOwner,
    Operation,
    OperationKind,
    Outcome,
    operation_kinds,
    packet_kinds,
)
from guiyan.field.packets import read_packet_token
from guiyan.field.receipts import Result
from guiyan.field.rules import reading, routing
from guiyan.field.rules.routing import Right
from guiyan.field.types import Sender
from guiyan.kernel.boxes import key_id_of
from guiyan.kernel.crypto import BoxBroken, KeyMissing
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Conflict, Forbidden, NotFound, Refused
from guiyan.platform.keys import key_ring
from guiyan.platform.scope import beyond_scope, scoped

log = logging.getLogger(__name__)

BOOKKEEPING = "receipts and what waits are kept wherever the area is now"


@dataclass(slots=True)
class Work:
    """What one sender's operations are weighed with, and what has become of them so far.

    `packets` is None for operations whose packet was looked at when they came in.
    """

    by: Actor
    sender: Sender
    now: datetime
    packets: Mapping[str, str] | None
    states: dict[UUID, str] = field(default_factory=dict)
    outcomes: dict[UUID, Outcome] = field(default_factory=dict)
    _areas: dict[str, frozenset[UUID]] = field(default_factory=dict)
    _tokens: dict[tuple[str, UUID], Literal["good", "missing", "forged", "expired"]] = field(
        default_factory=dict
    )

    def reason_against(self, sent: Sent) -> str:
        """Why a person has to look first; empty when it may be applied."""
        kind, area_id = sent.kind, sent.envelope.area_id
        needs_area = bool(kind.area_kind)
        has_area = needs_area and area_id is not None and area_id in self._areas_of(kind)
        packet = self._packet_of(kind, area_id) if needs_area and area_id else "missing"
        right = Right(
            standing=self.sender.standing,
            may=self.by.may(kind.permission),
            needs_area=needs_area,
            has_area=has_area,
            packet=packet,
            carried_unsigned=self.sender.carried_unsigned,
        )
        return routing.quarantine_reason(right)

    def _areas_of(self, kind: OperationKind) -> frozenset[UUID]:
        if kind.area_kind not in self._areas:
            packet = packet_kinds.get(kind.area_kind)
            may = packet is not None and self.by.may(packet.permission)
            with scoped(self.by.scope):
                areas = packet.areas_for(self.by) if packet and may else ()
            self._areas[kind.area_kind] = frozenset(area.id for area in areas)
        return self._areas[kind.area_kind]

    def _packet_of(
        self, kind: OperationKind, area_id: UUID
    ) -> Literal["good", "missing", "forged", "expired"]:
        if self.packets is None:
            return "good"
        place = (kind.area_kind, area_id)
        if place not in self._tokens:
            token = self.packets.get(str(area_id), "")
            self._tokens[place] = read_packet_token(token, kind.area_kind, area_id, self.now)
        return self._tokens[place]


def work_through(work: Work, operations: Sequence[Sent]) -> list[WaitingOperation]:
    """Apply what may be applied, each after its predecessor; answers with what has to wait.

    What becomes of each is in `work.outcomes`. A chain inside the batch is followed link by link.
    """
    reasons = {sent.id: work.reason_against(sent) for sent in operations}
    _learn_predecessors(work, operations)
    pending = list(operations)
    while ready := [s for s in pending if _way(work, s, reasons[s.id]).route == "apply"]:
        taken = {sent.id for sent in ready}
        pending = [sent for sent in pending if sent.id not in taken]
        for operation_id, outcome in apply_in_order(work.by, work.sender, ready).items():
            work.outcomes[operation_id] = outcome
            if outcome.state != "refused":
                work.states[operation_id] = outcome.state
    waiting = []
    for sent in pending:
        way = _way(work, sent, reasons[sent.id])
        state = "held" if way.route == "hold" else "quarantined"
        waiting.append(_waiting(work, sent, state, way.code, {}))
    for sent in operations:
        found = work.outcomes.get(sent.id)
        if found and found.state in {"conflict", "quarantined"}:
            code = found.detail_code or found.state
            waiting.append(_waiting(work, sent, found.state, code, found.kept))
    work.states.update({row.id: row.state for row in waiting})
    return waiting


def keep_waiting(rows: Sequence[WaitingOperation]) -> None:
    """Nothing is lost: what waits is kept as it was sent, its sealed part still sealed."""
    with beyond_scope(BOOKKEEPING):
        WaitingOperation.objects.bulk_create(rows)


def close_superseded(work: Work, operations: Iterable[Sent]) -> dict[UUID, Result]:
    """A mistake that still waits is closed by the operation that replaces it, if it is the same
    person's. Answers with the new outcome of what was replaced."""
    replaced = {
        sent.envelope.supersedes
        for sent in operations
        if sent.envelope.supersedes and work.states.get(sent.id) in routing.IS_DONE
    }
    if not replaced:
        return {}
    with beyond_scope(BOOKKEEPING):
        rows = WaitingOperation.objects.filter(
            id__in=replaced, account_id=work.sender.account_id
        ).exclude(state="decided")
        ids = list(rows.values_list("id", flat=True))
        rows.update(state="decided", decision="superseded", decided_at=work.now)
    return dict.fromkeys(ids, Result("superseded"))


def apply_in_order(
    by: Actor, sender: Sender, operations: Sequence[Sent], chosen: frozenset[str] | None = None
) -> dict[UUID, Outcome]:
    """Hand each kind its operations at once, in their order; one that fails spoils no other."""
    outcomes: dict[UUID, Outcome] = {}
    for code in dict.fromkeys(sent.kind.code for sent in operations):
        kind = operation_kinds[code]
        opened: list[Operation] = []
        for sent in operations:
            if sent.kind.code != code:
                continue
            operation = _opened(sent, sender, chosen)
            if operation is None:
                outcomes[sent.id] = Outcome("quarantined", detail_code="sealed-unreadable")
            else:
                opened.append(operation)
        outcomes.update(_apply_kind(by, kind, opened))
    return outcomes


def _apply_kind(by: Actor, kind: OperationKind, operations: list[Operation]) -> dict[UUID, Outcome]:
    if not operations:
        return {}
    try:
        with transaction.atomic(), scoped(by.scope):
            outcomes = list(kind.apply(by, operations))
    except (Refused, NotFound, Forbidden, Conflict, DataError, IntegrityError, ValueError,
            TypeError, LookupError) as error:  # fmt: skip
        if len(operations) > 1:
            return {
                key: outcome
                for one in operations
                for key, outcome in _apply_kind(by, kind, [one]).items()
            }
        outcomes = [_outcome_of(error, kind)]
    if len(outcomes) != len(operations):
        raise RuntimeError(f"{kind.code} answered {len(outcomes)} of {len(operations)}")
    return {one.id: outcome for one, outcome in zip(operations, outcomes, strict=True)}


def _outcome_of(error: Exception, kind: OperationKind) -> Outcome:
    """What a failure of one operation means; the phone keeps only what a person can mend there."""
    if isinstance(error, Refused):
        return Outcome("refused", detail_code=error.code, kept={"message": error.message})
    if isinstance(error, Conflict):
        return Outcome("conflict", detail_code="changed-meanwhile")
    if isinstance(error, NotFound):
        return Outcome("quarantined", detail_code="not-there")
    if isinstance(error, Forbidden):
        return Outcome("quarantined", detail_code="role-ended")
    log.error("operation of kind %s failed: %s", kind.code, type(error).__name__)
    return Outcome("quarantined", detail_code="fault")


def _opened(sent: Sent, sender: Sender, chosen: frozenset[str] | None) -> Operation | None:
    """The operation with its box opened; None when the box does not open. Only here is it opened."""
    envelope = sent.envelope
    opened: dict[str, str] = {}
    if envelope.sealed:
        try:
            plain = key_ring().open_box(envelope.sealed, context=f"{envelope.id}|{envelope.kind}")
            opened = {str(key): str(value) for key, value in json.loads(plain).items()}
        except (BoxBroken, KeyMissing, ValueError, AttributeError):
            return None
    return Operation(
        id=envelope.id,
        kind=envelope.kind,
        version=sent.kind.version,
        area_id=envelope.area_id,
        subject_id=envelope.subject_id,
        base_version=envelope.base_version,
        after=envelope.after,
        supersedes=envelope.supersedes,
        body=sent.body,
        opened=opened,
        device_id=sender.device_id,
        at_device=reading.moment(envelope.at_device),
        skew_s=sent.skew_s,
        chosen=chosen,
    )


def _learn_predecessors(work: Work, operations: Sequence[Sent]) -> None:
    own = {sent.id for sent in operations}
    named = {i for s in operations for i in (s.envelope.after, s.envelope.supersedes) if i}
    with beyond_scope(BOOKKEEPING):
        found = receipts.known(named - own) if named - own else {}
    work.states.update({key: each.state for key, each in found.items()})


def _way(work: Work, sent: Sent, reason: str) -> routing.Way:
    """First its predecessor; then what it replaces has to be known, whatever became of that."""
    states, envelope = work.states, sent.envelope
    way = routing.way_of(reason, after=envelope.after, states=states)
    if way.route == "apply" and envelope.supersedes and envelope.supersedes not in states:
        return routing.Way("hold", "predecessor-missing")
    return way


def _waiting(
    work: Work, sent: Sent, state: str, code: str, kept: dict[str, Any]
) -> WaitingOperation:
    """It waits with whoever has the area now, otherwise where the phone belongs."""
    envelope, sender = sent.envelope, work.sender
    organisation_id, path, area_id = sender.organisation_id, sender.path, envelope.area_id
    owner = _owner_now(sent)
    if owner is not None:
        organisation_id, path = owner.organisation_id, owner.path
        area_id = owner.area_id or area_id
    is_after_met = envelope.after is None or work.states.get(envelope.after) in routing.IS_DONE
    needed = envelope.supersedes if is_after_met else envelope.after
    return WaitingOperation(
        id=envelope.id,
        state=state,
        code=code,
        kind=envelope.kind,
        organisation_id=organisation_id,
        path=path,
        area_id=area_id,
        subject_id=envelope.subject_id,
        after=needed,
        account_id=sender.account_id,
        account_name=sender.account_name,
        device_id=sender.device_id,
        key_id=key_id_of(envelope.sealed)[:8],
        sent=sent.given,
        kept=kept,
        skew_s=sent.skew_s,
        received_at=sent.received_at,
    )


def _owner_now(sent: Sent) -> AreaOwner | None:
    """Who has the subject now, or the area in which it was."""
    packet, area_id = packet_kinds.get(sent.kind.area_kind), sent.envelope.area_id
    with beyond_scope("the new owner of an area may stand elsewhere"):
        owner = sent.kind.owner_of(sent.envelope.subject_id)
        if owner is None and packet and area_id:
            owner = packet.owner_of(area_id)
    return owner


def results_of(work: Work, operations: Sequence[Sent]) -> dict[UUID, Result]:
    """For the receipts: what became of each that was not refused."""
    rows: dict[UUID, Result] = {}
    for sent in operations:
        outcome, state = work.outcomes.get(sent.id), work.states.get(sent.id)
        if state is not None:
            rows[sent.id] = Result(state, outcome.version if outcome else None)
    return rows


def with_codes(
    results: dict[UUID, Result], waiting: Sequence[WaitingOperation]
) -> dict[UUID, Result]:
    codes = {row.id: row.code for row in waiting}
    return {
        key: replace(each, code=codes[key]) if key in codes else each
        for key, each in results.items()
    }
