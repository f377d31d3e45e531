"""A person decides about what waits: take it over, turn it down, or choose between two values."""

from collections.abc import Sequence
from uuid import UUID

from guiyan.field import queries, receipts
from guiyan.field.commands.holding import begin_deciding, hold
from guiyan.field.commands.receiving import release_followers, sender_of
from guiyan.field.commands.speaking import open_notes
from guiyan.field.commands.unpacking import Sent, read_again
from guiyan.field.commands.working import BOOKKEEPING, apply_in_order
from guiyan.field.models import WaitingOperation
from guiyan.field.offline import Outcome, operation_kinds
from guiyan.field.receipts import Result
from guiyan.field.rules.routing import IS_DONE
from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform import audit, clock
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Refused
from guiyan.platform.scope import beyond_scope

_MUST_CHOOSE = _("这一条两边填的不一样，要到“冲突”里逐项选定。")
_NO_FIELD = _("要选的项目不在这一条里。请刷新页面后重选。")


@command(None)
def accept(*, by: Actor, operation_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What came too late, or from who may no more, counts as the person's who takes it over.

    Answers with the state of each: applied, or still waiting with a new reason. Raises NotFound
    for what is not theirs; Refused("must-choose") for a conflict with two values.
    """
    rows = _begun(by, operation_ids, ("quarantined", "conflict", "held"))
    if any(row.state == "conflict" and row.kept for row in rows):
        raise Refused("must-choose", _MUST_CHOOSE)
    states = {row.id: _apply(by, row, None, "accepted") for row in rows}
    for row in rows:
        audit.note(subject_kind="operation", subject_id=row.id, state=states[row.id])
    release_followers(by=by, of=[key for key, state in states.items() if state in IS_DONE])
    return states


@command(None)
def decline(*, by: Actor, operation_ids: Sequence[UUID], reason: str) -> None:
    """Turned down with a reason; the phone is told, and what was sent is kept for thirty days."""
    rows = _begun(by, operation_ids, ("quarantined", "conflict", "held"))
    conflicts = [row for row in rows if row.state == "conflict"]
    for row in rows:
        _close(by, row, "declined", told=reason)
        audit.note(subject_kind="operation", subject_id=row.id, kind=row.kind)
    with beyond_scope(BOOKKEEPING):
        receipts.settle({row.id: Result("declined", None, row.code) for row in rows})
    with beyond_scope("what followed a link that was turned down goes before a person too"):
        WaitingOperation.objects.filter(state="held", after__in=[row.id for row in rows]).update(
            state="quarantined", code="predecessor-declined"
        )
    for code in {row.kind for row in conflicts} & operation_kinds.keys():
        operation_kinds[code].turned_down(by, [row.id for row in conflicts if row.kind == code])


@command(None)
def choose(*, by: Actor, operation_id: UUID, take: Sequence[str]) -> str:
    """Of each field in conflict a person takes one value: those named come from the phone, the
    others stay as they are here. Raises NotFound, Refused("no-such-field")."""
    (row,) = _begun(by, [operation_id], ("conflict",))
    if not set(take) <= set(row.kept):
        raise Refused("no-such-field", _NO_FIELD)
    audit.note(subject_kind="operation", subject_id=row.id, taken=sorted(take))
    state = _apply(by, row, frozenset(take), "chosen")
    if state in IS_DONE:
        release_followers(by=by, of=[row.id])
    return state


def _begun(by: Actor, ids: Sequence[UUID], states: Sequence[str]) -> list[WaitingOperation]:
    """These and whatever is touched with them, locked in the one order."""
    begin_deciding()
    rows = queries.decidable(by, ids, states)
    hold([each for row in rows if isinstance(each := read_again(row), Sent)])
    return rows


def _apply(by: Actor, row: WaitingOperation, chosen: frozenset[str] | None, decision: str) -> str:
    """Apply as the person who decides. What was not in conflict is taken along with the choice."""
    sent = read_again(row)
    if not isinstance(sent, Sent):
        return _wait_on(row, Outcome("quarantined", detail_code=sent.code))
    if chosen is not None:
        chosen |= frozenset(sent.envelope.body) - frozenset(row.kept)
    sender, _actor = sender_of(row.device_id)
    outcome = apply_in_order(by, sender, [sent], chosen)[row.id]
    if outcome.state not in IS_DONE:
        return _wait_on(row, outcome)
    _close(by, row, decision)
    with beyond_scope(BOOKKEEPING):
        receipts.settle({row.id: Result(outcome.state, outcome.version)})
    open_notes([row.id])
    return outcome.state


def _wait_on(row: WaitingOperation, outcome: Outcome) -> str:
    """It could not be applied: it stays, with what stands against it now."""
    row.state = "conflict" if outcome.state == "conflict" else "quarantined"
    row.code = outcome.detail_code or outcome.state
    row.kept = outcome.kept if outcome.state == "conflict" else {}
    row.save(update_fields=["state", "code", "kept"])
    with beyond_scope(BOOKKEEPING):
        receipts.settle({row.id: Result(row.state, None, row.code)})
    return row.state


def _close(by: Actor, row: WaitingOperation, decision: str, told: str = "") -> None:
    row.state, row.decision, row.told = "decided", decision, told[:200]
    row.decided_at, row.decided_by = clock.now(), by.name
    row.save(update_fields=["state", "decision", "told", "decided_at", "decided_by"])
