"""Where an operation goes that was read: applied, held, or before a person; nothing is lost.

Sources: fieldwork.md §6 (receipts, chains, reassignment), trust.md F11–F18. Each answer has a code
that the phone and the pages put into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

HELD_FOR = timedelta(days=5)  # fieldwork.md §6: as ODK does, then a conflict for a person
RECEIPTS_KEPT = timedelta(days=200)  # at least 180
SENT_KEPT_AFTER_DECISION = timedelta(days=30)
PACKET_LASTS = timedelta(days=21)
# A batch of 200 and a page of 100 are each a call: three weeks of work are some dozens.
CALLS_OF_A_PHONE = (600, timedelta(minutes=10))
SILENT_AFTER = timedelta(days=3)  # not heard of for so long: supervision asks

Standing = Literal["live", "revoked", "expired", "without_role"]
Route = Literal["apply", "hold", "quarantine"]

IS_DONE = frozenset({"applied", "merged", "superseded"})
# A predecessor that a person turned down stops the chain: its followers go before a person too.
IS_STOPPED = frozenset({"declined"})


@dataclass(frozen=True, slots=True)
class Way:
    """What happens with an operation, and why."""

    route: Route
    code: str = ""


@dataclass(frozen=True, slots=True)
class Right:
    """What is known of the sender's right to one operation."""

    standing: Standing
    may: bool
    needs_area: bool
    has_area: bool
    packet: Literal["good", "missing", "forged", "expired"]
    carried_unsigned: bool = False


def quarantine_reason(right: Right) -> str:
    """Why a person has to look first; empty when the operation may be applied (F16, F18)."""
    if right.standing == "revoked":
        return "device-lost"
    if right.carried_unsigned:
        return "handover-unsigned"
    if right.standing != "live" or not right.may:
        return "role-ended"
    if right.needs_area and not right.has_area:
        return "area-reassigned"
    if right.needs_area and right.packet != "good":
        return f"packet-{right.packet}"
    return ""


def way_of(reason: str, *, after: UUID | None, states: Mapping[UUID, str]) -> Way:
    """An operation waits for its predecessor; what comes out of order is held and shown."""
    if reason:
        return Way("quarantine", reason)
    if after is None or states.get(after) in IS_DONE:
        return Way("apply")
    if states.get(after) in IS_STOPPED:
        return Way("quarantine", "predecessor-declined")
    return Way("hold", "predecessor-waits" if after in states else "predecessor-missing")


def has_waited_too_long(received_at: datetime, now: datetime) -> bool:
    """After five days nobody waits for the missing link any more: a person decides."""
    return now - received_at > HELD_FOR
