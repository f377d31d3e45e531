"""What upper rooms hear of cases: a member has been placed, or went on to another place."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MemberPlaced:
    """A branch has taken the member in; it may be another one than before."""

    case_id: UUID


@dataclass(frozen=True, slots=True)
class MemberMovedOn:
    """One stay has ended and the next begun; what hangs on the member goes along."""

    case_id: UUID
    next_case_id: UUID


@dataclass(frozen=True, slots=True)
class CaseAdvanced:
    """A case went one step on, whichever: what is due about it is looked at anew."""

    case_id: UUID


@dataclass(frozen=True, slots=True)
class CasesGone:
    """Cases were taken back or erased: nothing is due about them any more."""

    case_ids: tuple[UUID, ...]
