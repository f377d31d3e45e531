"""What a due is: owed within a window, done by an act, never twice for one period."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class DueState(StrEnum):
    """Where a due stands on a day; nothing is written when a day passes."""

    WAITING = "waiting"
    OPEN = "open"
    OVERDUE = "overdue"
    EXPIRED = "expired"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class NewDue:
    """What is owed, about whom, by whom, and within which window. `period` names the stretch of
    time for which it is owed, and together with kind and subject it is the due's key."""

    kind: str
    case_id: UUID | None
    subject_kind: str
    subject_id: UUID
    organisation_id: UUID
    path: str
    owner_account_id: UUID | None
    opens_on: date
    due_on: date
    expires_on: date | None
    period: str
    source: str = ""


def state_on(
    day: date, *, opens_on: date, due_on: date, expires_on: date | None, closing: str
) -> DueState:
    """Waits until it opens, is owed up to and including the due day, overdue from the day after,
    and asked for by nobody after it has expired."""
    if closing:
        return DueState(closing)
    if day < opens_on:
        return DueState.WAITING
    if day <= due_on:
        return DueState.OPEN
    if expires_on is None or day <= expires_on:
        return DueState.OVERDUE
    return DueState.EXPIRED


def is_overdue_on(day: date, due_on: date, expires_on: date | None) -> bool:
    """The same for counting: between the due day and the last day on which it is asked for."""
    return due_on < day and (expires_on is None or day <= expires_on)


def why_not_a_window(due: NewDue) -> str:
    """Empty when opens ≤ due ≤ expires; otherwise what is wrong, for whoever writes a kind."""
    if due.opens_on > due.due_on:
        return "opens after it is due"
    if due.expires_on is not None and due.expires_on < due.due_on:
        return "expires before it is due"
    return ""
