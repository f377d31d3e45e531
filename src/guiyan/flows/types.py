"""What flows hands to other rooms: facts of leads and cases, never the tables' own rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db.models import Exists

from guiyan.flows.rules import CaseState as CaseState
from guiyan.kernel.findings import Phrase
from guiyan.platform.wording import on_record, sentence

Side = Literal["home", "host", "nobody"]


@dataclass(frozen=True, slots=True)
class LeadSaid:
    """What somebody said about a possible member, in their own words; all of it optional but one."""

    name: str = ""
    phone: str = ""
    home: str = ""
    now_at: str = ""
    trade: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeadFacts:
    id: UUID
    organisation_id: UUID
    path: str
    door: str
    search_method: str
    state: str
    shown_name: str
    phone_mask: str
    suspicion: str
    dead_reason: str
    answer_by: date
    received_at: datetime
    case_id: UUID | None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One stay away from home, as both sides see it. Identity is not among the facts."""

    id: UUID
    member_id: UUID
    member_name: str
    trade: str
    state: str
    opened_from: str
    home_organisation_id: UUID | None
    home_path: str | None
    home_text: str
    home_division_code: str
    host_organisation_id: UUID | None
    host_path: str | None
    host_text: str
    host_division_code: str
    stay_division_code: str
    left_on: date | None
    left_precision: str
    reason_away: str
    has_certificate: bool | None
    search_method: str
    answers: str
    answer_by: date | None
    contact_lost_since: date | None
    opened_on: date
    claimed_on: date | None
    placed_on: date | None
    ended_on: date | None
    end_reason: str
    version: int
    is_abroad: bool

    @property
    def is_open(self) -> bool:
        return self.ended_on is None

    @property
    def is_claimed(self) -> bool:
        return self.claimed_on is not None


@dataclass(frozen=True, slots=True)
class Stay:
    """What is known of a stay when a case opens: when, why, where to or where from.

    Divisions are 12-digit codes; texts are what was written when no organisation here answers to it.
    """

    left_on: date | None = None
    left_precision: str = "day"
    reason_away: str = ""
    has_certificate: bool | None = None
    search_method: str = ""
    home_text: str = ""
    home_division_code: str = ""
    host_text: str = ""
    host_division_code: str = ""
    stay_division_code: str = ""
    is_abroad: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A branch that could take a member in, and the reason in one sentence."""

    organisation_id: UUID
    name: str
    reasons: tuple[Phrase, ...]
    km: float | None
    size: int
    has_staff: bool = True

    @property
    def why(self) -> str:
        return sentence(self.reasons)

    @property
    def why_on_record(self) -> str:
        return on_record(self.reasons)


@dataclass(frozen=True, slots=True)
class Placing:
    """One decision of a sitting: this case into this branch, for this reason."""

    case_id: UUID
    branch_id: UUID
    reason: str
    suggested_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """A meeting of placement with what it has decided so far."""

    id: UUID
    organisation_id: UUID
    held_on: date
    present: str
    decisions: tuple[Placing, ...]
    left_open: tuple[UUID, ...]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class VerifiedPaper:
    """What the code on a paper says to anybody who holds it: genuine or not, no more than printed.

    `standing` is genuine, withdrawn or expired.
    """

    standing: str
    kind: str
    number: str
    issuer_name: str
    issued_on: date
    valid_until: date | None
    masked_name: str


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """A letter, introduction or certificate with its number and what came back."""

    id: UUID
    case_id: UUID
    member_id: UUID
    member_name: str
    kind: str
    number: str
    to_text: str
    issued_on: date
    valid_until: date | None
    issued_by: str
    issuer_organisation_id: UUID
    issuer_name: str
    dues_paid_to: date | None
    reply_by: date | None
    replied_on: date | None
    reply: str
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What a register shows: a side, states, a search, a sort."""

    states: tuple[str, ...] = ()
    claimed: bool | None = None
    search: str = ""
    trade: str = ""
    overdue: bool = False
    ended: bool = False
    members: tuple[UUID, ...] | None = None  # found by a number, where that is counted and kept
    # A condition of an upper room on each case; placed members for whom it holds are left out.
    except_for: Exists | None = None


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """At most one page of cases, the cursor of the next one, and the kept counts of the register:
    {"out": {state: n}, "in": {state: n}}."""

    cases: list[CaseFacts] = field(default_factory=list)
    next_cursor: str = ""
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
